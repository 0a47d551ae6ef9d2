"""Inside the process that executes one submission: `python -m ….isolation.notebook_process SCRATCH`.

Runs all cells of SCRATCH/notebook.ipynb in a kernel of their own, whatever becomes of each, and writes what
they displayed. What the checks hand over, the kernel writes itself. Both processes are the student's: nothing
that comes from here decides a grade.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

from helpers.checks.exercise import EVIDENCE_FOLDER
from helpers.grading.isolation.importing import import_jsonschema

NOTEBOOK, LIMITS, FILES, EVIDENCE = "notebook.ipynb", "limits.json", "submission", "evidence"
STARTED, RESULT = "started", "result.json"

_TIMEOUT_NAME = "CellTimeoutError"
_OUTPUT_LIMIT = 4 * 2**20  # bytes of one cell's outputs as JSON: some twenty large figures
_LONGEST_SOCKET_PATH = 80  # the system takes about 100, and jupyter_client adds a number
_SECONDS_TO_STOP = 15  # after an interrupt; who swallows it is not waited for any longer


class OutOfTime(Exception):
    """The submission as a whole has had its time."""


def execute(scratch: Path, provisioner: type | None = None) -> dict[str, Any]:
    """Executes the notebook; gives the outputs of all cells, and what cut the execution short, in words.

    provisioner: what starts the kernel, in the place of jupyter_client's own.
    """
    from nbformat import v4

    limits = json.loads((scratch / LIMITS).read_text())
    notebook = v4.reads((scratch / NOTEBOOK).read_text(encoding="utf-8"))  # the host has validated it
    problem = _Run(notebook, scratch, limits, provisioner).problem()
    return {"outputs": [_bounded(cell) for cell in notebook.cells], "problem": problem}


class _Run:
    """One execution: the notebook, its limits, and which cell is on."""

    def __init__(
        self, notebook: Any, scratch: Path, limits: dict[str, int], provisioner: type | None
    ) -> None:
        self.notebook = notebook
        self.provisioner = provisioner
        self.scratch = scratch
        self.limits = limits
        self.deadline = float("inf")
        self.cell: Any = None
        self.said: list[str] = []

    def problem(self) -> str:
        """Executes the cells and says what went wrong with the whole, if anything did."""
        from nbclient.exceptions import CellTimeoutError, DeadKernelError

        try:
            self._client().execute()
        except OutOfTime:
            self._say(
                f"The notebook took longer than the {self.limits['seconds']} seconds that it may take. "
                f"It was stopped before {self._cell_in_words()}."
            )
        except CellTimeoutError:
            self._say(
                f"{self._cell_in_words(True)} could not be stopped when its time was up. "
                "The cells after it did not run."
            )
        except DeadKernelError:
            self._say(
                f"Python came to an end in {self._cell_in_words()}: it ran out of memory, or the code ended "
                "it. The cells after it did not run."
            )
        return " ".join(self.said)

    def _client(self) -> Any:
        return bounded_client(self.provisioner)(
            self.notebook,
            kernel_name="python3",
            config=_transport(self.scratch),
            resources={"metadata": {"path": str(self.scratch / FILES)}},
            timeout_func=self._seconds_left,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": _TIMEOUT_NAME, "evalue": "", "traceback": []},
            raise_on_iopub_timeout=True,
            iopub_timeout=_SECONDS_TO_STOP,
            allow_errors=True,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            on_notebook_start=self._on_start,
            on_cell_execute=self._on_cell,
            on_cell_executed=self._on_executed,
        )

    def _on_start(self, **_: Any) -> None:
        self.deadline = time.monotonic() + self.limits["seconds"]
        (self.scratch / STARTED).touch()

    def _on_cell(self, cell: Any, **_: Any) -> None:
        self.cell = cell
        if time.monotonic() >= self.deadline:
            raise OutOfTime

    def _seconds_left(self, cell: Any) -> int:
        if cell is None:
            return self.limits["cell_seconds"]
        left = math.ceil(self.deadline - time.monotonic())
        return max(1, min(self.limits["cell_seconds"], left))

    def _on_executed(self, cell: Any, execute_reply: Any, **_: Any) -> None:
        if execute_reply["content"].get("ename") == _TIMEOUT_NAME:
            self._say(f"{self._cell_in_words(True)} was stopped: it took too long.")

    def _say(self, sentence: str) -> None:
        """Keeps a sentence, and shows it where it happened."""
        from nbformat.v4 import new_output

        self.said.append(sentence)
        if self.cell is not None:
            self.cell.outputs.append(new_output("stream", name="stderr", text=sentence + "\n"))

    def _cell_in_words(self, start: bool = False) -> str:
        lines = [line.strip() for line in self.cell.source.splitlines() if line.strip()] if self.cell else []
        first = lines[0] if lines else ""
        name = f"he cell that begins with “{first if len(first) <= 60 else first[:59] + '…'}”"
        return f"{'T' if start else 't'}{name}"


def bounded_client(provisioner: type | None) -> Any:
    """nbclient's class, except that what a cell displays is counted and, once it is too much, dropped.

    Else this process would hold all of it, and would be the one that runs out of memory.
    """
    from nbclient import NotebookClient

    class BoundedClient(NotebookClient):
        shown: tuple[int, int] = (-1, 0)  # which cell is on, and how many bytes it has displayed

        def create_kernel_manager(self) -> Any:
            manager = super().create_kernel_manager()
            manager.client_class = "helpers.grading.isolation.kernel_client.PromptClient"
            if provisioner:
                manager.provisioner = provisioner(kernel_spec=manager.kernel_spec, parent=manager)
            return manager

        def output(self, outs: Any, msg: Any, display_id: Any, cell_index: int) -> Any:
            before = self.shown[1] if self.shown[0] == cell_index and not self.clear_before_next_output else 0
            self.shown = (cell_index, before + len(json.dumps(msg["content"], default=str)))
            if self.shown[1] <= _OUTPUT_LIMIT:
                return super().output(outs, msg, display_id, cell_index)
            if before <= _OUTPUT_LIMIT:
                self.clear_display_id_mapping(cell_index)
                outs[:] = [_too_much()]
            return None

        def clear_output(self, outs: Any, msg: Any, cell_index: int) -> None:
            if not msg["content"]["wait"] and self.shown[0] == cell_index:
                self.shown = (cell_index, 0)
            super().clear_output(outs, msg, cell_index)

    return BoundedClient


def _transport(scratch: Path) -> Any:
    """Sockets in the scratch folder, where such are there and its path is short enough for them."""
    from traitlets.config import Config

    place = scratch / "kernel"
    if sys.platform != "linux" or len(str(place)) > _LONGEST_SOCKET_PATH:
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(place)}})


def _too_much() -> Any:
    from nbformat.v4 import new_output

    said = f"The output was larger than {_OUTPUT_LIMIT // 2**20} MB; it is left out.\n"
    return new_output("stream", name="stderr", text=said)


def _bounded(cell: Any) -> list[Any]:
    """A cell's outputs: what was printed piece by piece as one, none of it if it is too much."""
    if len(json.dumps(cell.get("outputs", []))) > _OUTPUT_LIMIT:
        return [_too_much()]
    outputs: list[Any] = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream" and outputs and outputs[-1].get("name") == output["name"]:
            outputs[-1]["text"] += output["text"]
        else:
            outputs.append(output)
    for output in outputs:
        if output["output_type"] == "stream":
            output["text"] = as_on_a_terminal(output["text"])
    return outputs


def as_on_a_terminal(text: str) -> str:
    """A text as it stands there at the end: what a progress bar has overwritten is gone.

    nbclient can do this too, but takes hours for a long line.
    """
    lines = [line.rstrip("\r").rpartition("\r")[2].replace("\b", "") for line in text.split("\n")]
    return "\n".join(lines)


def main(provisioner: type | None = None) -> None:
    """Executes the submission in the folder that the command line names."""
    import_jsonschema()
    scratch = Path(sys.argv[1])
    os.environ[EVIDENCE_FOLDER] = str(scratch / EVIDENCE)  # where the kernel's checks look for it
    temporary = scratch / f"{RESULT}.tmp"
    # Warnings name files; where those lie on the grader's machine is nobody's business.
    result = json.dumps(execute(scratch, provisioner)).replace(f"{scratch}/", "")
    temporary.write_text(result, encoding="utf-8")
    os.replace(temporary, scratch / RESULT)


if __name__ == "__main__":
    main()
