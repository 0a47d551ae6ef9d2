"""The convolution stepper by mouse and by keyboard; its sums are those of helpers.convolution."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from helpers.convolution import KERNELS, convolve2d, correlate2d
from tests.browser.conftest import ROOT, Laboratory
from tests.browser.notebook_page import NotebookPage, notebook_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPT = ROOT / "helpers" / "stepper" / "stepper.js"
ROUNDED = 0.005 + 1e-9  # sums are shown with two decimals
SHOW = """import json
import numpy as np
from helpers import stepper
image = np.random.default_rng(5).random((30, 28)).round(2)
shown = stepper.show(image, kernel="vertical edges")
shown"""
TELL = (
    'print(json.dumps({name: getattr(shown, name) for name in "position kernel padding stride sum".split()}))'
)


def picture() -> np.ndarray:
    """The image that the notebook draws."""
    return np.random.default_rng(5).random((30, 28)).round(2)


def test_the_browser_computes_what_helpers_convolution_computes(page: Page) -> None:
    rng = np.random.default_rng(1)
    cases: list[dict[str, Any]] = []
    expected = []
    for _ in range(200):
        image = rng.normal(size=rng.integers(3, 14, 2)).round(2)
        kernel = rng.integers(-9, 10, (3, 3)) / 9
        padding, stride = str(rng.choice(["valid", "same"])), int(rng.integers(1, 4))
        operation, compute = (("correlation", correlate2d), ("convolution", convolve2d))[rng.integers(2)]
        given = {"image": image.tolist(), "kernel": kernel.tolist(), "padding": padding}
        cases.append(given | {"stride": stride, "operation": operation})
        expected.append(compute(image, kernel, padding, stride))
    module = "data:text/javascript;base64," + b64encode(SCRIPT.read_bytes()).decode()
    answers = page.evaluate(
        """async ([module, cases]) => {
          const { respond } = await import(module);
          return cases.map((c) => respond(c.image, c.kernel, c.padding, c.stride, c.operation));
        }""",
        [module, cases],
    )
    for case, answer, right in zip(cases, answers, expected, strict=True):
        assert np.shape(answer) == right.shape, case
        assert np.allclose(answer, right, atol=1e-12), case


def test_weights_can_be_written_as_people_write_them(page: Page) -> None:
    module = "data:text/javascript;base64," + b64encode(SCRIPT.read_bytes()).decode()
    texts = ["-1", "−1", "0,5", " .25 ", "1/9", "-2/3", "+4", "99"]
    nonsense = ["", "abc", "1/0", "1e3", "100", "--1", "1/2/3", "1.2.3", "Infinity"]
    read = page.evaluate(
        """async ([module, texts]) => {
          const { readWeight } = await import(module);
          return texts.map((text) => String(readWeight(text)));
        }""",
        [module, texts + nonsense],
    )
    assert [float(one) for one in read[: len(texts)]] == [-1, -1, 0.5, 0.25, 1 / 9, -2 / 3, 4, 99]
    assert read[len(texts) :] == ["NaN"] * len(nonsense)


class Stepper:
    """What the stepper shows, and ways to use it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".convolution-stepper")
        self.pad = self.root.get_by_role("application")
        expect(self.pad).to_be_visible()

    @property
    def place(self) -> tuple[int, int]:
        row, column = re.findall(r"row (\d+), column (\d+)", self.root.locator(".sum").inner_text())[0]
        return int(row), int(column)

    @property
    def sum(self) -> float:
        text = self.root.locator(".sum b").inner_text()
        return float(re.sub(r"sum [=≈] ", "", text).replace("−", "-"))

    @property
    def filled(self) -> tuple[int, int, int]:
        """Rows and columns of the output, and how many of its pixels are filled in."""
        label = self.root.locator(".result").get_attribute("aria-label") or ""
        rows, columns, done = re.findall(r"\d+", label)
        return int(rows), int(columns), int(done)

    def shows(self, output: np.ndarray) -> None:
        """The size, and the sum at the window's place, are those of an output."""
        assert self.filled[:2] == output.shape
        assert abs(self.sum - output[self.place]) <= ROUNDED
        written = "".join(self.root.locator(".written").all_inner_texts())
        factors = re.findall(r"([−\d.]+)·\(?([−\d./]+)\)?", written)
        assert len(factors) == 9
        numbers = [[_number(one) for one in pair] for pair in factors]
        assert abs(sum(pixel * weight for pixel, weight in numbers) - output[self.place]) <= ROUNDED

    def drag(self, *places: tuple[int, int]) -> None:
        """From one place of the window to the next, without padding and at stride 1."""
        box = self.pad.bounding_box()
        assert box
        for index, (row, column) in enumerate(places):
            x = box["x"] + (column + 1.5) / picture().shape[1] * box["width"]
            y = box["y"] + (row + 1.5) / picture().shape[0] * box["height"]
            self.page.mouse.move(x, y)
            if index == 0:
                self.page.mouse.down()
        self.page.mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, label: str) -> None:
        self.root.get_by_label(label, exact=True).check()

    def write(self, weights: list[str]) -> None:
        for field, weight in zip(self.root.get_by_role("textbox").all(), weights, strict=True):
            field.fill(weight)


