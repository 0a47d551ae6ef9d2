"""In a real kernel: alive where somebody runs the cells, a figure alone where a program does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]
WIDGET = "application/vnd.jupyter.widget-view+json"
SHOW = "import numpy as np\nfrom helpers import stepper\nshown = stepper.show(np.eye(5))\nshown"


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(ROOT))
    connected = manager.client()
    connected.start_channels()
    connected.wait_for_ready(timeout=120)
    yield connected
    connected.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client: Any, source: str, *, somebody: bool) -> list[dict[str, Any]]:
    """The messages of one cell, run by a person who could answer input(), or by a program."""
    messages: list[dict[str, Any]] = []
    reply = client.execute_interactive(source, allow_stdin=somebody, output_hook=messages.append, timeout=120)
    assert reply["content"]["status"] == "ok", reply["content"]
    return messages


def of_type(messages: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [message["content"] for message in messages if message["msg_type"] == kind]


def test_a_program_gets_a_figure_and_no_open_channel(client: Any) -> None:
    messages = run(client, SHOW, somebody=False)
    (result,) = of_type(messages, "execute_result")
    assert set(result["data"]) == {"text/plain", "text/html", "image/png"}
    assert of_type(messages, "comm_open") == []


def test_a_person_gets_the_stepper_and_the_figure_beneath_it(client: Any) -> None:
    messages = run(client, SHOW, somebody=True)
    (result,) = of_type(messages, "execute_result")
    (opened,) = of_type(messages, "comm_open")
    assert set(result["data"]) == {WIDGET, "text/plain", "text/html", "image/png"}
    assert result["data"][WIDGET]["model_id"] == opened["comm_id"]
    state = opened["data"]["state"]
    assert state["image"] == [[float(row == column) for column in range(5)] for row in range(5)]
    assert "convolution-stepper" in state["_css"]
    assert "export default" in state["_esm"]


def test_what_the_browser_sends_is_not_sent_back(client: Any) -> None:
    (opened,) = of_type(run(client, SHOW, somebody=True), "comm_open")
    state = {"kernel": [[1, -2, 0.25]] * 3, "stride": 2, "position": [1, 1]}
    data = {"method": "update", "state": state, "buffer_paths": []}
    message = client.session.msg("comm_msg", {"comm_id": opened["comm_id"], "data": data})
    client.shell_channel.send(message)
    answers = []
    while True:
        answer = client.get_iopub_msg(timeout=120)
        if answer["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            answers.append(answer)
            if answer["content"].get("execution_state") == "idle":
                break
    sent = [answer["content"]["data"]["method"] for answer in answers if answer["msg_type"] == "comm_msg"]
    assert "update" not in sent
    (told,) = of_type(
        run(client, "print(shown.kernel[0], shown.stride, shown.position)", somebody=True), "stream"
    )
    assert told["text"] == "[1, -2, 0.25] 2 [1, 1]\n"


def test_no_stored_lesson_waits_for_a_kernel_that_has_gone() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        assert "widgets" not in notebook.metadata, path.name
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                assert WIDGET not in output.get("data", {}), f"{path.name}: {cell.id}"
