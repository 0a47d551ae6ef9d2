"""The game in a real Chromium: before a fake camera that shows drawn hands, and without one."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from helpers import datasets, game
from helpers.commands.saving import LIVE
from helpers.datasets import Dataset, catalog, drawn
from helpers.datasets.folder import data_folder
from helpers.game import SIGNS
from helpers.game.rules import Match, outcome
from tests.browser.conftest import CHROMIUM_FLAGS, ROOT, Laboratory, chromium
from tests.browser.hands_video import write_video
from tests.browser.notebook_page import NotebookPage, notebook_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPT = ROOT / "helpers" / "game" / "game.js"
FAKE = "--use-fake-device-for-media-stream"
SEED = 4
HANDS = 6
SECONDS_EACH = 1.5
MOST_ROUNDS = 15
LEVELS = 3.0  # mean difference in grey levels that video may make
LOAD = """from helpers import environment, game
environment.prepare(seed=1)
import keras
model = keras.saving.load_model("model.keras")"""
PLAY = f"match = game.play(model, seed={SEED})\nmatch"
RETRAIN = """x, y = game.my_signs()
print(x.shape, y.tolist(), match.score)"""
# Keeps what the browser gives of the camera, so that a test can see whether it was let go.
TRACKS = """
window.tracks = [];
const devices = navigator.mediaDevices;
const give = devices?.getUserMedia.bind(devices);
if (give) devices.getUserMedia = async (wish) => {
  const stream = await give(wish);
  window.tracks.push(...stream.getTracks());
  return stream;
};
"""


@pytest.fixture(autouse=True, scope="module")
def _patience() -> Iterator[None]:
    """On a busy machine an answer may take longer than the five seconds that Playwright gives it."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def hands() -> Dataset:
    return datasets.load("rps", "bundled", quiet=True)


