"""What holds for the answers of every assignment: each gets the points that it deserves.

A module of tests describes its assignment's bank and inherits the tests:

    class TestTheBank(BankOfNetworksTests):
        bank = Bank("03_cnn", networks=("model",), few=FEW_DIGITS)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any, ClassVar

import nbformat
import pytest

from helpers.authoring.rehearsal import Rehearsal, fresh_images, rehearse
from helpers.authoring.source import cell_name
from helpers.checks.items import ImageSources
from helpers.checks.specification import AssignmentSpecification, read
from helpers.checks.verdict import State, Verdict
from helpers.grading.classroom import Answer, Expected, fill_in, read_bank

ROOT = Path(__file__).resolve().parents[2]
BY_TRAINING = ("accuracy", "clean", "moved")
"""Parts of an item whose points depend on how well a network has learned; the others are had or not."""

FEW_DIGITS = "x_train, y_train, x_test, y_test = x_train[:320], y_train[:320], x_test[:50], y_test[:50]"
"""For notebooks that have these four arrays."""


@dataclass(frozen=True, eq=False)
class Bank:
    """An assignment's answers, and what their notebook is spared so that all of them run in little time.

    networks:   items whose answers are trained.
    few:        code that goes on after the cell of the data, so that networks learn from few images; without
                it they learn from all, and earn their points.
    settings:   of the networks' items, in place of those in assignment.toml.
    challenges: seeds of what functions are judged on.
    too_few:    cells that can't show anything of few images.
    at_least:   how many answers of a kind there must be.
    """

    name: str
    networks: tuple[str, ...] = ()
    few: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    challenges: tuple[int, ...] = (1, 2)
    too_few: tuple[str, ...] = ()
    at_least: Mapping[str, int] = field(default_factory=lambda: {"Right": 6, "Wrong": 12})
    _runs: dict[object, Rehearsal] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return ROOT / "release" / self.name

    @cached_property
    def answers(self) -> list[Answer]:
        return read_bank(self.name)

    @cached_property
    def specification(self) -> AssignmentSpecification:
        whole = read(self.folder / "assignment.toml").on("bundled")
        changed = {name: whole.items[name] for name in self.networks}
        changed = {
            name: replace(one, settings={**one.settings, **self.settings}) for name, one in changed.items()
        }
        return replace(whole, items={**whole.items, **changed})

    @cached_property
    def images(self) -> ImageSources:
        return fresh_images(self.specification)

    def functions(self, answer: Answer) -> dict[str, list[Verdict]]:
        """By item, the verdicts on all that isn't trained. Items don't depend on each other."""
        cells = {name: text for name, text in answer.cells.items() if self._network(name) is None}
        found = self.run(cells, self.challenges).verdicts
        return {item: verdicts for item, verdicts in found.items() if item not in self.networks}

    def network(self, answer: Answer, item: str) -> list[Verdict]:
        """The verdicts on one network; several only if it learned from all images, which is worth them."""
        cells = {name: text for name, text in answer.cells.items() if self._network(name) == item}
        return self.run(cells, self.challenges[:1] if self.few else self.challenges).verdicts.get(item, [])

    def run(self, cells: Mapping[str, str], challenges: tuple[int, ...]) -> Rehearsal:
        """With these cells filled in, without students' tries; what several answers share runs once."""
        known = frozenset(cells.items()), challenges
        if known not in self._runs:
            self._runs[known] = self._rehearse(cells, challenges, lambda cell: "nbgrader" in cell.metadata)
        return self._runs[known]

    def untouched(self) -> Rehearsal:
        """The released notebook from top to bottom."""
        return self._rehearse({}, self.challenges[:1], lambda cell: cell.id not in self.too_few)

    def _rehearse(
        self, cells: Mapping[str, str], challenges: tuple[int, ...], chosen: Callable[[Any], bool]
    ) -> Rehearsal:
        notebook = nbformat.read(self.folder / f"{self.name}.ipynb", as_version=4)
        notebook.cells = [cell for cell in notebook.cells if chosen(cell)]
        for cell in notebook.cells:
            if cell_name(cell) == "data":
                cell.source += f"\n{self.few}"
        fill_in(notebook, replace(self.answers[0], cells=cells))
        return rehearse(notebook, self.specification, self.folder, self.images, challenges)

    def _network(self, cell: str) -> str | None:
        item = cell.removeprefix("answer-")
        return item if item in self.networks else None


