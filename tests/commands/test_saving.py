"""A saved notebook holds the still forms of widgets, and all else as it was."""

from __future__ import annotations

import copy
from typing import Any

from helpers.commands.saving import LIVE, without_live_widgets


def output(**data: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": data, "metadata": {}}


def notebook(*outputs: dict[str, Any]) -> dict[str, Any]:
    code = {"cell_type": "code", "source": "1", "outputs": list(outputs)}
    return {"type": "notebook", "content": {"cells": [{"cell_type": "markdown", "source": "a"}, code]}}


def test_a_widget_with_a_still_form_leaves_that() -> None:
    still = {"image/png": "…", "text/html": "<img>", "text/plain": "a figure"}
    model = notebook(output(**{LIVE: "{}", **still}))
    without_live_widgets(model=model, path="a.ipynb", contents_manager=None)
    assert model == notebook(output(**still))


def test_all_else_stays() -> None:
    stream = {"output_type": "stream", "name": "stdout", "text": "hello"}
    model = notebook(
        stream, output(**{LIVE: "{}", "text/plain": "a progress bar"}), output(**{"image/png": "…"})
    )
    before = copy.deepcopy(model)
    without_live_widgets(model)
    assert model == before


def test_other_files_are_none_of_its_business() -> None:
    model = {"type": "file", "content": "cells", "format": "text"}
    without_live_widgets(model)
    assert model == {"type": "file", "content": "cells", "format": "text"}