@pytest.fixture(scope="module")
def model(hands: Dataset) -> Any:
    """A small network, trained for a few seconds."""
    import keras

    keras.utils.set_random_seed(1)
    trained = keras.Sequential(
        [
            keras.layers.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 3, strides=2, activation="relu"),
            keras.layers.Conv2D(16, 3, strides=2, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    trained.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    trained.fit(hands.x_train, hands.y_train, epochs=5, batch_size=64, verbose=0)
    return trained


@pytest.fixture(scope="module")
def shown(hands: Dataset, model: Any) -> list[int]:
    """Test images for the camera, two of each sign in turn: those that the model reads with most ease."""
    probabilities = model.predict(hands.x_test, verbose=0)
    surest = np.argsort(-probabilities, axis=0)  # for each sign, a column
    rows = [int(surest[place // 3, place % 3]) for place in range(HANDS)]
    assert [hands.y_test[row] for row in rows] == [0, 1, 2, 0, 1, 2], "the network has learned nothing"
    return rows


@pytest.fixture(scope="module")
def data_dir(hands: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of its own; the hands that have been drawn are taken over."""
    folder = tmp_path_factory.mktemp("data")
    path = drawn.cache_path(catalog.entry("rps"), data_folder())
    (folder / "bundled").mkdir()
    shutil.copy(path, folder / "bundled")
    return folder


@pytest.fixture(scope="module")
def desk(model: Any, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the model and a notebook that plays with it; JupyterLab has a data folder of its own."""
    folder = tmp_path_factory.mktemp("desk")
    model.save(folder / "model.keras")
    nbformat.write(notebook_of(LOAD, PLAY, RETRAIN), folder / "game.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_DATA_DIR", str(data_dir))
        yield folder


Open = Callable[..., NotebookPage]


@pytest.fixture
def opened(browser: Browser, laboratory: Laboratory) -> Iterator[Open]:
    """Opens the notebook in a Chromium with these flags more."""
    running = []

    def start(*flags: str) -> NotebookPage:
        chosen = browser.browser_type.launch(executable_path=chromium(), args=[*CHROMIUM_FLAGS, *flags])
        running.append(chosen)
        page = chosen.new_context(viewport={"width": 1300, "height": 1500}).new_page()
        page.set_default_timeout(60_000)
        page.add_init_script(TRACKS)
        notebook = NotebookPage(page, laboratory, "game.ipynb")
        if notebook.page.locator(".jp-CodeCell").filter(has_text="[1]:").count() == 0:
            notebook.run(notebook.cell("keras.saving"))
        notebook.run(notebook.cell("game.play"))
        return notebook

    yield start
    for chosen in running:
        chosen.close()


class Table:
    """The game on the screen, and ways to play it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".rock-paper-scissors")
        expect(self.button("Use the camera")).to_be_visible()
        self.status = self.root.locator(".status")
        self.verdict = self.root.locator(".verdict")
        self.played = 0

    def button(self, name: str, group: str = "") -> Locator:
        place = self.root.get_by_role("group", name=group) if group else self.root
        return place.get_by_role("button", name=name, exact=True)

    def pixels(self, label: str) -> np.ndarray:
        """The grey levels (28, 28) of a picture."""
        levels = self.root.get_by_label(label, exact=True).evaluate(
            """canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]
              .filter((_, at) => at % 4 === 0)"""
        )
        return np.reshape(levels, (28, 28))

    def wait_for_round(self) -> None:
        """Until the score counts one round more."""
        self.played += 1
        self.page.wait_for_function(
            """played => [...document.querySelectorAll('.score span')].slice(0, 3)
              .reduce((sum, one) => sum + Number(one.querySelector('b').textContent), 0) === played""",
            arg=self.played,
        )
        expect(self.root).not_to_have_attribute("data-busy", "")

    @property
    def score(self) -> dict[str, int]:
        parts = self.root.locator(".score span").all_inner_texts()
        return {name: int(number) for name, number in (part.rsplit(" ", 1) for part in parts[:3])}

    @property
    def probabilities(self) -> list[float]:
        return [
            float(text.removesuffix(" %")) / 100 for text in self.root.locator(".share").all_inner_texts()
        ]

    @property
    def cameras(self) -> list[str]:
        """Of every camera that was given: "live" or "ended"."""
        states: list[str] = self.page.evaluate("window.tracks.map((track) => track.readyState)")
        return states


def nearest(frame: np.ndarray, images: np.ndarray) -> tuple[int, float]:
    """Which of the images a frame is most like, and how far from it, in mean grey levels."""
    distances = np.abs(images[:, :, :, 0] * 255 - frame).mean(axis=(1, 2))
    return int(distances.argmin()), float(distances.min())


def words(read: int, computer: int) -> str:
    """The sentence that a round ends with."""
    ends = {"won": "you win!", "lost": "the computer wins.", "drawn": "nobody wins."}
    return f"{SIGNS[read].capitalize()} against {SIGNS[computer]}: {ends[outcome(read, computer)]}"


class Replay:
    """The computer's choices and the score, as they must come from the seed."""

    def __init__(self) -> None:
        self.match = Match(SEED)
        self.score = {"you": 0, "computer": 0, "drawn": 0}

    def play(self, read: int) -> str:
        """The sentence of the next round."""
        self.match.begin()
        played = self.match.decide(np.eye(3)[read])
        self.score[{"won": "you", "lost": "computer", "drawn": "drawn"}[played.outcome]] += 1
        return words(read, SIGNS.index(played.computer))


def test_the_game_is_played_before_the_camera(
    opened: Open,
    hands: Dataset,
    shown: list[int],
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    screenshot: Callable[[Page, str], Path],
) -> None:
    video = tmp_path / "hands.y4m"
    write_video(video, hands.x_test[shown], SECONDS_EACH)
    fake = [FAKE, "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={video}"]
    notebook = opened(*fake)
    table, replay = Table(notebook.page), Replay()
    assert table.cameras == [], "the camera was asked for before a button was pressed"
    table.button("Use the camera").click()
    expect(table.status).to_contain_text("The camera is on")

    met = set()
    table.button("Play a round").focus()
    while len(met) < 3:
        assert table.played < MOST_ROUNDS, f"the camera showed only {met}"
        notebook.page.wait_for_timeout(500 * (table.played % 5))  # rounds mustn't keep pace with the film
        notebook.page.keyboard.press("Enter" if table.played % 2 else " ")
        table.wait_for_round()
        which, distance = nearest(table.pixels("Your sign, as the model got it"), hands.x_test[shown])
        assert distance < LEVELS, "the camera's picture was changed on its way to the model"
        sign = int(hands.y_test[shown[which]])
        expect(table.verdict).to_have_text(replay.play(sign))
        assert table.score == replay.score
        met.add(sign)
    screenshot(notebook.page, "played")
    assert notebook.page.locator(".jp-CodeCell").count() == 3, "a key meant for the game changed the notebook"

    before_left_hand(table, hands.x_test[shown])
    saved_frames_come_back(table, notebook, hands, shown, data_dir, monkeypatch)
    the_camera_is_let_go(table, notebook)
    a_saved_notebook_shows_the_still_form(notebook, data_dir)


def before_left_hand(table: Table, images: np.ndarray) -> None:
    """A left hand is turned left to right for the model; the mirror for the player is one either way."""
    table.root.get_by_label("left hand").check()
    for _ in range(300):
        table.page.wait_for_timeout(100)
        _, distance = nearest(table.pixels("The picture as the model gets it")[:, ::-1], images)
        if distance < LEVELS:
            break
    else:
        raise AssertionError("the picture wasn't turned")
    assert "matrix(-1, 0, 0, 1, 0, 0)" in table.root.locator("video").evaluate(
        "v => getComputedStyle(v).transform"
    )
    table.root.get_by_label("left hand").uncheck()


def saved_frames_come_back(
    table: Table,
    notebook: NotebookPage,
    hands: Dataset,
    shown: list[int],
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(data_dir))
    live = "Save the live picture as"
    table.button("Paper", live).click()
    expect(table.root.locator(".saved")).to_have_text("Saved: 0 rock, 1 paper, 0 scissors.")
    table.root.get_by_label("10 in a row").check()
    table.button("Rock", live).click()
    expect(table.root.locator(".saved")).to_have_text("Saved: 10 rock, 1 paper, 0 scissors.")
    table.button("Undo the last").click()
    expect(table.root.locator(".saved")).to_have_text("Saved: 9 rock, 1 paper, 0 scissors.")
    table.button("Scissors", "Save this picture as").click()
    expect(table.root.locator(".saved")).to_have_text("Saved: 9 rock, 1 paper, 1 scissors.")
    x, y = game.my_signs(quiet=True)
    assert y.tolist() == [1, *[0] * 9, 2]
    assert all(nearest(image[:, :, 0] * 255, hands.x_test[shown])[1] < LEVELS for image in x)
    assert np.array_equal(np.rint(255 * x[-1, :, :, 0]), table.pixels("Your sign, as the model got it"))
    cell = notebook.cell("game.my_signs()")
    notebook.run(cell)
    told = cell.locator(".jp-OutputArea-output").inner_text()
    assert "my signs: 11 saved on this computer (9 rock, 1 paper, 1 scissors)" in told
    assert "(11, 28, 28, 1)" in told
    score = table.score
    assert f"Score(won={score['you']}, lost={score['computer']}, drawn={score['drawn']})" in told


def the_camera_is_let_go(table: Table, notebook: NotebookPage) -> None:
    """In the background, out of sight, by its button, and with its cell."""
    page = notebook.page
    assert table.cameras == ["live"]
    page.evaluate(
        """() => {
          Object.defineProperty(document, 'hidden', { value: true, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
          delete document.hidden;
        }"""
    )
    expect(table.status).to_contain_text("the page was in the background")
    assert table.cameras == ["ended"]
    table.button("Use the camera").click()
    expect(table.status).to_contain_text("The camera is on")
    table.button("Turn the camera off").click()
    expect(table.status).to_have_text("The camera is off.")
    table.button("Use the camera").click()
    expect(table.status).to_contain_text("The camera is on")
    table.root.evaluate("root => { root.style.display = 'none'; }")
    page.wait_for_function("() => window.tracks.every((track) => track.readyState === 'ended')")
    table.root.evaluate("root => { root.style.display = ''; }")
    expect(table.status).to_contain_text("out of sight")
    table.button("Use the camera").click()
    expect(table.status).to_contain_text("The camera is on")
    assert table.cameras == ["ended", "ended", "ended", "live"]
    notebook.run(notebook.cell("game.play"))
    assert table.cameras == ["ended"] * 4
    table.button("Delete all").click()
    table.button("Yes, delete").click()
    expect(table.root.locator(".saved")).to_have_text("Nothing saved yet.")
    assert len(game.my_signs(quiet=True)[1]) == 0


def a_saved_notebook_shows_the_still_form(notebook: NotebookPage, data_dir: Path) -> None:
    page = notebook.page
    tab = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="game.ipynb")
    for _ in range(2):  # the second time the file has changed under the page
        page.keyboard.press("Control+S")
        expect(tab).not_to_have_class(re.compile("jp-mod-dirty"))
        expect(page.locator(".rock-paper-scissors")).to_be_visible()
        notebook.run(notebook.cell("game.my_signs()"))
    page.keyboard.press("Control+S")
    expect(tab).not_to_have_class(re.compile("jp-mod-dirty"))
    assert page.locator(".jp-Dialog").count() == 0
    stored = page.evaluate("async () => (await fetch('/api/contents/game.ipynb?reset')).json()")["content"]
    assert "widgets" not in stored["metadata"]
    data = stored["cells"][1]["outputs"][0]["data"]
    assert LIVE not in data
    assert set(data) == {"text/plain", "text/html", "image/png"}
    page.reload()
    expect(page.get_by_text("Run this cell to play.")).to_be_visible()
    expect(
        page.locator('.jp-OutputArea-output img[alt^="A round of rock, paper, scissors."]')
    ).to_be_visible()
    assert page.get_by_text("model not found").count() == 0


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ((f"{FAKE}=device-count=0", "--use-fake-ui-for-media-stream"), "No camera was found."),
        ((FAKE, "--use-fake-ui-for-media-stream=deny"), "The camera wasn’t allowed."),
    ],
)
def test_without_a_camera_test_images_are_played(
    flags: tuple[str, ...],
    reason: str,
    opened: Open,
    hands: Dataset,
    model: Any,
    screenshot: Callable[[Page, str], Path],
) -> None:
    notebook = opened(*flags)
    table, replay = Table(notebook.page), Replay()
    table.button("Use the camera").click()
    expect(table.status).to_contain_text(f"{reason} ")
    expect(table.status).to_contain_text("play with test images")
    right = 0
    for sign in (2, 0, 1, 1):
        table.button(SIGNS[sign].capitalize(), "Play a test image of").click()
        table.wait_for_round()
        which, distance = nearest(table.pixels("The test image that was played"), hands.x_test)
        assert distance < 0.5
        assert hands.y_test[which] == sign
        probabilities = model.predict(hands.x_test[which : which + 1], verbose=0)[0]
        assert table.probabilities == pytest.approx(probabilities.tolist(), abs=0.003)
        read = int(probabilities.argmax())
        right += read == sign
        expect(table.verdict).to_have_text(replay.play(read))
        mark = "✓ Read right" if read == sign else "✗ Misread"
        expect(table.root.locator(".told")).to_contain_text(f"{mark}: the image shows {SIGNS[sign]}")
        assert table.score == replay.score
    expect(table.root.locator(".score")).to_contain_text(f"read right {right} of 4")
    assert table.button("Rock", "Save this picture as").count() == 0, "test images are not to train on"
    assert table.button("Paper", "Save the live picture as").count() == 0
    screenshot(notebook.page, "test images")
    assert notebook.errors() == []


def evaluated(page: Page, code: str, given: Any = None) -> Any:
    """What a function of the game's script makes of something."""
    module = "data:text/javascript;base64," + b64encode(SCRIPT.read_bytes()).decode()
    return page.evaluate(
        f"async ([module, given]) => {{ const game = await import(module); return ({code})(game, given); }}",
        [module, given],
    )


def test_the_browser_makes_grey_squares(page: Page) -> None:
    rng = np.random.default_rng(2)
    rgba = rng.integers(0, 256, (56, 56, 4))
    answer = evaluated(page, "(game, rgba) => [...game.shrunk(rgba, 2)]", rgba.ravel().tolist())
    grey = (rgba[:, :, :3] @ [0.299, 0.587, 0.114]).reshape(28, 2, 28, 2).mean(axis=(1, 3))
    assert np.abs(np.reshape(answer, (28, 28)) - grey).max() <= 0.5 + 1e-6

    frame = rng.integers(0, 256, (28, 28))
    code = "(game, [frame, light, left]) => [...game.adjusted(Uint8Array.from(frame), light, left)]"
    for light, left in ((0, False), (0, True), (1, False), (-1, True)):
        answer = np.reshape(evaluated(page, code, [frame.ravel().tolist(), light, left]), (28, 28))
        turned = frame[:, ::-1] if left else frame
        assert np.abs(answer - np.minimum(turned * 2.0**light, 255)).max() <= 0.5
    squares = evaluated(page, "(game) => [game.square(640, 480), game.square(480, 640, 2)]")
    assert squares == [{"x": 80, "y": 0, "side": 480}, {"x": 120, "y": 200, "side": 240}]


def test_a_page_that_can_have_no_camera_says_why(page: Page) -> None:
    far = {"navigator": {}, "isSecureContext": False, "location": {"origin": "http://lab.example:8888"}}
    assert "localhost or with https" in evaluated(page, "(game, page) => game.noCameraHere(page)", far)
    assert "http://lab.example:8888" in evaluated(page, "(game, page) => game.noCameraHere(page)", far)
    old = {"navigator": {}, "isSecureContext": True, "location": {"origin": "https://lab.example"}}
    assert "offers no camera" in evaluated(page, "(game, page) => game.noCameraHere(page)", old)
    reasons = ["NotAllowedError", "NotFoundError", "NotReadableError", "OverconstrainedError"]
    told = evaluated(page, "(game, names) => names.map((name) => game.whyNot({ name }))", reasons)
    assert [json.dumps(reason)[1:14] for reason in told] == [
        "The camera wa",
        "No camera was",
        "The camera is",
        "The camera ca",
    ]
