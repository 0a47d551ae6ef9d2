"""An instructor looks at the demo's grades in nbgrader's own formgrader."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
