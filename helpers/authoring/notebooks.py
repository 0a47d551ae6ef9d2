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
    """A copy that says that it is generated; what an editor or a kernel left in its metadata is dropped."""
    result = copy.deepcopy(notebook)
    written = source.notebook.metadata
    language = {key: value for key, value in written.get("language_info", {}).items() if key != "version"}
    origin = f"source/{source.name}/{source.notebook_name}"
    result.metadata.clear()
    result.metadata["kernelspec"] = copy.deepcopy(written.get("kernelspec", {}))
    result.metadata["language_info"] = language
    result.metadata[MARK] = {"generated_by": "workshop build", "generated_from": origin, **more}
    return result
