"""assignment.toml is checked when it is read, and what is wrong is named with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.checks.items import item_for
from helpers.checks.specification import Ramp, SpecificationError, read

GOOD = """
title = "Digits"
dataset = "digits"

[limits]
seconds = 30

[items.network]
title = "A network"
check = "classifier:Classifier"
points = { probabilities = 1, accuracy = 3.5 }
ramps = { accuracy = { zero = 0.8, full = 0.9 } }
ramps_bundled = { accuracy = { zero = 0.7, full = 0.8 } }
hints = ["a", "b", "c"]

[items.network.settings]
unseen_images = 100
classes = 10
parameters_at_most = 1000
layers_required = ["Dense"]
layers_forbidden = ["*Conv*"]
"""

TWO_DATA_SETS = """
[items.hands]
title = "Hands"
dataset = "signs"
check = "start_here:Negative"
points = { negative = 1 }
hints = ["a", "b", "c"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "01_digits"
    path.mkdir()
    return path


def written(folder: Path, text: str) -> Path:
    path = folder / "assignment.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_is_read_as_it_stands(folder: Path) -> None:
    read_back = read(written(folder, GOOD))
    item = read_back.items["network"]
    assert (read_back.name, read_back.title, read_back.possible) == ("01_digits", "Digits", 4.5)
    assert (read_back.limits.seconds, read_back.limits.cell_seconds) == (30, 120)
    assert (item.name, item.possible, item.hints) == ("network", 4.5, ("a", "b", "c"))
    assert item.ramps == {"accuracy": Ramp(0.8, 0.9)}


def test_ramps_may_differ_between_variants_of_the_data(folder: Path) -> None:
    both = read(written(folder, GOOD))
    assert both.on("full").items["network"].ramps["accuracy"] == Ramp(0.8, 0.9)
    assert both.on("bundled").items["network"].ramps["accuracy"] == Ramp(0.7, 0.8)


def test_settings_may_differ_between_variants_of_the_data(folder: Path) -> None:
    both = read(written(folder, f"{GOOD}\n[items.network.settings_bundled]\nunseen_images = 300"))
    assert both.on("full").items["network"].settings["unseen_images"] == 100
    assert both.on("bundled").items["network"].settings["unseen_images"] == 300
    assert both.on("bundled").items["network"].settings["classes"] == 10


def test_an_item_may_be_about_a_data_set_of_its_own(folder: Path) -> None:
    read_back = read(written(folder, GOOD + TWO_DATA_SETS))
    assert read_back.datasets == ("digits", "signs")
    assert [read_back.dataset_of(name) for name in ("network", "hands")] == ["digits", "signs"]
    assert read(written(folder, GOOD)).datasets == ("digits",)


def test_an_assignment_may_always_be_about_the_bundled_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.datasets.variant_in_use", lambda name: "full")
    assert read(written(folder, GOOD)).variant_here() == "full"
    assert read(written(folder, 'variant = "bundled"' + GOOD)).variant_here() == "bundled"


@pytest.mark.parametrize(
    ("value", "share"),
    [(0.5, 0), (0.8, 0), (0.85, 0.5), (0.9, 1), (1.0, 1), (float("nan"), 0), (float("inf"), 1)],
)
def test_a_ramp_rises_from_zero_to_full(value: float, share: float) -> None:
    assert Ramp(0.8, 0.9).share(value) == pytest.approx(share)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Digits"', "", "the top level must hold an entry 'title' of type str"),
        (
            'dataset = "digits"',
            'dataset = "digits"\nlevel = 3',
            "only dataset, items, limits, title, variant; not level",
        ),
        ('dataset = "digits"', 'dataset = "digits"\nvariant = "full"', 'variant must hold "bundled"'),
        ("seconds = 30", "seconds = 0", "limits.seconds must hold a whole number above 0"),
        ("seconds = 30", "seconds = true", "limits.seconds must hold a whole number above 0"),
        ("seconds = 30", "minutes = 3", "not minutes"),
        ("[items.network]", "[items.'../network']", "names of letters, digits, - and _; not '../network'"),
        ('title = "A network"', "title = 3", "items.network must hold an entry 'title' of type str"),
        ("accuracy = 3.5", "accuracy = 0", "items.network.points.accuracy must hold a number above 0"),
        ("accuracy = 3.5", "accuracy = inf", "items.network.points.accuracy must hold a number above 0"),
        ("accuracy = 3.5", 'accuracy = "3"', "items.network.points.accuracy must hold a number above 0"),
        ("{ probabilities = 1, accuracy = 3.5 }", "{}", "items.network.points must hold at least one part"),
        (
            'hints = ["a", "b", "c"]',
            'hints = ["a", "b"]',
            "items.network.hints must hold three texts or more",
        ),
        (
            "zero = 0.8, full = 0.9",
            "zero = 0.9, full = 0.9",
            "items.network.ramps.accuracy must hold 'zero' below",
        ),
        (
            "zero = 0.8, full = 0.9",
            "zero = nan, full = 0.9",
            "items.network.ramps.accuracy must hold 'zero' below",
        ),
        ("{ zero = 0.8, full = 0.9 }", "0.9", "items.network.ramps.accuracy must hold two numbers"),
        ("ramps = { accuracy = { zero = 0.8, full = 0.9 } }", "ramps = 3", "an entry 'ramps' of type dict"),
        ("ramps_bundled = { accuracy", "ramps_bundled = { speed", "parts that have points; 'speed' has none"),
        ("[items.network.settings]", "[items.network.setings]", "not setings"),
        ('title = "A network"', 'title = "A network"\ndataset = 3', "an entry 'dataset' of type str"),
        (
            'hints = ["a", "b", "c"]',
            'hints = ["a", "b", "c"]\nsettings_bundled = { clases = 9 }',
            "items.network.settings_bundled must hold only classes, layers_forbidden",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(folder: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    path = written(folder, GOOD.replace(old, new, 1))
    with pytest.raises(SpecificationError, match=re.escape(said)) as raised:
        read(path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("classifier:Classifier", "classifier:Classifer", "isn't a class in helpers/checks"),
        ("classifier:Classifier", "os:system", "isn't a class in helpers/checks"),
        ("classes = 10", "", "items.network.settings must hold classes, layers_forbidden"),
        ("classes = 10", "classes = 10\nclases = 9", "but holds clases, classes"),
        ("ramps = { accuracy = { zero = 0.8, full = 0.9 } }", "", "items.network.ramps must hold accuracy"),
        ("probabilities = 1", "speed = 1", "items.network.points must hold accuracy, probabilities"),
    ],
)
def test_an_item_that_its_check_cant_use_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(SpecificationError, match=re.escape(said)):
        item_for(read(written(folder, GOOD.replace(old, new, 1))).items["network"])


def test_a_missing_file_says_where_the_notebook_should_be(folder: Path) -> None:
    with pytest.raises(SpecificationError, match=r"Open the notebook from its own folder in release/"):
        read(folder / "assignment.toml")


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe\x00"])
def test_a_damaged_file_is_named(folder: Path, content: bytes) -> None:
    path = folder / "assignment.toml"
    path.write_bytes(content)
    with pytest.raises(SpecificationError, match="isn't valid TOML"):
        read(path)
