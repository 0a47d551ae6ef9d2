"""Training returns what was measured, shows one figure, and can be stopped without losing anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.training import fit
from tests.training.networks import data, network

ROOT = Path(__file__).parents[2]
X, Y = data()


def callback(**methods: Any) -> Any:
    import keras

    return keras.callbacks.LambdaCallback(**methods)


def press_stop() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_the_history_has_what_keras_measured() -> None:
    model = network()
    run = fit(model, X, Y, epochs=3, validation_split=0.2)
    assert run.history.columns.tolist() == ["epoch", "split", "metric", "value"]
    table = run.table()
    for keras_name, column in {
        "loss": "training loss",
        "accuracy": "training accuracy",
        "val_loss": "validation loss",
        "val_accuracy": "validation accuracy",
    }.items():
        assert table[column].tolist() == pytest.approx(model.history.history[keras_name])
    assert (run.epochs_done, run.stopped_early, run.interrupted) == (3, False, False)
    assert run.seconds > 0
    assert run.cpu_seconds > 0


def test_training_learns() -> None:
    import keras

    keras.utils.set_random_seed(1)
    run = fit(network(), X, Y, epochs=30, batch_size=10, live=False)
    assert run.last("accuracy", "training") > 0.9


def test_lists_do_as_well_as_arrays() -> None:
    run = fit(network(), X.tolist(), Y.tolist(), epochs=1, validation_data=[X.tolist(), Y.tolist()])
    assert run.last("loss", "validation") > 0


def test_a_callback_may_end_it_early() -> None:
    import keras

    patience = keras.callbacks.EarlyStopping(monitor="loss", min_delta=100, patience=2)
    run = fit(network(), X, Y, epochs=20, callbacks=[patience])
    assert run.epochs_done < 20
    assert run.stopped_early
    assert not run.interrupted


def test_the_stop_button_keeps_model_and_history() -> None:
    model = network()
    start = [weights.copy() for weights in model.get_weights()]
    stop = callback(on_epoch_begin=lambda epoch, logs: press_stop() if epoch == 2 else None)
    run = fit(model, X, Y, epochs=50, batch_size=10, validation_split=0.2, callbacks=[stop])
    assert run.interrupted
    assert run.epochs_done == 3
    assert not any(np.array_equal(a, b) for a, b in zip(start, model.get_weights(), strict=True))


def test_other_callbacks_still_finish_after_the_stop_button() -> None:
    ended = []
    stop = callback(
        on_train_batch_end=lambda batch, logs: press_stop() if batch == 1 else None,
        on_train_end=lambda logs: ended.append(True),
    )
    assert fit(network(), X, Y, epochs=50, batch_size=10, callbacks=[stop]).epochs_done == 1
    assert ended == [True]


def test_pressed_twice_it_stops_at_once() -> None:
    def press_twice(batch: int, logs: Any) -> None:
        press_stop()
        press_stop()

    run = fit(network(), X, Y, epochs=50, callbacks=[callback(on_train_batch_end=press_twice)])
    assert run.interrupted
    assert run.epochs_done == 0


def test_an_interrupted_model_can_be_trained_further() -> None:
    model = network()
    fit(
        model,
        X,
        Y,
        epochs=9,
        validation_split=0.2,
        callbacks=[callback(on_train_batch_end=lambda batch, logs: press_stop())],
    )
    assert fit(model, X, Y, epochs=2, validation_split=0.5).epochs_done == 2


def test_interrupts_mean_what_they_meant_before() -> None:
    usual = signal.getsignal(signal.SIGINT)
    fit(network(), X, Y, epochs=1)
    assert signal.getsignal(signal.SIGINT) is usual


def test_it_trains_outside_the_main_thread_too() -> None:
    runs: list[Any] = []
    thread = threading.Thread(target=lambda: runs.append(fit(network(), X, Y, epochs=1)))
    thread.start()
    thread.join()
    assert runs[0].epochs_done == 1


def test_nothing_is_printed_where_output_goes_to_a_file(capfd: pytest.CaptureFixture[str]) -> None:
    fit(network(), X, Y, epochs=2)
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_shows_one_line_that_changes() -> None:
    import pty
    import termios

    code = (
        "from helpers.environment import quiet_tensorflow; quiet_tensorflow()\n"
        "from helpers.training import fit\n"
        "from tests.training.networks import data, network\n"
        "fit(network(), *data(), epochs=3, title='Tiny')\n"
    )
    parent, child = pty.openpty()
    termios.tcsetwinsize(child, (24, 120))
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stderr=child, stdout=subprocess.DEVNULL, check=True
    )
    os.close(child)
    shown = os.read(parent, 100_000).decode()
    os.close(parent)
    assert shown.count("\n") == 1
    last = shown.strip().split("\r")[-1]
    assert "Tiny:" in last
    assert "3.0 of 3" in last
    assert "training accuracy" in last
