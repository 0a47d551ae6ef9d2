"""The page that a student gets back: `nbgrader generate_feedback` makes it with this exporter."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from helpers.grading.databases import close_connections
from helpers.grading.safe_html import safe_html

_TEMPLATES = Path(__file__).parent / "templates"
_SHOWN = ("image/svg+xml", "image/png", "image/jpeg", "text/html", "text/plain")
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
_ABOUT = re.compile(rb"<metadata>.*?</metadata>", re.DOTALL)  # when it was drawn, and with what
_CODE = re.compile(r"(<pre.*?</pre>|<code.*?</code>)", re.DOTALL)


class FeedbackExporter(HTMLExporter):
    """A page with the result, and the student's notebook with the verdicts in it.

    What a student's code displayed is cut down to what can't run anything or fetch anything in the browser of
    whoever reads it; and the page has a policy of its own by which a browser runs no script at all.
    """

    def __init__(self, config: Any = None, **options: Any) -> None:
        super().__init__(config, **options)
        close_connections()

    @property
    def default_config(self) -> Any:
        settings = Config()
        settings.FeedbackExporter.template_name = "workshop_feedback"
        settings.FeedbackExporter.extra_template_basedirs = [str(_TEMPLATES)]
        settings.NbConvertBase.display_data_priority = list(_SHOWN)
        inherited = super().default_config
        inherited.merge(settings)
        return inherited

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> tuple[str, Any]:
        """The page; the notebook that is given stays as it is."""
        import copy

        nb = copy.deepcopy(nb)
        for cell in nb.cells:
            if cell.cell_type == "code" and "workshop" not in cell.metadata:
                cell.outputs = [kept for kept in map(_harmless, cell.outputs) if kept.get("data", True)]
        page: tuple[str, Any] = super().from_notebook_node(nb, resources, **kwargs)
        return page

    def default_filters(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        yield from super().default_filters()
        yield "safe_markdown", safe_markdown
        yield "formulas", with_formulas
        yield "hint_that_fits", hint_that_fits


def safe_markdown(source: str, attachments: Any = None) -> str:
    """Markdown as HTML; HTML that stands in it is shown as text, and nothing is fetched from elsewhere."""
    renderer = _Renderer(escape=True, attachments=attachments or {})
    return safe_html(MarkdownWithMath(renderer=renderer).render(source))


class _Renderer(IPythonRenderer):
    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture; nbconvert gives up the whole page for an attachment that isn't there."""
        try:
            return str(super().image(text, url, title))
        except (InvalidNotebook, StopIteration, AttributeError, TypeError):
            return html.escape(f"[{text or 'picture'}]")


def hint_that_fits(account: dict[str, Any]) -> int:
    """Which of an item's hints comes first for this verdict, counted from 0.

    Who hasn't begun gets the gentlest, who has earned nothing the next one, who is nearly there the plainest.
    """
    if account["state"] == "not attempted":
        return 0
    earned = any(part["earned"] > 0 for part in account.get("parts", []))
    return len(account["hints"]) - 1 if earned else min(1, len(account["hints"]) - 1)


def with_formulas(page: str) -> str:
    """HTML with its formulas, between dollars, as pictures: a page that runs no script can't set them."""
    pieces = _CODE.split(page)
    return "".join(piece if _CODE.match(piece) else _FORMULA.sub(_picture, piece) for piece in pieces)


def _picture(found: re.Match[str]) -> str:
    formula = html.unescape(found[1] or found[2]).strip()
    drawn = _drawn(formula)
    if drawn is None:
        return f"<code>{html.escape(formula)}</code>"
    style = "display:block;margin:.6rem auto" if found[1] else "vertical-align:middle"
    return f'<img alt="{html.escape(formula)}" style="{style}" src="data:image/svg+xml;base64,{drawn}">'


@lru_cache(maxsize=256)
def _drawn(formula: str) -> str | None:
    """A formula as SVG in base64, always the same for the same one; None for what Matplotlib doesn't know."""
    from matplotlib import rc_context
    from matplotlib.mathtext import math_to_image

    buffer = BytesIO()
    try:
        with rc_context({"svg.hashsalt": "feedback"}):
            math_to_image(f"${' '.join(formula.split())}$", buffer, format="svg", dpi=96)
    except ValueError:
        return None
    return base64.b64encode(_ABOUT.sub(b"", buffer.getvalue())).decode()


def _harmless(output: Any) -> Any:
    """An output cut down to what is shown of it."""
    from nbformat import from_dict

    if "data" not in output:
        return output
    kept = {kind: output.data[kind] for kind in _SHOWN if kind in output.data}
    if "text/html" in kept:
        kept["text/html"] = safe_html(_text(kept["text/html"]))
        if not kept["text/html"].strip():
            del kept["text/html"]  # its text says more
    return from_dict({**output, "data": kept, "metadata": _description(output.metadata)})


def _description(metadata: Any) -> dict[str, Any]:
    """Of an output's metadata, a picture's description alone: templates write the rest into attributes."""
    kept = {}
    for kind, about in metadata.items():
        alt = about.get("alt") if isinstance(about, dict) else None
        if kind in _SHOWN and isinstance(alt, str):
            kept[kind] = {"alt": alt}
    return kept


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
