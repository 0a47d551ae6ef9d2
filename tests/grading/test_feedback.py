"""The page that a student gets back teaches, and runs nothing of anybody's."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.checks.items import Challenge
from helpers.checks.specification import ItemSpecification, Ramp
from helpers.checks.verdict import Finding, State, Verdict
from helpers.grading.feedback import FeedbackExporter, hint_that_fits, safe_markdown, with_formulas
from helpers.grading.preprocessors.verify_evidence import account, shown
from helpers.grading.safe_html import safe_html
from tests.grading import hostile

ITEM = ItemSpecification(
    name="model",
    title="3 · A network",
    check="classifier:Classifier",
    points={"probabilities": 1, "accuracy": 4},
    ramps={"accuracy": Ramp(0.8, 0.9)},
    hints=("Gentle <b>.", "Firm.", "Plain."),
)
FINDINGS = (
    Finding("probabilities", 1.0, "Each row sums to 1."),
    Finding("accuracy", 0.5, "Accuracy on 2,000 unseen images: 85.0 %. Full marks from 90.0 %.", 0.85),
)


def verdict(state: State, *findings: Finding) -> Verdict:
    return Verdict(ITEM.name, ITEM.title, state, findings, dict(ITEM.points))


def page_for(one: Verdict) -> str:
    role = {"grade_id": "model", "grade": True, "solution": False, "locked": True, "score": one.score}
    role |= {"points": one.possible}
    cell = new_code_cell("exercise.check('model', model)", outputs=[shown(one, 1)])
    cell.metadata.update({"nbgrader": role, "workshop": account(one, ITEM)})
    page, _ = FeedbackExporter().from_notebook_node(new_notebook(cells=[cell]), hostile.resources())
    return str(page)


def test_a_partly_right_answer_sees_its_figure_the_threshold_and_the_plainest_hint() -> None:
    page = page_for(verdict(State.WRONG, *FINDINGS))
    assert "3 · A network: wrong" in page
    assert "85.0 %. Full marks from 90.0 %." in page
    assert "3 of 5 points" in page
    assert "Plain." in page
    assert "Firm." not in page


def test_a_wrong_answer_sees_a_hint_and_further_ones_folded_away() -> None:
    page = page_for(verdict(State.WRONG, Finding("accuracy", 0.0, "Low.", 0.1)))
    assert page.index("Firm.") < page.index("<details>") < page.index("Plain.")
    assert "Gentle" not in page


def test_who_has_not_begun_is_told_how_to_begin() -> None:
    page = page_for(verdict(State.NOT_ATTEMPTED))
    assert "To begin with" in page
    assert "Gentle &lt;b&gt;." in page


def test_a_right_answer_gets_no_hints() -> None:
    page = page_for(verdict(State.RIGHT, *(Finding(part, 1.0, "Right.") for part in ITEM.points)))
    assert "Plain." not in page
    assert "<details>" not in page


@pytest.mark.parametrize(
    ("state", "earned", "hints", "first"),
    [
        ("not attempted", 0, 3, 0),
        ("wrong", 0, 3, 1),
        ("wrong", 1, 3, 2),
        ("wrong", 1, 5, 4),
        ("wrong", 0, 1, 0),
    ],
)
def test_the_hint_depends_on_how_far_the_answer_is(state: str, earned: float, hints: int, first: int) -> None:
    about = {"state": state, "parts": [{"earned": earned}], "hints": ["h"] * hints}
    assert hint_that_fits(about) == first


@pytest.fixture(scope="module")
def hostile_page() -> str:
    page, _ = FeedbackExporter().from_notebook_node(hostile.notebook(), hostile.resources())
    return str(page)


@pytest.mark.parametrize("word", ["<script", "<iframe", "<object", "<form", "<link", "<base", "<svg"])
def test_nothing_in_the_page_could_run(hostile_page: str, word: str) -> None:
    assert word not in hostile_page.lower()


def test_what_is_harmless_is_still_there(hostile_page: str) -> None:
    for text in (
        "a harmless table",
        "<td>",
        "written",
        "printed",
        "raised",
        "a pixel",
        "markdown",
        "a script",
    ):
        assert text in hostile_page
    assert 'src="data:image/svg+xml;base64,' in hostile_page


def test_a_notebook_that_is_made_a_page_of_stays_as_it_is() -> None:
    notebook = hostile.notebook()
    FeedbackExporter().from_notebook_node(notebook, hostile.resources())
    assert notebook == hostile.notebook()


@pytest.mark.parametrize(
    ("source", "safe"),
    [
        ("<b>bold</b>", "<b>bold</b>"),
        ("<table class='dataframe' border='1'><tr><td>1</td></tr></table>", "<td>1</td>"),
        ("<img alt='dot' src='data:image/png;base64,AA=='>", 'src="data:image/png;base64,AA=="'),
        ("<a href='https://example.org/'>there</a>", 'href="https://example.org/"'),
        ("5 < 7 & 8", "5 &lt; 7 &amp; 8"),
    ],
)
def test_harmless_html_passes(source: str, safe: str) -> None:
    assert safe in safe_html(source)


@pytest.mark.parametrize("source", hostile.ELEMENTS[:-1])
def test_hostile_html_loses_what_runs_or_fetches(source: str) -> None:
    for left in (safe_html(source), safe_html(safe_html(source)), safe_markdown(source)):
        assert "hacked" not in left.replace("&", "<").split("<")[0] or "<" not in left
        assert "127.0.0.1" not in left or "<img" not in left


def test_a_formula_becomes_a_picture_that_says_what_it_is() -> None:
    page = with_formulas(r"<p>$$ \max(k - n,\; 0) $$ and <code>$x$</code> cost 5 $.</p>")
    assert page.count("<img") == 1
    assert r'alt="\max(k - n,\; 0)"' in page
    assert "<code>$x$</code>" in page
    assert "cost 5 $." in page


def test_a_formula_that_cannot_be_drawn_stays_text() -> None:
    assert with_formulas(r"$\href{javascript:alert(1)}{<b>}$").startswith("<code>")


def test_locked_text_keeps_its_formulas() -> None:
    role = {"grade_id": "a", "grade": False, "solution": False, "locked": True, "task": False}
    cell = new_markdown_cell("The size is $n - k + 1$.", metadata={"nbgrader": role})
    page: Any = FeedbackExporter().from_notebook_node(new_notebook(cells=[cell]), hostile.resources())[0]
    assert 'alt="n - k + 1"' in page


def test_an_output_that_is_nothing_without_its_script_is_shown_as_text() -> None:
    output = new_output("display_data", data={"text/html": "<script>1</script>", "text/plain": "a widget"})
    page, _ = FeedbackExporter().from_notebook_node(
        new_notebook(cells=[new_code_cell("w", outputs=[output])]), hostile.resources()
    )
    assert "a widget" in page


def test_the_account_of_a_verdict_holds_its_figures_and_no_key() -> None:
    about = account(verdict(State.WRONG, *FINDINGS), ITEM)
    assert about["parts"][1] == {
        "part": "accuracy",
        "earned": 2.0,
        "possible": 4,
        "message": FINDINGS[1].message,
        "measured": 0.85,
        "full": 0.9,
        "zero": 0.8,
    }
    assert not set(about) & set(Challenge.__dataclass_fields__)


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000,
        "<b><i></b>" * 10_000,
        "<svg " * 100_000,
        "<p " + "a " * 100_000 + ">",
        "<td>x" * 10_000,
    ],
)
def test_html_that_would_take_hours_to_clean_is_left_out(source: str) -> None:
    assert safe_html(source) == ""


def test_a_large_picture_stays() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 500_000}">'
    assert picture[:-1] in safe_html(f"<p>{picture}</p>")
