"""A graded notebook whose author tries, in every way that a notebook has, to run a script for its readers."""

from __future__ import annotations

import base64
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

RUN = "document.documentElement.dataset.hacked = 'yes'"
"""What the author wants to run."""

SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'
ELEMENTS = [
    f"<script>{RUN}</script>",
    f'<img src="x" onerror="{RUN}">',
    f'<IMG SRC=x OnError="{RUN}">',
    f'<svg onload="{RUN}"></svg>',
    f'<details open ontoggle="{RUN}"><summary>more</summary></details>',
    f'<a href="javascript:{RUN}">a link</a>',
    f'<a href="JaVa\tscript:{RUN}">another link</a>',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'<iframe src="data:text/html,<script>parent.{RUN}</script>"></iframe>',
    f'<object data="data:text/html,<script>{RUN}</script>"></object>',
    f'<style onload="{RUN}">* {{ display: none }}</style>',
    f'<math><mtext><table><mglyph><style><img src=x onerror="{RUN}">',
    f'<noscript><p title="</noscript><img src=x onerror={RUN!r}>">',
    f'<form action="javascript:{RUN}"><input autofocus onfocus="{RUN}"></form>',
    f'<video><source onerror="{RUN}"></video>',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/refreshed">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/style.css">',
    '<base href="http://127.0.0.1:9/">',
    '<img src="http://127.0.0.1:9/seen.png">',
    '<p style="background: url(http://127.0.0.1:9/seen.png)">styled</p>',
    "<table><tr><td>a harmless table</td></tr></table>",
]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def notebook() -> Any:
    """The notebook, as nbgrader's autograder and GetGrades would leave it."""
    shown: list[Any] = [new_output("display_data", data={"text/html": html}) for html in ELEMENTS]
    shown += [
        new_output("display_data", data={"image/svg+xml": SVG}),
        new_output("display_data", data={"application/javascript": RUN, "text/plain": "a script"}),
        new_output("display_data", data={"text/markdown": "\n\n".join(ELEMENTS), "text/plain": "markdown"}),
        new_output("display_data", data={"text/latex": f"</div>{ELEMENTS[1]}", "text/plain": "latex"}),
        new_output("display_data", data={"image/png": f'x" onerror="{RUN}'}),
        new_output(
            "display_data",
            data={"image/png": "broken"},
            metadata={"image/png": {"width": f"1 onerror={RUN.replace(' ', '')}", "alt": f'"><script>{RUN}'}},
        ),
        new_output("display_data", data={"text/html": "mine"}, metadata={"text/html": {"isolated": True}}),
        new_output("display_data", data={"image/png": PIXEL}, metadata={"image/png": {"alt": "a pixel"}}),
        new_output("stream", name="stdout", text=f"printed {ELEMENTS[0]}\x1b[31m red\x1b[0m"),
        new_output("error", ename="E", evalue=ELEMENTS[0], traceback=[f"raised {ELEMENTS[1]}"]),
    ]
    role = {"grade_id": "own", "grade": False, "solution": True, "locked": False, "comment": ELEMENTS[1]}
    cells = [
        new_markdown_cell("# Locked", metadata={"nbgrader": {**role, "solution": False, "locked": True}}),
        new_markdown_cell("\n\n".join(["**written**", *ELEMENTS])),
        new_markdown_cell(f"[linked](javascript:{RUN.replace(' ', '')}) ![seen](http://127.0.0.1:9/m.png)"),
        new_markdown_cell(f"$\\href{{javascript:{RUN}}}{{formula}}$"),
        new_markdown_cell(
            "![pasted](attachment:a.png) ![lost](attachment:b.png)",
            attachments={"a.png": {"image/svg+xml": base64.b64encode(SVG.encode()).decode()}},
        ),
        new_code_cell(f"x = '''{ELEMENTS[0]}'''", outputs=shown, metadata={"nbgrader": role}),
        new_raw_cell(ELEMENTS[1]),
    ]
    for place, cell in enumerate(cells):
        cell.id = f"cell-{place}"
    return new_notebook(cells=cells)


def resources() -> dict[str, Any]:
    """What nbgrader's converter gives an exporter."""
    return {"nbgrader": {"assignment": "00_tiny", "score": 1.0, "max_score": 3.5, "late_penalty": 0}}
