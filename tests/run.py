"""All checks and tests, part by part: what `make test` runs.

Every part runs, whatever became of the others. The last lines say which passed; the exit code is 0 only if
all did. `python tests/run.py ruff mypy` runs those parts alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CELL_SECONDS = 300
# A file of tests or a notebook at a time in each process: a file sets up what it needs once. One process more
# than there are cores, since tests often wait, for a browser or for a limit of time. In the order in which
# tests are collected (tests/conftest.py): files of few tests that take long would come last else.
PROCESSES = min((os.cpu_count() or 1) + 1, 4)
PARALLEL = (f"--numprocesses={PROCESSES}", "--dist=loadfile", "--no-loadscope-reorder")
# Side by side on the same cores, networks learn in less time with a thread each.
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


@dataclass(frozen=True)
class Part:
    """One part of the tests: a command, and the folder of notebooks that it runs, if it runs one."""

    name: str
    command: tuple[str, ...]
    notebooks: Path | None = None

    def has_work(self) -> bool:
        """Whether the folder holds any notebooks."""
        return self.notebooks is None or any(self.notebooks.rglob("*.ipynb"))

    def run(self) -> bool:
        """Run it, with its output shown as it comes; return whether it passed."""
        programs = str(Path(sys.executable).parent)
        path = os.pathsep.join([programs, os.environ.get("PATH", "")])
        variables = {**os.environ, **ONE_THREAD, "PATH": path}
        if self.notebooks:
            variables["WORKSHOP_DATA"] = "bundled"  # the stored outputs were made with it
            variables["WORKSHOP_STRICT"] = "solutions" if self.name == "solutions" else ""  # checks must pass
        return subprocess.call(self.command, cwd=ROOT, env=variables) == 0


def every_part() -> list[Part]:
    """The parts, quick ones first."""
    python = (sys.executable, "-m")
    workshop = str(Path(sys.executable).with_name("workshop"))
    results = f"--junitxml={ROOT / 'artefacts'}"
    # After a time-out, nbval expects every cell that follows to fail, and some of them don't.
    options = (
        "--nbval-current-env",
        f"--nbval-cell-timeout={CELL_SECONDS}",
        *("-o", "xfail_strict=false"),
    )
    nbval = (*python, "pytest", "--nbval", *options, *PARALLEL, "--durations=5")
    return [
        Part("ruff", (*python, "ruff", "check")),
        Part("mypy", (*python, "mypy")),
        Part("build", (workshop, "build", "--check")),
        Part("pytest", (*python, "pytest", *PARALLEL, "--durations=25", f"{results}/pytest.xml")),
        *(
            Part(folder, (*nbval, f"{results}/{folder}.xml", folder), ROOT / folder)
            for folder in ("notebooks", "solutions")
        ),
    ]


def run(parts: Sequence[Part]) -> int:
    """Run the parts one after the other, say how each went, and return the exit code."""
    closing = []
    failed: list[str] = []
    for part in parts:
        print(f"\n━━━ {part.name} ━━━", flush=True)
        start = time.monotonic()
        if not part.has_work():
            outcome = "skipped, no notebooks yet"
        elif part.run():
            outcome = "passed"
        else:
            outcome = "FAILED"
            failed.append(part.name)
        closing.append(f"  {part.name:10} {outcome} ({time.monotonic() - start:.0f} s)")
        print(closing[-1], flush=True)
    print("\n━━━ all parts ━━━", *closing, sep="\n")
    print(f"Failed: {', '.join(failed)}." if failed else "All passed.", flush=True)
    return 1 if failed else 0


def main(names: Sequence[str]) -> int:
    """Run the parts with these names, or all."""
    parts = {part.name: part for part in every_part()}
    unknown = [name for name in names if name not in parts]
    if unknown:
        print(f"No such part: {', '.join(unknown)}. There are: {', '.join(parts)}.", file=sys.stderr)
        return 2
    try:
        return run([parts[name] for name in names or parts])
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
