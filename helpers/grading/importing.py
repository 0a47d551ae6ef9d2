"""Importing jsonschema, which everything that reads notebooks imports, without what takes a second of it."""

from __future__ import annotations

import sys
from importlib import import_module

_SLOW = "rfc3987_syntax"


def import_jsonschema() -> None:
    """Imports jsonschema, without checks of the format "iri" if it is the first time.

    The package for these compiles a grammar while it is imported: 1.1 processor seconds, in each process. No
    schema of notebooks or of nbgrader asks for that format.
    """
    if "jsonschema" in sys.modules or _SLOW in sys.modules:
        return
    sys.modules[_SLOW] = None  # type: ignore[assignment]  # as if it weren't installed
    try:
        import_module("jsonschema")
    finally:
        del sys.modules[_SLOW]
