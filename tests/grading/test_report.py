"""The class report: right figures, similar answers found, and nothing in it that runs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from helpers.grading.report.measuring import Kind, item_figures, kind_of, measured
from helpers.grading.report.page import ClassReport, page
from helpers.grading.report.similarity import Pair, near_identical, normalised
from helpers.grading.standing import Standing

POINTS = {"count": 1.0, "model": 4.0}


def account(state: str, earned: float, value: float | None = None, reason: str = "") -> dict[str, Any]:
    part = {"part": "accuracy", "earned": earned, "possible": 4.0, "message": f"It has {value or 0:.2f}."}
    part |= {"measured": value, "zero": 0.5, "full": 0.9}
    return {"title": "2 · A model", "state": state, "reason": reason, "parts": [] if reason else [part]}


def student(
    name: str, count: float | None, model: float | None, about: dict[str, Any], **more: Any
) -> Standing:
    scores = {"count": count, "model": model}
    return Standing(name, scores, (count or 0) + (model or 0), accounts={"model": about}, **more)


CLASS = [
    student("ada", 1, 4, account("right", 4, 0.95), seconds=3.0),
    student("alan", 1, 2, account("wrong", 2, 0.7), seconds=9.0),
    student("emmy", 0, 0, account("wrong", 0, 0.4), seconds=2.0),
    student("grace", 0, 0, account("not attempted", 0, reason="Still to do."), seconds=1.0),
    student("ida", 0, 0, account("wrong", 0, reason="It was stopped."), cut="It was stopped.", seconds=60.0),
    student("jean", 1, 0, account("wrong", 0, reason="Your function raised ValueError.")),
    student("vera", None, None, {}, notes=("<script>alert(1)</script>",)),
]


def test_each_item_has_become_what_it_is() -> None:
    found = [kind_of(one, "model", 4) for one in CLASS]
    assert found == [Kind.FULL, Kind.PARTLY, Kind.WRONG, Kind.UNTOUCHED, Kind.CUT, Kind.NOTHING, None]


def test_figures_of_items_leave_out_who_has_no_score() -> None:
    count, model = item_figures(CLASS, POINTS)
    assert (count.title, model.title) == ("count", "2 · A model")
    assert count.mean == pytest.approx(3 / 6)
    assert model.mean == pytest.approx(6 / 24)
    assert sum(model.kinds.values()) == 6
    assert model.discrimination == pytest.approx(count.discrimination)
    assert 0.5 < (model.discrimination or 0) < 1


def test_an_item_that_everyone_has_right_discriminates_nobody() -> None:
    everyone = [student(str(number), 1, number, account("wrong", 1, 0.6)) for number in range(4)]
    assert item_figures(everyone, POINTS)[0].discrimination is None


def test_reasons_that_differ_in_numbers_alone_are_one() -> None:
    reasons = dict(item_figures(CLASS, POINTS)[1].reasons)
    assert reasons["It has …."] == 2
    assert reasons["Your function raised ValueError."] == 1


def test_a_digit_in_a_name_stays_in_a_reason() -> None:
    said = account(
        "wrong", 0, reason="No Conv2D layer; the input has the shape (28, 28, 1), that is 1,024.5 values."
    )
    (reason,) = dict(item_figures([student("ada", 0, 0, said)], POINTS)[1].reasons)
    assert reason == "No Conv2D layer; the input has the shape (…, …, …), that is … values."


def test_reasons_that_differ_in_an_array_alone_are_one() -> None:
    arrays = ("[[[[0.5], [1]], [[-0.25], [0]]]]", "[[0.5 1.\n  2.]]", "[7]")
    class_ = [
        student(str(number), 1, 0, account("wrong", 0, reason=f"With images {array}, stride[a] is wrong."))
        for number, array in enumerate(arrays)
    ]
    assert dict(item_figures(class_, POINTS)[1].reasons) == {"With images […], stride[a] is wrong.": 3}


def test_what_was_measured_keeps_its_thresholds() -> None:
    (one,) = measured(CLASS)
    assert one.values == {"ada": 0.95, "alan": 0.7, "emmy": 0.4}
    assert (one.item, one.part, one.zero, one.full) == ("model", "accuracy", 0.5, 0.9)


ANSWER = """
def prepare(images, labels):
    scaled = images.astype("float32") / 255
    with_channel = scaled[..., np.newaxis]
    one_hot = np.zeros((len(labels), 10))
    for place, label in enumerate(labels):
        one_hot[place, label] = 1.0
    return with_channel, one_hot
"""
RENAMED = """
# all my own work
def prepare(x, y):
    a = x.astype( "float32" ) / 255   # scaled

    b = a[..., np.newaxis]
    c = np.zeros((len(y), 10))
    for i, j in enumerate(y):
        c[i, j] = 1.0
    return b, c
"""
OTHER = """
def prepare(images, labels):
    flat = np.stack([image.reshape(28, 28, 1) for image in images])
    identity = np.identity(10, dtype="float32")
    return np.divide(flat, 255.0, dtype="float32"), identity[np.asarray(labels, dtype=int)]
"""


def test_names_comments_and_layout_hide_nothing() -> None:
    assert normalised(ANSWER) == normalised(RENAMED)
    pairs = near_identical({"ada": ANSWER, "alan": RENAMED, "emmy": OTHER})
    assert pairs == [Pair("ada", "alan", 1.0)]


def test_what_is_not_python_is_compared_by_words() -> None:
    words = " ".join(f"word{number}" for number in range(60))
    broken = f"def (:\n '''{words}"
    assert near_identical({"a": broken, "b": broken + " more", "c": OTHER})[0].first == "a"


def test_short_answers_are_alike_of_themselves() -> None:
    assert near_identical({"ada": "def f(x):\n    return x", "alan": "def f(y):\n    return y"}) == []


def report(class_: list[Standing]) -> str:
    answers = {"ada": ANSWER + "# <b>1</b> < 2", "alan": RENAMED}
    return page(ClassReport("Digits <1>", class_, POINTS, answers, near_identical(answers), ["vera"]))


def test_the_page_holds_everyone_and_every_section() -> None:
    shown = report(CLASS)
    for one in CLASS:
        assert one.student in shown
    for title in ("Items", "Against the thresholds", "Slowest submissions", "Nearly the same", "Everyone"):
        assert f"<h2>{title}" in shown
    assert "ada and alan: 100 %" in shown
    assert shown.count("<img alt=") == 3
    assert shown.index(">ida<") < shown.index(">alan<"), "the slowest comes first"


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    shown = report(CLASS)
    assert not re.search(r"<script|<link|<iframe|https?:", shown)
    assert "&lt;script&gt;" in shown
    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert "default-src 'none'" in shown


def test_a_class_without_any_grade_has_a_page() -> None:
    assert "0 graded submissions" in report([CLASS[-1]])
