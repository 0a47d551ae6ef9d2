"""The bank of assignment 02: functions get the points they deserve, whatever is drawn."""

from __future__ import annotations

from tests.checks.banks import Bank, BankTests
from tests.checks.by_hand import ITEMS, NAME, SEEDS, item


class TestTheBank(BankTests):
    bank = Bank(
        NAME,
        challenges=tuple(SEEDS),
        at_least={"Right": 10, "Wrong": 24, "Partly": 2},
    )

    def test_nothing_is_left_to_chance(self) -> None:
        for answer in self.bank.answers:
            assert all(points.least == points.most for points in answer.expected.values())

    def test_every_part_is_missed_by_some_answer_that_has_the_rest_of_its_item(self) -> None:
        missed = set()
        for answer in self.bank.answers:
            for name, found in self.bank.functions(answer).items():
                lost = [finding.part for finding in found[0].findings if not finding.earned]
                missed |= {(name, lost[0])} if len(lost) == 1 else set()
        # Others build on these.
        together = {("correlate2d", part) for part in ("strides", "same", "valid")}
        together |= {
            ("max_pool2d", "windows"),
            ("max_pool2d", "strides"),
            ("pad2d", "zeros"),
            ("pad2d", "kept"),
        }
        wanted = {(name, part) for name in ITEMS for part in item(name).parts}
        assert wanted - together <= missed
