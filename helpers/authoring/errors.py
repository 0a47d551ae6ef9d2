"""What can be wrong with the sources of assignments, and with what is generated from them."""

from __future__ import annotations

from helpers.errors import WorkshopError


class SourceError(WorkshopError):
    """A source notebook or its assignment.toml can't be released as it is."""


class BuildError(WorkshopError):
    """Generating from a source failed, or what is committed differs from what would be generated."""
