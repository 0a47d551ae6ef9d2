"""All attacks, in classes with different secrets: does any succeed, and does an honest student lose a mark?

    python -m tests.attacks [CLASSES]

Each class is graded twice with the same secret, with attackers and without. Prints everything that should not
have been, and exits with 1 if there is any.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.attacks.bank import read_entries
from tests.attacks.class_run import grade_class, wrong_scores


def main(classes: int = 3) -> int:
    """Grades so many classes; how many things were wrong."""
    wrong = [words for number in range(classes) for words in _one_class(number + 1)]
    for words in wrong:
        print(words)
    print(f"{classes} classes: {len(wrong)} things that should not have been")
    return len(wrong)


def _one_class(number: int) -> list[str]:
    entries = read_entries()
    honest = [entry for entry in entries if entry.is_honest]
    secret = secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        alone = grade_class(honest, Path(folder, "alone"), secret=secret)
        started = time.monotonic()
        attacked = grade_class(entries, Path(folder, "attacked"), secret=secret)
        seconds = time.monotonic() - started
        wrong = wrong_scores(entries, attacked) + attacked.violations + alone.violations
        for entry in honest:
            if attacked.scores.get(entry.student) != alone.scores.get(entry.student):
                wrong.append(f"{entry.student} has other points than without attackers")
        if attacked.gradebook["sources"] != alone.gradebook["sources"]:
            wrong.append("The gradebook holds other cells than without attackers")
    attackers = len(entries) - len(honest)
    print(
        f"class {number}: {attackers} attackers, {len(honest)} honest, {seconds:.0f} s, {len(wrong)} wrong",
        flush=True,
    )
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:2])) else 0)
