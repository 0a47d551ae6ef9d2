"""Widgets that people move by hand, and that are figures where nobody can.

A widget lives as long as its kernel. So wherever one is stored or printed (nbconvert, nbval, a saved
notebook), what stands there is its still form: a figure with alt text. In files that JupyterLab saves,
`helpers.commands.saving` sees to that.
"""

from __future__ import annotations

import sys
from typing import Any

import anywidget
import traitlets

from helpers.plotting import Figure


class WidgetWithStillForm(anywidget.AnyWidget):
    """A widget that is shown alive to a person, and as `figure()` to everything else.

    Attributes:
        invitation: what stands below the still form, for people.
    """

    invitation = ""

    # ipywidgets would open a channel of its own for a layout, even where nobody can see it; none is needed.
    layout = traitlets.Any(None, allow_none=True)

    def figure(self) -> Figure:
        """The still form."""
        raise NotImplementedError

    def open(self) -> None:
        """Opens the channel to the browser, if there is somebody to look."""
        if somebody_looks():
            super().open()

    def __repr__(self) -> str:
        return self.figure().alt

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = self.figure()._repr_mimebundle_()
        if self.invitation:
            data["text/html"] += f"<p>{self.invitation}</p>"
        if self.comm is None:
            return data, metadata
        live, more = super()._repr_mimebundle_(**options)
        return {**live, **data}, {**more, **metadata}


def somebody_looks() -> bool:
    """Whether a person runs the cells. Programs that do (nbconvert, nbval) say that nobody can answer."""
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython.get_ipython() if ipython else None, "kernel", None)
    return kernel is not None and bool(getattr(kernel, "_allow_stdin", True))
