"""The page that a student gets back: `nbgrader generate_feedback` makes it with this exporter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

_TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(HTMLExporter):
    """A page with the result, and the student's notebook with the verdicts in it.

    Of what a student's code displayed, only pictures and text are shown: HTML and scripts of theirs would run
    in the browser of whoever reads it.
    """

    @property
    def default_config(self) -> Any:
        settings = Config()
        settings.FeedbackExporter.template_name = "workshop_feedback"
        settings.FeedbackExporter.extra_template_basedirs = [str(_TEMPLATES)]
        settings.NbConvertBase.display_data_priority = [
            "image/svg+xml",
            "image/png",
            "image/jpeg",
            "text/plain",
        ]
        inherited = super().default_config
        inherited.merge(settings)
        return inherited

    def default_filters(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        yield from super().default_filters()
        yield "safe_markdown", safe_markdown


def safe_markdown(source: str) -> str:
    """Markdown as HTML; HTML that stands in it is shown as text."""
    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=True)).render(source))
