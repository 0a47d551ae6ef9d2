"""The bank of assignment 05: functions get the points they deserve, networks are accepted or refused.

Networks are trained on one sign of each letter here. How accurate they become on ten: docs/calibration.md.
"""

from __future__ import annotations

import pytest

from tests.checks.banks import Bank, BankOfNetworksTests

FEW = """
from dataclasses import replace
x_few, y_few, x_test, y_test = x_few[:24], y_few[:24], x_test[:48], y_test[:48]
signs = replace(signs, x_train=signs.x_train[:96], y_train=signs.y_train[:96])
"""

pytestmark = pytest.mark.slow


class TestTheBank(BankOfNetworksTests):
    bank = Bank(
        "05_transfer_learning",
        networks=("few", "tune"),
        few=FEW,
        settings={"labelled_images": 1, "unseen_images": 48},
        too_few=("look",),
    )
