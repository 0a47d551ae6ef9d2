"""Notebooks under nbval: a figure is compared by its alt text, which is its text/plain.

Its HTML holds the picture, whose bytes may differ from one computer to the next; and stored notebooks may
leave it out, since the PNG beside it is the same picture.
"""

from __future__ import annotations

from typing import Any


def pytest_collectstart(collector: Any) -> None:
    """nbval's collectors have a list of the kinds of output that they leave out of the comparison."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("text/html",)
