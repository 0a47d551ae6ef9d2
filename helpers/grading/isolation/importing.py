"""Importing what others import as well, without parts of it that take long and that nothing here needs."""

from __future__ import annotations

import sys
from importlib import import_module


def import_jsonschema() -> None:
    """Imports jsonschema, which everything that reads notebooks imports, without checks of the format "iri".

    The package for these compiles a grammar while it is imported: 1.1 processor seconds, in each process. No
    schema of notebooks or of nbgrader asks for that format.
    """
    _import_without("rfc3987_syntax", "jsonschema")


def import_kernel() -> None:
    """Imports IPython's kernel without its debugger, which nobody can ask for here."""
    _import_without("debugpy", "ipykernel.debugger")


def _import_without(left_out: str, name: str) -> None:
    """Imports a module as if another one weren't installed; if neither has been imported yet."""
    if name in sys.modules or left_out in sys.modules:
        return
    sys.modules[left_out] = None  # type: ignore[assignment]
    try:
        import_module(name)
    finally:
        del sys.modules[left_out]
