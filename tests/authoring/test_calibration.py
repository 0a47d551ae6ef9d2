"""A calibration says which thresholds don't hold, and its page keeps a section for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.authoring.calibration import REFERENCE, Calibration, Row
from helpers.authoring.calibration_page import figures, markdown, write_section
from helpers.checks.specification import Ramp, read
from helpers.cli import main
from tests.authoring import course

RAMP = Ramp(0.8, 0.9)
ROOT = Path(__file__).resolve().parents[2]
CALIBRATED = (
    "01_dense_mnist",
    "03_cnn",
    "04_augmentation",
    "05_transfer_learning",
    "06_sign_language_rps",
)


def row(name: str, *values: float, full_marks: int = 0) -> Row:
    return Row(name, f"about {name}", values, full_marks, max(len(values), 1), 1.25)


def calibration(*rows: Row, variant: str = "bundled") -> Calibration:
    return Calibration("01_x", variant, "model", "accuracy", RAMP, 3, rows)


def test_thresholds_that_hold_leave_nothing_to_tell() -> None:
    found = calibration(
        row(REFERENCE, 0.94, 0.95, 0.96, full_marks=3), row("wrong", 0.85, 0.86, 0.87), row("broken")
    )
    assert found.problems({REFERENCE: True, "wrong": False, "broken": False}) == []


def test_a_reference_that_is_always_perfect_clears_its_threshold_and_one_run_is_none() -> None:
    always = calibration(row(REFERENCE, 1.0, 1.0, 1.0, full_marks=3))
    once = calibration(row(REFERENCE, 1.0, full_marks=1))
    assert always.problems({REFERENCE: True}) == []
    assert len(once.problems({REFERENCE: True})) == 1


def test_what_doesnt_hold_is_told() -> None:
    found = calibration(
        row(REFERENCE, 0.91, 0.92, 0.93, full_marks=3),
        row("right", 0.89, 0.95, 0.96, full_marks=2),
        row("wrong", 0.85, 0.86, 0.91, full_marks=1),
    )
    assert found.problems({REFERENCE: True, "right": True, "wrong": False}) == [
        "The reference clears the threshold by 2.0 deviations, not 3.",
        "right is right, but got full marks in 2 of 3 runs.",
        "wrong isn't right, but got full marks in 1 of 3 runs.",
    ]


def test_a_row_tells_its_figures_in_per_cent_and_deviations() -> None:
    assert figures(row("a", 0.91, 0.92, 0.93, full_marks=3), RAMP) == [
        "92.00", "1.00", "91.00", "93.00", "+2.0", "3 of 3", "1.2",
    ]  # fmt: skip
    assert figures(row("a", 0.1, 0.1), RAMP)[4:] == ["-∞", "0 of 2", "1.2"]
    assert figures(row("a", 1.0, 1.0), RAMP)[4:] == ["+∞", "0 of 2", "1.2"]
    assert figures(row("a", 1.0), RAMP)[4] == "–"
    assert figures(row("a"), RAMP) == ["–", "–", "–", "–", "–", "0 of 1", "1.2"]


def test_the_page_has_a_section_for_each_variant_and_replaces_only_its_own(tmp_path: Path) -> None:
    first = calibration(row("old", 0.9, 0.91))
    other = calibration(row("kept", 0.9, 0.91), variant="full")
    newer = calibration(row("new", 0.9, 0.91))
    for one in (first, other, newer):
        path = write_section(tmp_path, one)
    page = path.read_text(encoding="utf-8")
    assert path == tmp_path / "docs" / "calibration.md"
    assert page.startswith("# Calibration\n")
    assert page.count("## 01_x") == 2
    assert "| new | 90.50 |" in page
    assert "| kept | 90.50 |" in page
    assert "| old |" not in page
    assert markdown(other) in page


def test_an_assignment_without_thresholds_says_so_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course.write(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["calibrate", "07", "--course", str(tmp_path)])
    assert ended.value.code == 0
    assert capsys.readouterr().out == "07_counting has no thresholds, so there is nothing to calibrate.\n"
    assert not (tmp_path / "docs").exists()


def test_a_reason_stands_where_nothing_was_measured() -> None:
    broken = Row("conv", "about", (), 0, 1, 1.0, note="The model has a layer of the kind Conv2D.")
    assert markdown(calibration(broken)).endswith("| The model has a layer of the kind Conv2D. |")


PAGE = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0]: part for part in PAGE.split("\n## ")[1:]}


def test_the_committed_page_has_a_section_for_each_threshold() -> None:
    expected = {
        f"{name}, {variant} data: {part} of the item {item.name}"
        for name in CALIBRATED
        for specification in [read(ROOT / "source" / name / "assignment.toml")]
        for variant in ([specification.variant] if specification.variant else ["full", "bundled"])
        for item in specification.items.values()
        for part in item.ramps
    }
    assert expected <= set(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_committed_page_says_that_this_courses_thresholds_hold(section: str) -> None:
    """The page is written by `workshop calibrate`; here it is only read."""
    lines = [line for line in SECTIONS[section].splitlines() if line[:2] == "| "]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    names = {cells[0]: cells for cells in rows[1:]}
    assert float(names[REFERENCE][5].replace("∞", "inf")) >= 3
    assert float(names[REFERENCE][7]) <= 20
    for name, cells in names.items():
        passed, runs = cells[6].split(" of ")
        if name == REFERENCE or name.startswith("right_"):
            assert passed == runs == "10"
        if name.startswith("wrong_"):
            assert passed == "0"