# What students' code warns of is no matter of ours.
@pytest.mark.filterwarnings("ignore")
class BankTests:
    """What holds for the bank of each assignment."""

    bank: ClassVar[Bank]

    @staticmethod
    def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
        """Runs a test for each answer, or for each network of the bank, the same text once."""
        bank: Bank = metafunc.cls.bank
        if "item" in metafunc.fixturenames:
            metafunc.parametrize(("answer", "item"), list(_networks(bank)))
        elif "answer" in metafunc.fixturenames:
            metafunc.parametrize("answer", bank.answers, ids=lambda answer: answer.name)

    @pytest.fixture(autouse=True, scope="class")
    def _bundled_data(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WORKSHOP_DATA", "bundled")
            yield

    def test_a_function_gets_the_points_it_deserves(self, answer: Answer) -> None:
        found = self.bank.functions(answer)
        for item in answer.expected.keys() - set(self.bank.networks):
            _have_their_points(found.get(item, []), answer.expected[item])
            self._say_why(found.get(item, []), item, answer)

    def test_its_kind_fits_its_points(self, answer: Answer) -> None:
        full = {item: one.possible for item, one in self.bank.specification.items.items()}
        assert answer.expected.keys() == full.keys()
        least = {item: points.least for item, points in answer.expected.items()}
        most = {item: points.most for item, points in answer.expected.items()}
        assert (least == full) == (_kind(answer) == "Right")
        assert (most == full) == (_kind(answer) == "Right")
        assert all(most[item] <= full[item] for item in full)

    def test_the_released_notebook_is_not_attempted_and_stops_nowhere(self) -> None:
        untouched = self.bank.untouched()
        assert untouched.errors == {}
        assert untouched.verdicts.keys() == self.bank.specification.items.keys()
        for found in untouched.verdicts.values():
            assert {verdict.state for verdict in found} == {State.NOT_ATTEMPTED}

    def test_it_is_rich_enough(self) -> None:
        kinds = [_kind(answer) for answer in self.bank.answers]
        for kind, count in self.bank.at_least.items():
            assert kinds.count(kind) >= count
        assert len({answer.about for answer in self.bank.answers}) == len(kinds)

    def _say_why(self, found: list[Verdict], item: str, answer: Answer) -> None:
        if answer.expected[item].most < self.bank.specification.items[item].possible:
            for verdict in found:
                assert verdict.state is not State.RIGHT
                assert len(verdict.plain().splitlines()) > 1
                assert "Traceback" not in verdict.plain()


class BankOfNetworksTests(BankTests):
    """What holds besides where answers are trained."""

    def test_a_network_gets_the_points_it_deserves(self, answer: Answer, item: str) -> None:
        found = self.bank.network(answer, item)
        self._say_why(found, item, answer)
        if not self.bank.few:
            _have_their_points(found, answer.expected[item])
            return
        (verdict,) = found
        _has_its_points_but_for_training(verdict, answer.expected[item], self._points(item))

    def test_the_same_network_deserves_the_same_and_none_nothing(self) -> None:
        for item in self.bank.networks:
            deserved = {"": Expected(0, 0)}
            for answer in self.bank.answers:
                text = answer.cells.get(f"answer-{item}", "")
                assert deserved.setdefault(text, answer.expected[item]) == answer.expected[item], answer.name

    def _points(self, item: str) -> Mapping[str, float]:
        return self.bank.specification.items[item].points


def _have_their_points(found: list[Verdict], expected: Expected) -> None:
    """Each verdict is as expected; a check that did not run at all gives no points."""
    scores = [verdict.score for verdict in found]
    assert all(expected.holds(score) for score in scores), f"{scores}, not {expected}"
    assert scores or expected.most == 0, f"the check did not run, yet {expected} is expected"


def _has_its_points_but_for_training(
    verdict: Verdict, expected: Expected, points: Mapping[str, float]
) -> None:
    """Without the points for its accuracy, which few images can't show, a network has what they leave it.

    Of exact points, accuracy gives all that it can or nothing. A range may end where it gives all, on top of
    other parts. In any other range, these are had as far as they fit into its least.
    """
    learned = sum(points[part] for part in BY_TRAINING if part in points)
    others = [value for part, value in points.items() if part not in BY_TRAINING]
    sums = {sum(some) for size in range(len(others) + 1) for some in combinations(others, size)}
    sure = sum(points[one.part] * one.earned for one in verdict.findings if one.part not in BY_TRAINING)
    if expected.most == 0:
        assert (verdict.state, verdict.score) == (State.WRONG, 0)
        assert verdict.reason
        return
    assert verdict.reason == "" or expected.least == 0
    if expected.least == expected.most:
        assert sure in {expected.least, expected.least - learned}
    elif expected.most - learned in sums:
        assert sure == expected.most - learned
    elif expected.least > 0:
        assert sure == max(one for one in sums if one <= expected.least)
    else:
        assert sure <= expected.most


def _networks(bank: Bank) -> Iterator[Any]:
    """Each answer's networks; a text that several answers share, once."""
    seen = set()
    for answer in bank.answers:
        for item in bank.networks:
            text = answer.cells.get(f"answer-{item}")
            if text is not None and (item, text) not in seen:
                seen.add((item, text))
                yield pytest.param(answer, item, id=f"{answer.name}-{item}")


def _kind(answer: Answer) -> str:
    return answer.about.split(":")[0]
