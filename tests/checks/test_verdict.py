"""A verdict adds up its parts, is told as text and as HTML, and nothing in it becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from helpers.checks.verdict import Finding, State, Verdict

POINTS = {"images": 1.0, "labels": 3.0}


def verdict(*findings: Finding, state: State = State.WRONG, reason: str = "") -> Verdict:
    return Verdict("prepare", "1 · Arrays", state, findings, dict(POINTS), reason)


class Tags(HTMLParser):
    """The names of all elements of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_score_weighs_each_part_by_its_points() -> None:
    half = verdict(Finding("images", 1.0, "Good."), Finding("labels", 0.5, "Half."))
    assert (half.score, half.possible) == (2.5, 4.0)


def test_scores_are_rounded_to_hundredths() -> None:
    assert verdict(Finding("labels", 1 / 3, "A third.")).score == 1.0
    assert verdict(Finding("images", 0.123456, "Some.")).score == 0.12


def test_a_part_without_a_finding_earns_nothing() -> None:
    assert verdict(reason="It stopped.").score == 0


@pytest.mark.parametrize("earned", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_share_outside_0_to_1_is_a_mistake_of_the_check(earned: float) -> None:
    with pytest.raises(ValueError, match="images"):
        Finding("images", earned, "?")


def test_plain_text_says_state_reason_and_each_part_with_a_mark() -> None:
    text = verdict(Finding("images", 1.0, "Good."), Finding("labels", 0.5, "Half."), reason="Look:").plain()
    assert text.splitlines() == ["✗ 1 · Arrays: wrong", "  Look:", "  ✓ Good.", "  ◐ Half."]


@pytest.mark.parametrize("state", State)
def test_both_forms_name_the_state_in_words(state: State) -> None:
    shown = verdict(state=state)
    assert f": {state}" in shown.plain()
    assert f": {state}" in Tags(shown.rich()).text


def test_long_messages_are_wrapped_and_a_per_cent_sign_stays_with_its_number() -> None:
    message = " ".join(f"{number} %" for number in range(100, 180))
    lines = verdict(Finding("images", 0.0, message)).plain().splitlines()
    assert len(lines) > 5
    assert max(map(len, lines)) <= 80
    assert not any(line.strip().startswith("%") for line in lines)
    assert " ".join(line.strip() for line in lines).endswith("179 %")


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</div><b>&"]
)
def test_html_in_messages_is_shown_as_written(hostile: str) -> None:
    html = verdict(Finding("images", 0.0, hostile), reason=hostile).rich()
    tags = Tags(html)
    assert set(tags.names) == {"div", "b"}
    assert tags.text.count(hostile) == 2
    assert html.count("<b>") == 1


def test_notebooks_get_both_forms_and_print_the_plain_one() -> None:
    shown = verdict(reason="Look.")
    assert shown._repr_mimebundle_() == {"text/plain": shown.plain(), "text/html": shown.rich()}
    assert str(shown) == shown.plain()
