"""Generated notebooks as text: the same bytes for the same content, and a word on where they come from."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.authoring.source import Source

MARK = "workshop"
"""The entry of a notebook's metadata that says that it is generated, and from what."""


def text_of(notebook: Any) -> str:
    """A notebook as the text of its file: sorted keys, one newline at the end."""
    import nbformat

    return str(nbformat.writes(notebook, version=4)) + "\n"


def with_unix_lines(content: bytes) -> bytes:
    """Git may have checked text out with Windows line ends; that makes no difference."""
    return content.replace(b"\r\n", b"\n")


def marked(notebook: Any, source: Source, **more: str) -> Any:
    """A copy that says that it is generated; what a kernel or an editor put into its metadata is dropped."""
    result = copy.deepcopy(notebook)
    origin = f"source/{source.name}/{source.notebook_name}"
    result.metadata = copy.deepcopy(source.notebook.metadata)
    result.metadata[MARK] = {"generated_by": "workshop build", "generated_from": origin, **more}
    return result
