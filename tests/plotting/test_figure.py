"""A figure carries its alt text to wherever it is shown, and nothing else happens."""

from __future__ import annotations

import base64
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers import plotting
from helpers.plotting.figure import COLOURS, Figure, canvas
from tests.plotting.drawing import five, images


def small_figure(alt: str = "A line that rises.") -> Figure:
    with canvas(3, 2) as (figure, axes):
        axes.plot([0, 1], [0, 1])
    return Figure(figure, alt)


def test_a_notebook_gets_png_html_and_words_all_with_the_alt_text() -> None:
    figure = small_figure()
    data, metadata = figure._repr_mimebundle_()
    assert data["text/plain"] == figure.alt
    assert base64.b64decode(data["image/png"]) == figure.png
    assert metadata["image/png"] == {"alt": figure.alt, "width": 300, "height": 200}
    assert f'<img alt="{figure.alt}"' in data["text/html"]


def test_alt_text_cannot_break_out_of_the_html() -> None:
    assert 'alt="5 &lt; 6 &amp; &quot;so on&quot;"' in small_figure('5 < 6 & "so on"').html


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_alt_text_reaches_the_page_that_nbconvert_makes(template: str) -> None:
    from nbconvert import HTMLExporter

    data, metadata = small_figure()._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("figure", outputs=[output])])
    page, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    assert page.count('alt="A line that rises."') == 1
    assert "No description has been provided" not in page


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert small_figure().png == small_figure().png


def test_the_picture_has_the_size_it_claims() -> None:
    figure = small_figure()
    assert Image.open(BytesIO(figure.png)).size == figure.size == (300, 200)


@pytest.mark.parametrize("colour", ["#0072B2", "#D8D8D8", "#D9D9D9"])
def test_few_colours_are_kept_exactly(colour: str) -> None:
    with canvas(2, 2) as (figure, axes):
        axes.set_position([0, 0, 1, 1])
        axes.set_axis_off()
        axes.set_facecolor(colour)
        axes.axvspan(0, 1, color=colour)
    picture = Image.open(BytesIO(Figure(figure, "All of one colour.").png)).convert("RGB")
    assert picture.getpixel((100, 100)) == tuple(bytes.fromhex(colour[1:]))


@pytest.mark.parametrize("red", [0, 90])
def test_a_stored_picture_has_few_colours_and_looks_as_drawn(red: int) -> None:
    with canvas(3, 3) as (figure, axes):
        shades = np.arange(256, dtype=np.uint8).reshape(16, 16)
        axes.imshow(np.stack([np.maximum(shades, red), shades, shades], axis=2), interpolation="nearest")
    stored = Image.open(BytesIO(Figure(figure, "Grey from black to white.").png))
    drawn = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert len(stored.getcolors()) <= COLOURS
    assert np.abs(np.asarray(stored.convert("RGB")) - drawn).max() <= (4 if red else 1)


def test_saving_writes_the_picture_with_its_alt_text_inside(tmp_path: Path) -> None:
    path = small_figure().save(tmp_path / "line.png")
    with Image.open(path) as picture:
        assert picture.info["Description"] == "A line that rises."
    assert small_figure().save(tmp_path / "line.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize("name", ["missing/line.png", "line.nonsense"])
def test_saving_where_it_cannot_be_says_what_to_do(tmp_path: Path, name: str) -> None:
    with pytest.raises(plotting.PlottingError, match=r"could not be saved.*Choose a folder that exists"):
        small_figure().save(tmp_path / name)


def test_drawing_leaves_no_trace_in_pyplot_or_in_the_settings() -> None:
    import matplotlib
    from matplotlib import pyplot

    before = dict(matplotlib.rcParams)
    assert plotting.image_grid(images(2)).png
    assert pyplot.get_fignums() == []
    assert dict(matplotlib.rcParams) == before


def test_settings_of_a_notebook_do_not_change_the_figures() -> None:
    import matplotlib

    usual = plotting.flattening(five()).png
    with matplotlib.rc_context(
        {"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 20, "figure.dpi": 20}
    ):
        assert plotting.flattening(five()).png == usual


def test_figures_need_no_working_backend() -> None:
    code = "from helpers import plotting; print(len(plotting.image_grid([[0, 1], [1, 0]]).png))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"MPLBACKEND": "no_such_backend", "PATH": "", "HOME": "/nonexistent", "MPLCONFIGDIR": "/tmp"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert int(done.stdout) > 100, done.stderr
