"""What the game answers to the browser: it plays fair, believes nothing unchecked, and has a still form."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flit_core.wheel import make_wheel_in

from helpers import game
from helpers.datasets import Dataset
from helpers.game import RockPaperScissors, Score
from helpers.game.requests import KINDS, Pace
from helpers.game.rules import SIGNS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "helpers" / "game"


def pictures(labels: np.ndarray) -> np.ndarray:
    """Images whose grey level gives their label away: 0.1 for rock, 0.5 for paper, 0.9 for scissors."""
    return np.broadcast_to((0.1 + 0.4 * labels)[:, None, None, None], (len(labels), 28, 28, 1)).astype(
        np.float32
    )


def data(**changes: Any) -> Dataset:
    y = np.arange(30, dtype=np.int64) % 3
    parts = {"x_train": pictures(y), "y_train": y, "x_test": pictures(y), "y_test": y}
    return Dataset(**{"name": "rps", **parts, "class_names": SIGNS, "origin": "made here", **changes})


def sharp_eye(x: Any) -> np.ndarray:
    """A model that reads the images above without error."""
    scores = -40 * (x.mean(axis=(1, 2, 3))[:, None] - np.array([0.1, 0.5, 0.9])) ** 2
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


class Browser:
    """The other end of the widget: sends messages and takes the answers."""

    def __init__(self, widget: RockPaperScissors, monkeypatch: pytest.MonkeyPatch) -> None:
        self.widget = widget
        self.answers: list[tuple[dict[str, Any], list[bytes]]] = []
        monkeypatch.setattr(widget, "send", lambda content, buffers: self.answers.append((content, buffers)))

    def send(self, content: Any, *buffers: Any) -> list[tuple[dict[str, Any], list[bytes]]]:
        """One message, as ipywidgets hands it on; returns the answers to it."""
        self.answers.clear()
        self.widget._handle_custom_msg(content, list(buffers))
        return list(self.answers)

    def ask(self, kind: str, *buffers: Any, **given: Any) -> dict[str, Any]:
        ((answer, more),) = self.send({"kind": kind, "name": "q1", **given}, *buffers)
        assert answer.pop("name") == "q1"
        return {**answer, "buffers": more}


@pytest.fixture
def match(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RockPaperScissors:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    return game.play(sharp_eye, data(), seed=7)


@pytest.fixture
def browser(match: RockPaperScissors, monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(match, monkeypatch)


def frame(sign: int) -> bytes:
    return bytes([round(255 * (0.1 + 0.4 * sign))]) * 784


def test_a_live_picture_is_read(browser: Browser) -> None:
    for sign in range(3):
        answer = browser.ask("look", frame(sign))
        assert np.argmax(answer["probabilities"]) == sign
        assert sum(answer["probabilities"]) == pytest.approx(1)


def test_a_round_before_the_camera_goes_by_what_the_model_read(browser: Browser) -> None:
    assert browser.ask("begin") == {"buffers": []}, (
        "the computer's choice stays in Python until it is decided"
    )
    answer = browser.ask("show", memoryview(frame(2)))
    (played,) = browser.widget.rounds
    assert (played.read, played.shown) == ("scissors", None)
    assert played.computer == SIGNS[answer["computer"]]
    assert (answer["read"], answer["shown"], answer["outcome"]) == (2, None, played.outcome)
    assert browser.widget.standing["readable"] == 0


def test_a_test_image_is_drawn_by_python_and_its_label_is_known(browser: Browser) -> None:
    for sign in (0, 1, 2, None):
        browser.ask("begin")
        answer = browser.ask("draw", sign=sign)
        assert len(answer["buffers"][0]) == 784
        assert answer["shown"] == (answer["read"] if sign is None else sign)
    standing = browser.widget.standing
    assert (standing["readable"], standing["readRight"]) == (4, 4)
    assert sum(standing[name] for name in ("won", "lost", "drawn")) == 4
    assert browser.widget.score == Score(standing["won"], standing["lost"], standing["drawn"])


def test_misread_test_images_are_counted() -> None:
    match = game.play(lambda x: np.tile([1.0, 0, 0], (len(x), 1)), data(), seed=1)
    for sign in (0, 1, 2):
        match._begin(None)  # type: ignore[arg-type]
        match._decide(np.zeros((28, 28), np.uint8), sign)
    assert (match.standing["readable"], match.standing["readRight"]) == (3, 1)
    assert [played.shown for played in match.rounds] == list(SIGNS)


def test_all_test_images_come_before_one_comes_again(browser: Browser) -> None:
    labelled = data(
        x_test=np.linspace(0, 1, 30, dtype=np.float32)[:, None, None, None] * np.ones((1, 28, 28, 1))
    )
    match = game.play(sharp_eye, labelled, seed=1)
    drawn = [int(match._deck.draw(1)[0][0, 0]) for _ in range(20)]
    assert len(set(drawn[:10])) == 10
    assert drawn[:10] == drawn[10:]


def test_frames_are_saved_undone_and_deleted(browser: Browser) -> None:
    for sign in (2, 2, 0):
        assert "problem" not in browser.ask("save", frame(sign), sign=sign)
    assert browser.widget.standing["saved"] == [1, 0, 2]
    x, y = game.my_signs(quiet=True)
    assert y.tolist() == [2, 2, 0]
    assert np.rint(255 * x[0]).astype(np.uint8).tobytes() == frame(2)
    assert browser.ask("undo")["undone"] == "rock"
    assert browser.ask("delete")["deleted"] == 2
    assert browser.ask("undo")["undone"] is None
    assert browser.widget.standing["saved"] == [0, 0, 0]


def test_no_frame_is_ever_part_of_what_a_notebook_could_store(browser: Browser) -> None:
    browser.ask("look", frame(1))
    browser.ask("begin")
    browser.ask("show", frame(1))
    browser.ask("save", frame(1), sign=1)
    state = browser.widget.get_state()
    assert {name for name in state if not name.startswith("_")} == {
        "signs",
        "standing",
        "tabbable",
        "tooltip",
    }
    assert all(isinstance(value, int | list) for value in state["standing"].values())
    assert frame(1) not in repr(state).encode()


HOSTILE: list[tuple[Any, list[Any]]] = [
    (None, []),
    ("look", [frame(0)]),
    ([1, 2], []),
    ({}, []),
    ({"kind": "look"}, [frame(0)]),
    ({"kind": "look", "name": 5}, [frame(0)]),
    ({"kind": "look", "name": "n" * 1000}, [frame(0)]),
    ({"kind": "__init__", "name": "q"}, []),
    ({"kind": ["look"], "name": "q"}, []),
    ({"kind": "look", "name": "q"}, []),
    ({"kind": "look", "name": "q"}, [b""]),
    ({"kind": "look", "name": "q"}, [frame(0)[:-1]]),
    ({"kind": "look", "name": "q"}, [frame(0), frame(0)]),
    ({"kind": "look", "name": "q"}, [bytes(10_000_000)]),
    ({"kind": "begin", "name": "q"}, [frame(0)]),
    ({"kind": "show", "name": "q"}, [frame(0)]),  # no round has begun
    ({"kind": "draw", "name": "q", "sign": 3}, []),
    ({"kind": "draw", "name": "q", "sign": "../../x"}, []),
    ({"kind": "save", "name": "q"}, [frame(0)]),
    ({"kind": "save", "name": "q", "sign": -1}, [frame(0)]),
    ({"kind": "save", "name": "q", "sign": True}, [frame(0)]),
    ({"kind": "save", "name": "q", "sign": 1.0}, [frame(0)]),
    ({"kind": "save", "name": "q", "sign": "../../../rock"}, [frame(0)]),
    ({"kind": "save", "name": "q", "sign": 10**30}, [frame(0)]),
]


@pytest.mark.parametrize(("content", "buffers"), HOSTILE)
def test_nonsense_from_the_browser_changes_nothing(
    content: Any, buffers: list[Any], browser: Browser
) -> None:
    before = browser.widget.standing
    answers = browser.send(content, *buffers)
    assert len(answers) <= 1
    for answer, _ in answers:
        assert answer["name"] == "q"
        assert 10 < len(answer["problem"]) < 300
    assert browser.widget.standing == before
    assert len(game.my_signs(quiet=True)[1]) == 0


def test_a_flood_is_dammed(browser: Browser) -> None:
    browser.widget._pace = Pace(clock=lambda: 0.0)  # all within a moment
    problems = [browser.ask("look", frame(0)).get("problem", "") for _ in range(60)]
    assert not any(problems[:40])
    assert all("Too many requests" in problem for problem in problems[40:])


def test_the_pace_is_a_number_a_second() -> None:
    now = [0.0]
    pace = Pace(per_second=2, at_once=3, clock=lambda: now[0])
    for _ in range(3):
        pace.check()
    with pytest.raises(game.GameError, match="Too many"):
        pace.check()
    now[0] = 0.5
    pace.check()
    with pytest.raises(game.GameError, match="Too many"):
        pace.check()
    now[0] = 100
    for _ in range(3):
        pace.check()


def test_a_model_that_comes_to_fail_is_told_in_the_browser(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(x: Any) -> Any:
        raise ValueError("the weights are gone\nand more")

    monkeypatch.setattr(browser.widget._reader, "_model", broken)
    problem = browser.ask("look", frame(0))["problem"]
    assert "ValueError: the weights are gone" in problem
    assert "and more" not in problem
    browser.ask("begin")
    assert "fails" in browser.ask("show", frame(0))["problem"]
    assert browser.widget.rounds == ()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (None, "This is no model, but of the type NoneType"),
        ("model.keras", "of the type str"),
        (lambda x: np.full((len(x), 24), 1 / 24), "This one gives 24 numbers"),
        (lambda x: np.full((len(x), 2), 1 / 2), "This one gives 2 numbers"),
        (lambda x: np.full(3, 1 / 3), r"arrays of the shape \(3,\)"),
        (lambda x: np.full((len(x), 3), np.nan), "nan or infinity"),
        (lambda x: np.tile([5.0, -3, 1], (len(x), 1)), "lacks softmax"),
        (lambda x: np.tile([0.9, 0.8, 0.1], (len(x), 1)), "lacks softmax"),
        (lambda x: x.reshape(3, 5), "fails on them: ValueError"),
        (lambda x: "rock", "fails on them: ValueError"),
    ],
)
def test_a_model_that_cannot_play_is_refused_at_once(model: Any, message: str) -> None:
    with pytest.raises(game.GameError, match=message):
        game.play(model, data())


def test_data_of_other_classes_is_refused() -> None:
    with pytest.raises(game.GameError, match="digits has other classes"):
        game.play(sharp_eye, data(name="digits", class_names=("0", "1", "2")))
    with pytest.raises(game.GameError, match="no test image"):
        game.play(sharp_eye, data(x_test=pictures(np.zeros(3)), y_test=np.zeros(3, dtype=np.int64)))


@pytest.mark.slow
def test_a_keras_model_plays_and_what_it_learns_meanwhile_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    model = keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])
    model.layers[-1].bias.assign([3.0, 0, 0])
    with pytest.raises(game.GameError, match="lacks softmax"):
        game.play(model, data())
    flat = keras.Sequential([keras.layers.Input((784,)), keras.layers.Dense(3, activation="softmax")])
    with pytest.raises(game.GameError, match="This one fails on them"):
        game.play(flat, data())
    playing = keras.Sequential([model, keras.layers.Dropout(0.9), keras.layers.Softmax()])
    browser = Browser(game.play(playing, data()), monkeypatch)
    assert np.argmax(browser.ask("look", frame(0))["probabilities"]) == 0
    once = browser.ask("look", frame(0))["probabilities"]
    assert browser.ask("look", frame(0))["probabilities"] == once, "dropout was at work"
    model.layers[-1].bias.assign([0.0, 0, 90])
    assert np.argmax(browser.ask("look", frame(0))["probabilities"]) == 2


def test_where_nobody_looks_it_is_a_figure_of_one_round(match: RockPaperScissors) -> None:
    content, metadata = match._repr_mimebundle_()
    assert set(content) == {"text/plain", "text/html", "image/png"}
    assert content["text/plain"] == repr(match) == metadata["image/png"]["alt"]
    told = re.fullmatch(
        r"A round of rock, paper, scissors\. "
        r"The player's picture shows (\w+)\. The model's probabilities: .*\. "
        r"The model reads (\w+), the computer chose (\w+): (.*)\.",
        repr(match),
    )
    assert told
    assert told[1] == told[2]
    assert "Run this cell to play" in content["text/html"]
    assert match.comm is None, "nobody is there, but a channel was opened"
    assert match.rounds == (), "the still form's round isn't counted"
    assert repr(game.play(sharp_eye, data(), seed=7)) == repr(match)


def test_every_request_is_answered(browser: Browser) -> None:
    assert set(browser.widget._answers) == set(KINDS)


def test_its_files_are_complete_in_themselves() -> None:
    script, style = (FOLDER / "game.js").read_text(), (FOLDER / "game.css").read_text()
    assert str(RockPaperScissors._esm) == script
    assert str(RockPaperScissors._css) == style
    code = re.sub(r"//.*|/\*[\s\S]*?\*/|`[^`]*`|\"[^\"\n]*\"", "", script)
    assert not re.search(
        r"\bimport\b|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|localStorage|indexedDB", code
    )
    assert not re.search(r"https?:|url\(|@import", script + style)


def test_its_files_are_installed_with_the_package(tmp_path: Path) -> None:
    wheel = make_wheel_in(ROOT / "pyproject.toml", tmp_path).file
    with zipfile.ZipFile(wheel) as archive:
        assert {"helpers/game/game.js", "helpers/game/game.css"} <= set(archive.namelist())
