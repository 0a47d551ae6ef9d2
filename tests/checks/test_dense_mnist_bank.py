"""The bank of assignment 01: networks are trained on all images, and everything has exactly its points."""

from __future__ import annotations

import pytest

from tests.checks.banks import Bank, BankOfNetworksTests

pytestmark = pytest.mark.slow


class TestTheBank(BankOfNetworksTests):
    bank = Bank("01_dense_mnist", networks=("model",), at_least={"Right": 7, "Wrong": 14, "Partly": 2})
