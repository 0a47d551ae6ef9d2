"""All checks and tests, part by part: what `make test` runs.

Every part runs, whatever became of the others. The last lines say which passed; the exit code is 0 only if all
did. `python tests/run.py ruff mypy` runs those parts alone.
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
CELL_SECONDS = 120


@dataclass(frozen=True)
class Part:
    """One part of the tests: a command, and the folder of notebooks that it is about, if it is about one."""

    name: str
    command: tuple[str, ...]
    notebooks: Path | None = None

    def has_work(self) -> bool:
        """Whether the folder it is about holds notebooks."""
        return self.notebooks is None or any(self.notebooks.rglob("*.ipynb"))

    def run(self) -> bool:
        """Run it, with its output shown as it comes; return whether it passed."""
        return subprocess.call(self.command, cwd=ROOT, env=_variables()) == 0


def every_part() -> list[Part]:
    """The parts, quick ones first."""
    python = (sys.executable, "-m")
    workshop = str(Path(sys.executable).with_name("workshop"))
    results = f"--junitxml={ROOT / 'artefacts'}"
    parts = [
        Part("ruff", (*python, "ruff", "check")),
        Part("mypy", (*python, "mypy")),
        Part("build", (workshop, "build", "--check")),
        Part("pytest", (*python, "pytest", "--durations=15", f"{results}/pytest.xml")),
    ]
    for folder in ("notebooks", "solutions"):
        nbval = ("pytest", "--nbval", "--nbval-current-env", f"--nbval-cell-timeout={CELL_SECONDS}")
        command = (*python, *nbval, "--durations=5", f"{results}/{folder}.xml", folder)
        parts.append(Part(folder, command, ROOT / folder))
    return parts


def run(parts: Sequence[Part]) -> int:
    """Run the parts one after the other, say how each went, and return the exit code."""
    closing = []
    failed = False
    for part in parts:
        print(f"\n━━━ {part.name} ━━━", flush=True)
        start = time.monotonic()
        if not part.has_work():
            outcome = "skipped, no notebooks yet"
        elif part.run():
            outcome = "passed"
        else:
            outcome, failed = "FAILED", True
        closing.append(f"  {part.name:10} {outcome} ({time.monotonic() - start:.0f} s)")
        print(closing[-1], flush=True)
    print("\n━━━ all parts ━━━", *closing, "Some parts failed." if failed else "Passed.", sep="\n", flush=True)
    return int(failed)


def _variables() -> dict[str, str]:
    """Environment variables for tests: the bundled data, and this environment's programs before any others."""
    programs = str(Path(sys.executable).parent)
    path = os.pathsep.join([programs, os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "WORKSHOP_DATA": "bundled", "PYTHONUNBUFFERED": "1"}


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