def _number(text: str) -> float:
    above, _, below = text.replace("−", "-").partition("/")
    return float(above) / float(below or 1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a notebook that shows the stepper."""
    folder = tmp_path_factory.mktemp("desk")
    nbformat.write(notebook_of(SHOW, TELL), folder / "stepper.ipynb")
    return folder


@pytest.fixture
def notebook(laboratory: Laboratory, own_kernel: None, page: Page) -> NotebookPage:
    opened = NotebookPage(page, laboratory, "stepper.ipynb")
    opened.run_all()
    return opened


def told_by_python(notebook: NotebookPage, **expected: Any) -> dict[str, Any]:
    """The stepper's state in the kernel, as soon as what is expected has arrived there."""
    cell = notebook.cell(TELL[:30])
    for _ in range(20):
        notebook.run(cell)
        state: dict[str, Any] = json.loads(cell.locator(".jp-OutputArea-output").inner_text())
        if all(state[name] == value for name, value in expected.items()):
            return state
    raise AssertionError(f"Python has {state}, not {expected}")


def test_the_window_is_moved_by_mouse_and_by_keyboard(
    notebook: NotebookPage, screenshot: Callable[[Page, str], Path]
) -> None:
    stepper = Stepper(notebook.page)
    output = correlate2d(picture(), KERNELS["vertical edges"].values)
    stepper.shows(output)
    assert stepper.filled == (28, 26, 1)

    stepper.drag((0, 0), (0, 23), (4, 23))
    assert stepper.place == (4, 23)
    assert stepper.filled == (28, 26, 28), "a drag fills in every pixel on its way"
    stepper.shows(output)

    stepper.press("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    assert stepper.place == (5, 24), "the edge stops the window"
    stepper.shows(output)
    spoken = stepper.root.locator('[aria-live="polite"]')
    expect(spoken).to_have_text(re.compile(r"row 5, column 24: the sum is .*\d\.$"))
    stepper.press("End")
    assert stepper.place == (27, 25)
    stepper.press("Home")
    assert stepper.place == (0, 0)
    screenshot(notebook.page, "moved")

    stepper.press(" ")
    expect(stepper.root.get_by_role("button", name="Pause")).to_be_visible()
    expect(stepper.root.locator(".sum")).not_to_contain_text("row 0, column 0")  # all 728 take 95 s
    stepper.press(" ")
    expect(stepper.root.get_by_role("button", name="Play")).to_be_visible()
    stopped = stepper.place
    stepper.root.get_by_role("button", name="Step").click()
    row, column = stepper.place
    assert row * 26 + column == stopped[0] * 26 + stopped[1] + 1
    stepper.root.get_by_role("button", name="Fill in all").click()
    assert stepper.filled == (28, 26, 728)
    stepper.shows(output)
    state = told_by_python(notebook, position=list(stepper.place))
    assert state["sum"] == pytest.approx(output[stepper.place])
    stepper.root.get_by_role("button", name="Start over").click()
    assert (stepper.place, stepper.filled) == ((0, 0), (28, 26, 1))


def test_kernel_padding_stride_and_operation_are_chosen(
    notebook: NotebookPage, screenshot: Callable[[Page, str], Path]
) -> None:
    stepper = Stepper(notebook.page)
    stepper.drag((6, 4), (6, 5))
    for name, kernel in KERNELS.items():
        stepper.root.get_by_role("combobox").select_option(name)
        stepper.shows(correlate2d(picture(), kernel.values))

    stepper.choose("same")
    stepper.choose("2")
    emboss = KERNELS["emboss"].values
    stepper.shows(correlate2d(picture(), emboss, "same", 2))
    stepper.choose("3")
    stepper.shows(correlate2d(picture(), emboss, "same", 3))
    stepper.choose("convolution (kernel turned)")
    stepper.shows(convolve2d(picture(), emboss, "same", 3))
    stepper.choose("1")
    stepper.pad.focus()
    stepper.press("End")
    stepper.shows(convolve2d(picture(), emboss, "same"))
    assert stepper.place == (29, 27), "on the padding"

    own = [[1 / 9, -1.0, 0.5], [2.0, 0.0, -0.25], [3.0, -4.0, 5.0]]
    stepper.write(["1/9", "-1", "0,5", "2", "0", "−.25", "3", "-4", "5"])
    stepper.shows(convolve2d(picture(), own, "same"))
    assert stepper.root.get_by_role("combobox").input_value() == "your own"
    before = stepper.sum
    field = stepper.root.get_by_role("textbox").nth(4)
    field.fill("abc")
    expect(stepper.root.get_by_role("alert")).to_contain_text("“abc” isn’t a weight")
    assert field.get_attribute("aria-invalid") == "true"
    assert stepper.sum == before
    screenshot(notebook.page, "own kernel")
    state = told_by_python(notebook, kernel=own)
    assert (state["padding"], state["stride"]) == ("same", 1)
    field.fill("7")
    expect(stepper.root.get_by_role("alert")).to_have_count(0)
    own[1][1] = 7
    stepper.shows(convolve2d(picture(), own, "same"))


def test_what_python_sets_is_shown_and_keys_of_jupyterlab_still_work(notebook: NotebookPage) -> None:
    stepper = Stepper(notebook.page)
    cell = notebook.page.locator(".jp-CodeCell").nth(1)
    notebook.replace(cell, "shown.kernel = np.eye(3); shown.stride = 2; shown.position = (3, 2)")
    notebook.run(cell)
    stepper.shows(correlate2d(picture(), np.eye(3), stride=2))
    assert stepper.place == (3, 2)

    stepper.pad.click()
    cells = notebook.page.locator(".jp-CodeCell").count()
    stepper.press("ArrowUp", "a", "d", "d", "x")
    assert notebook.page.locator(".jp-CodeCell").count() == cells, (
        "a key meant for the window changed the notebook"
    )
    tab = notebook.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="stepper.ipynb")
    expect(tab).to_have_class(re.compile("jp-mod-dirty"))
    notebook.page.keyboard.press("Control+S")
    expect(tab).not_to_have_class(re.compile("jp-mod-dirty"))
