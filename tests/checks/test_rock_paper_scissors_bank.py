"""The bank of assignment 06: functions get the points they deserve, networks are accepted or refused.

Networks are trained on few images here. How accurate they become on all of them: docs/calibration.md.
"""

from __future__ import annotations

import pytest

from tests.checks.banks import Bank, BankOfNetworksTests

# A network learns nothing from so few, and its table has so few rows: the tests are quick.
FEW = """
from dataclasses import replace

few = {"x_train": 120, "y_train": 120, "x_test": 50, "y_test": 50}
hands, signs = (
    replace(data, **{name: getattr(data, name)[:count] for name, count in few.items()})
    for data in (hands, signs)
)
x_train, y_train, x_test, y_test = hands.x_train, hands.y_train, hands.x_test, hands.y_test
"""

pytestmark = pytest.mark.slow


class TestTheBank(BankOfNetworksTests):
    bank = Bank(
        "06_sign_language_rps",
        networks=("model", "letters"),
        few=FEW,
        settings={"unseen_images": 48},
    )
