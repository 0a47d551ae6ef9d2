"""A figure that carries its alt text wherever it is shown.

JupyterLab and nbconvert's default template ignore the `alt` that an image/png output has in its metadata, but
show an HTML output before a PNG. So a figure offers both: HTML, whose <img> has the alt text, for pages; and
the PNG, with the alt text in its metadata, for everything else (PDF, other viewers, tools that read outputs).
"""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from helpers.errors import WorkshopError
from helpers.plotting.style import DPI, STYLE

COLOURS = 128  # in a stored picture: no loss that can be seen, and about half of the bytes

COMPRESSION = 7  # of 9, which takes seven times as long and saves one byte in fifteen


class PlottingError(WorkshopError):
    """What was given cannot be drawn."""


class Figure:
    """A finished picture and the words for what is to be seen in it.

    Attributes:
        figure: the Matplotlib figure; change it before the first display if you like.
        alt: the text for whoever cannot see the picture.
    """

    def __init__(self, figure: Any, alt: str) -> None:
        self.figure = figure
        self.alt = alt

    @cached_property
    def png(self) -> bytes:
        """The picture as a PNG file, drawn once."""
        return _png(self.figure, self.alt)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = self.figure.get_size_inches()
        return round(width * DPI), round(height * DPI)

    def save(self, path: str | Path) -> Path:
        """Write the picture to `path` (.png with the alt text inside; or .svg, .pdf).

        Raises:
            PlottingError: if the file cannot be written or its ending is unknown.
        """
        path = Path(path)
        try:
            if path.suffix.lower() == ".png":
                path.write_bytes(self.png)
            else:
                self.figure.savefig(path)
        except (OSError, ValueError) as error:
            raise PlottingError(
                f"The figure could not be saved as {path}: {error}. "
                "Choose a folder that exists and a name that ends in .png, .svg or .pdf."
            ) from error
        return path

    def __repr__(self) -> str:
        return self.alt

    @property
    def html(self) -> str:
        """An <img> with the alt text, complete in itself."""
        return (
            f'<img alt="{escape(self.alt)}" width="{self.size[0]}" style="max-width: 100%; height: auto" '
            f'src="data:image/png;base64,{b64encode(self.png).decode("ascii")}">'
        )

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        width, height = self.size
        data = {
            "text/plain": self.alt,
            "text/html": self.html,
            "image/png": b64encode(self.png).decode("ascii"),
        }
        return data, {"image/png": {"alt": self.alt, "width": width, "height": height}}


@contextmanager
def canvas(
    width: float, height: float, rows: int = 1, columns: int = 1, **options: Any
) -> Iterator[tuple[Any, Any]]:
    """An empty figure (inches) and its axes, in the workshop's style.

    It does not pass through pyplot: no window, no state, nothing shown twice, no backend needed.
    """
    with _workshop_style():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as MatplotlibFigure
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.07)
        figure = MatplotlibFigure(figsize=(width, height), layout=layout)
        FigureCanvasAgg(figure)
        yield figure, figure.subplots(rows, columns, **options)


@contextmanager
def _workshop_style() -> Iterator[None]:
    """Matplotlib as this package wants it, whatever a notebook has set; afterwards all is as before.

    Importing Matplotlib fails if MPLBACKEND holds a name that it does not know. Our figures need no backend,
    so they do without.
    """
    wanted = None if "matplotlib" in sys.modules else os.environ.pop("MPLBACKEND", None)
    from matplotlib import style

    if wanted is not None:
        os.environ["MPLBACKEND"] = wanted
    with style.context(["default", STYLE]):
        yield


def _png(figure: Any, alt: str) -> bytes:
    """The figure as a small PNG with a palette; the same bytes for the same drawing."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    with _workshop_style():
        figure.canvas.draw()
    picture = Image.frombuffer("RGBA", figure.canvas.get_width_height(), figure.canvas.buffer_rgba()).convert(
        "RGB"
    )
    small = _with_palette(picture)
    words = PngInfo()
    words.add_itxt("Description", alt)
    file = BytesIO()
    small.save(file, "PNG", compress_level=COMPRESSION, pnginfo=words, dpi=(DPI, DPI))
    return file.getvalue()


def _with_palette(picture: Any) -> Any:
    """With so few colours as a stored picture has. Grey ones, as of digits, need no search for them."""
    import numpy as np
    from PIL import Image

    red, *others = picture.split()
    if any(other.tobytes() != red.tobytes() for other in others):
        return picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    shades = np.flatnonzero(red.histogram())
    if len(shades) > COLOURS:
        shades = np.linspace(0, 255, COLOURS).round().astype(int)
    small = red.point(np.abs(np.subtract.outer(np.arange(256), shades)).argmin(axis=1).tolist())
    small.putpalette(shades.repeat(3).tolist())
    return small
