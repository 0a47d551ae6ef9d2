"""What JupyterLab writes into a notebook's file: the still forms of widgets, which outlive their kernel.

A live widget in a saved notebook says “model not found” when that is opened again. Jupyter's server calls
`without_live_widgets` before it writes a file; the open page keeps its widgets.
"""

from __future__ import annotations

from typing import Any

LIVE = "application/vnd.jupyter.widget-view+json"
STILL = "image/png"
HOOK = "--ContentsManager.pre_save_hook=helpers.commands.saving.without_live_widgets"


def without_live_widgets(model: dict[str, Any], **_: Any) -> None:
    """Takes live widgets out of a notebook that is about to be saved, where a picture stands for them.

    Args:
        model: what the contents manager saves; changed in place.
    """
    if model.get("type") != "notebook":
        return
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if LIVE in data and STILL in data:
                del data[LIVE]
