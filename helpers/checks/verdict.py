"""What a check says of an answer: not attempted, wrong with a reason, or right; and what it earns."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from enum import StrEnum

_WIDTH = 80


class State(StrEnum):
    """The three verdicts. An answer that is partly right is wrong, with the parts that are right said."""

    NOT_ATTEMPTED = "not attempted"
    WRONG = "wrong"
    RIGHT = "right"


@dataclass(frozen=True)
class Finding:
    """One part of an item and what became of it.

    part:    the part's name in assignment.toml, e.g. "accuracy".
    earned:  the share of the part that is earned, from 0 to 1.
    message: one sentence for the student: what was found, against what was expected.
    measured: the value that a ramp was applied to, where there was one.
    """

    part: str
    earned: float
    message: str
    measured: float | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.earned <= 1.0:  # NaN fails this too
            raise ValueError(f"part {self.part!r}: earned must lie from 0 to 1, not {self.earned!r}")


@dataclass(frozen=True)
class Verdict:
    """The verdict on one item: its findings, weighted by the points of their parts.

    points: what each part is worth, by name, as in assignment.toml.
    """

    item: str
    title: str
    state: State
    findings: tuple[Finding, ...]
    points: dict[str, float]
    reason: str = ""

    @property
    def possible(self) -> float:
        """The points that the item is worth."""
        return sum(self.points.values())

    @property
    def score(self) -> float:
        """The points earned, rounded to hundredths: figures that a person can add up."""
        return round(sum(self.points[finding.part] * finding.earned for finding in self.findings), 2)

    def plain(self) -> str:
        """The verdict as text, for terminals, Validate and printed pages, in lines of 80 letters."""
        lines = [f"{_MARK[self.state]} {self.title}: {self.state}"]
        if self.reason:
            lines += wrapped(self.reason, "  ")
        for finding in self.findings:
            lines += wrapped(f"{_mark_of(finding)} {finding.message}", "  ", "    ")
        return "\n".join(lines)

    def rich(self) -> str:
        """The verdict as HTML; everything that a student could have written is escaped."""
        colour = _COLOUR[self.state]
        rows = [f"<b>{_MARK[self.state]} {html.escape(self.title)}: {self.state}</b>"]
        if self.reason:
            rows.append(html.escape(self.reason))
        rows += [f"{_mark_of(finding)} {html.escape(finding.message)}" for finding in self.findings]
        body = "".join(f'<div style="margin:2px 0">{row}</div>' for row in rows)
        return (
            f'<div role="status" style="border-left:6px solid {colour};padding:4px 12px;margin:4px 0;'
            f'max-width:46em;line-height:1.45">{body}</div>'
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": self.plain(), "text/html": self.rich()}

    def __str__(self) -> str:
        return self.plain()


_MARK = {State.NOT_ATTEMPTED: "○", State.WRONG: "✗", State.RIGHT: "✓"}
# Okabe–Ito: told apart by people with any kind of colour vision; the marks say the same without colour.
_COLOUR = {State.NOT_ATTEMPTED: "#999999", State.WRONG: "#D55E00", State.RIGHT: "#009E73"}


def wrapped(text: str, indent: str, further: str | None = None) -> list[str]:
    """A text in lines of 80 letters, the first behind `indent`, others behind `further` or the same."""
    # textwrap breaks lines at plain spaces only: "93 %" stays together.
    kept = text.replace(" %", "\xa0%")
    lines = textwrap.wrap(kept, _WIDTH, initial_indent=indent, subsequent_indent=further or indent)
    return [line.replace("\xa0%", " %") for line in lines]


def _mark_of(finding: Finding) -> str:
    if finding.earned == 1.0:
        return "✓"
    return "✗" if finding.earned == 0.0 else "◐"
