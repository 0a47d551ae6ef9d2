"""The page of a class report: one file of HTML that needs nothing else, and runs no script."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from helpers.grading.report.measuring import ItemFigures, Kind, item_figures, measured
from helpers.grading.report.similarity import LEAST_SIMILARITY, Pair
from helpers.grading.standing import Standing
from helpers.plotting.style import counted, percent

_SLOWEST = 10
_CODE_LIMIT = 20_000
_STYLE = """
body { margin: 0; color: #222; font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 2.4rem; }
table { border-collapse: collapse; margin: .8rem 0; }
th, td { padding: .3rem .9rem .3rem 0; text-align: left; border-bottom: 1px solid #ddd; vertical-align: top; }
td.number, th.number { text-align: right; }
img { max-width: 100%; height: auto; }
pre { font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; margin: 0; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.pair > div { background: #f6f8fa; border: 1px solid #e4e7ea; border-radius: 4px; padding: .6rem .8rem; }
.differs { background: #ffe3b8; }
.small { color: #555; font-size: .9rem; }
summary { cursor: pointer; }
"""


@dataclass(frozen=True)
class ClassReport:
    """All that the page shows.

    points:  of each item, in order.
    answers: what students wrote into their answer cells, by student.
    pairs:   whose answers are nearly the same.
    absent:  those who handed in something that has no grade.
    """

    title: str
    class_: Sequence[Standing]
    points: Mapping[str, float]
    answers: Mapping[str, str]
    pairs: Sequence[Pair]
    absent: Sequence[str]


def page(report: ClassReport) -> str:
    """The whole page."""
    items = item_figures(report.class_, report.points)
    graded = [one for one in report.class_ if any(score is not None for score in one.scores.values())]
    sections = [_summary(report, graded)]
    if graded:
        sections += [_items(items), _measured(report), _slowest(graded), _pairs(report), _everyone(report)]
    body = "\n".join(sections)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.title)}: class report</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(report.title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _summary(report: ClassReport, graded: Sequence[Standing]) -> str:
    from helpers.grading.report import drawing

    lines = [f"<p>{counted(len(graded), 'graded submission')}.</p>"]
    if report.absent:
        lines.append(f"<p>Without a grade: {escape(', '.join(report.absent))}.</p>")
    if graded:
        possible = sum(report.points.values())
        lines.append(drawing.scores([one.total for one in graded], possible).html)
    return "\n".join(lines)


def _items(items: Sequence[ItemFigures]) -> str:
    from helpers.grading.report import drawing

    rows = [
        [
            escape(item.title),
            f"{item.points:g}",
            percent(item.mean, 0),
            percent(item.kinds[Kind.FULL] / max(sum(item.kinds.values()), 1), 0),
            "–" if item.discrimination is None else f"{item.discrimination:.2f}",
        ]
        for item in items
    ]
    head = ["item", "points", "earned on average", "full marks", "discrimination"]
    said = "".join(_reasons(item) for item in items)
    return (
        f"<h2>Items</h2>\n{drawing.kinds(items).html}\n{_table(head, rows, numbers=range(1, 5))}\n"
        '<p class="small">Discrimination is the correlation with the points of all other items: near 1, who '
        "does well here does well elsewhere; near 0 or below, look at the item again.</p>\n"
        f"<h3>What was wrong most often</h3>\n{said or '<p>Nothing.</p>'}"
    )


def _reasons(item: ItemFigures) -> str:
    if not item.reasons:
        return ""
    rows = "".join(f"<li>{count} × {escape(reason)}</li>" for reason, count in item.reasons)
    return f"<p><b>{escape(item.title)}</b></p><ul>{rows}</ul>\n"


def _measured(report: ClassReport) -> str:
    from helpers.grading.report import drawing

    found = measured(report.class_)
    if not found:
        return ""
    return "<h2>Against the thresholds</h2>\n" + "\n".join(
        drawing.against_thresholds(one).html for one in found
    )


def _slowest(graded: Sequence[Standing]) -> str:
    timed = sorted((one for one in graded if one.seconds is not None), key=lambda one: -(one.seconds or 0))
    if not timed:
        return ""
    rows = [[escape(one.student), f"{one.seconds:.1f}", escape(one.cut)] for one in timed[:_SLOWEST]]
    middle = timed[len(timed) // 2].seconds
    table = _table(["student", "seconds", "what cut it short"], rows, numbers=[1])
    return (
        f"<h2>Slowest submissions</h2>\n{table}"
        f'<p class="small">The one in the middle of the class took {middle:.1f} s.</p>'
    )


def _pairs(report: ClassReport) -> str:
    head = "<h2>Nearly the same answers</h2>\n"
    if not report.pairs:
        return f"{head}<p>No two are alike by {percent(LEAST_SIMILARITY, 0)} or more.</p>"
    note = (
        '<p class="small">Compared without comments and layout, and whatever names were chosen. Short or '
        "guided tasks make honest answers alike: read both before you conclude anything.</p>\n"
    )
    return head + note + "\n".join(_pair(pair, report.answers) for pair in report.pairs)


def _pair(pair: Pair, answers: Mapping[str, str]) -> str:
    left, right = (answers[one][:_CODE_LIMIT].splitlines() for one in (pair.first, pair.second))
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    same = [block for block in matcher.get_matching_blocks() if block.size]
    kept_left = {place for block in same for place in range(block.a, block.a + block.size)}
    kept_right = {place for block in same for place in range(block.b, block.b + block.size)}
    names = f"{escape(pair.first)} and {escape(pair.second)}"
    return (
        f"<details><summary>{names}: {percent(pair.similarity, 0)}</summary>"
        f'<div class="pair"><div><pre>{_lines(left, kept_left)}</pre></div>'
        f"<div><pre>{_lines(right, kept_right)}</pre></div></div></details>"
    )


def _lines(lines: Sequence[str], same: set[int]) -> str:
    return "\n".join(
        escape(line) if place in same else f'<span class="differs">{escape(line)}</span>'
        for place, line in enumerate(lines)
    )


def _everyone(report: ClassReport) -> str:
    rows = [
        [
            escape(one.student),
            *("–" if one.scores.get(item) is None else f"{one.scores[item]:.2f}" for item in report.points),
            f"{one.total:.2f}",
            "<br>".join(escape(note) for note in one.notes),
        ]
        for one in report.class_
    ]
    head = ["student", *map(escape, report.points), "total", "to look at"]
    return f"<h2>Everyone</h2>\n{_table(head, rows, numbers=range(1, len(report.points) + 2))}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    right = set(numbers)

    def row(cells: Sequence[str], tag: str) -> str:
        kinds = (' class="number"' if place in right else "" for place in range(len(cells)))
        return (
            "<tr>"
            + "".join(f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, cells, strict=True))
            + "</tr>"
        )

    return "<table>\n" + "\n".join([row(head, "th"), *(row(cells, "td") for cells in rows)]) + "\n</table>"
