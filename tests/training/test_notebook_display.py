"""In a real kernel: one output that changes in place, ends as one figure, and survives the stop button."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
PREPARE = """
from helpers import environment, training
environment.prepare(seed=1)
from tests.training.networks import data, network
x, y = data(600)
"""


class Watching(NotebookClient):  # type: ignore[misc]
    """Keeps every message about outputs, and can press the stop button after some of them."""

    def __init__(self, *arguments: Any, stop_after: int = 0, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.seen: list[dict[str, Any]] = []
        self.stop_after = stop_after

    def process_message(self, message: Any, cell: Any, index: int) -> Any:
        if message["msg_type"] in ("display_data", "update_display_data", "stream", "error"):
            self.seen.append(message)
            if len(self.seen) == self.stop_after:
                self.pressing = asyncio.ensure_future(self.km.interrupt_kernel())
        return super().process_message(message, cell, index)


def execute(*sources: str, stop_after: int = 0) -> tuple[list[Any], list[dict[str, Any]], float]:
    """The outputs of each cell, all messages, and the seconds it took."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    client = Watching(
        notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}, stop_after=stop_after
    )
    start = time.perf_counter()
    client.execute()
    return [cell.outputs for cell in notebook.cells], client.seen, time.perf_counter() - start


@pytest.fixture(scope="module")
def trained() -> tuple[list[Any], list[dict[str, Any]], float]:
    return execute(
        PREPARE,
        "import time\n"
        "from keras.callbacks import LambdaCallback\n"
        "slowly = LambdaCallback(on_epoch_end=lambda epoch, logs: time.sleep(0.4))\n"
        "run = training.fit(\n"
        "    network(), x, y, epochs=8, validation_split=0.1, callbacks=[slowly], title='Tiny'\n"
        ")",
    )


@pytest.mark.slow
def test_preparing_a_notebook_shows_nothing(trained: Any) -> None:
    outputs, _, _ = trained
    assert outputs[0] == []


@pytest.mark.slow
def test_a_training_leaves_one_figure_with_alt_text(trained: Any) -> None:
    outputs, _, _ = trained
    (figure,) = outputs[1]
    assert figure.output_type == "display_data"
    assert set(figure.data) == {"text/plain", "text/html", "image/png"}
    assert figure.metadata["image/png"]["alt"] == figure.data["text/plain"]
    assert figure.data["text/plain"].startswith("Tiny: 8 epochs in ")
    assert len(figure.data["image/png"]) < 40_000
    assert "<progress" not in figure.data["text/html"]


@pytest.mark.slow
def test_while_it_trains_a_bar_and_curves_change_at_most_once_a_second(trained: Any) -> None:
    _, messages, seconds = trained
    first, *changes = messages
    assert first["msg_type"] == "display_data"
    assert {change["msg_type"] for change in changes} == {"update_display_data"}
    assert 3 <= len(changes) <= seconds + 2
    live = changes[-2]["content"]["data"]["text/html"]
    assert "<progress" in live
    assert "validation accuracy" in live
    assert 'src="data:image/png;base64,' in live


@pytest.mark.slow
def test_the_stop_button_ends_a_training_calmly() -> None:
    outputs, _, seconds = execute(
        PREPARE,
        "run = training.fit(network(), x, y, epochs=100_000, title='Endless')",
        "print(run.interrupted, 0 < run.epochs_done < 100_000)",
        stop_after=3,
    )
    figure, words = outputs[1]
    assert figure.data["text/plain"].startswith("Endless: stopped by you in epoch ")
    assert words.text == "Stopped. The model keeps what it has learned, and the run what was measured.\n"
    assert outputs[2][0].text == "True True\n"
    assert seconds < 100
