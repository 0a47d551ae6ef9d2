"""An instructor looks at the demo's grades in nbgrader's own formgrader."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Laboratory

pytestmark = [pytest.mark.browser, pytest.mark.slow]
