"""The bank of assignment 03: functions get the points they deserve, networks are accepted or refused.

Networks are trained on few images here. How accurate they become on all of them: docs/calibration.md.
"""

from __future__ import annotations

import pytest

from tests.checks.banks import FEW_DIGITS, Bank, BankOfNetworksTests

pytestmark = pytest.mark.slow


class TestTheBank(BankOfNetworksTests):
    bank = Bank("03_cnn", networks=("model",), few=FEW_DIGITS, settings={"unseen_images": 100})
