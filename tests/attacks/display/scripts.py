"""Scripts in every kind of output, in Markdown, attachments and raw cells, for whoever reads the feedback."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% scratch
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display
RUN = "document.documentElement.dataset.hacked = 'yes'"
for html in (f"<script>{RUN}</script>", f'<img src=x onerror="{RUN}">', f'<svg onload="{RUN}"></svg>', f'<a href="javascript:{RUN}">link</a>',
             '<img src="http://127.0.0.1:9/seen.png">', '<p style="background:url(http://127.0.0.1:9/x)">x</p>', f'<iframe srcdoc="<script>{RUN}</script>"></iframe>'):
    display(HTML(html), Markdown(html), Latex(f"$\\href{{javascript:{RUN}}}{{x}}$ {html}"))
    print(html)
display(Javascript(RUN), SVG(f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'))
display({"text/html": "x", "application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "application/javascript": RUN}, raw=True,
        metadata={"text/html": {"isolated": True}, "image/png": {"width": f'1" onerror="{RUN}'}})
raise ValueError(f"<script>{RUN}</script>")

# %% hand-in
folder.mkdir(parents=True)
hostile = '<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) $\\href{javascript:alert(1)}{x}$'
notebook.cells += [nbformat.v4.new_markdown_cell(hostile, attachments={"a.png": {"image/svg+xml": "PHN2Zz4="}}), nbformat.v4.new_raw_cell(hostile)]
nbformat.write(notebook, folder / "00_tiny.ipynb")
