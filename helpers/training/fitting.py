"""Training a compiled model: checked before it starts, shown while it runs, stoppable at any moment."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from helpers.training.mistakes import check_before_fit
from helpers.training.progress import NoProgress, Progress, progress_for
from helpers.training.run import Row, TrainingRun, tidy


def fit(
    model: Any,
    x: Any,
    y: Any,
    *,
    epochs: int,
    batch_size: int = 128,
    validation_data: tuple[Any, Any] | None = None,
    validation_split: float = 0.0,
    callbacks: Sequence[Any] = (),
    title: str = "Training",
    live: bool = True,
) -> TrainingRun:
    """Train a Keras model behind one progress bar with live curves, which end as a single figure.

    The stop button (Kernel → Interrupt) ends the training after the current step: the model keeps what it
    has learned, and the run what was measured. Pressed twice, it interrupts at once.

    Args:
        model: a compiled keras.Model with one input and one output.
        x: (n, …) images of the shape that the model's input has.
        y: (n,) class indices, or (n, classes) one-hot labels, as the model's loss expects them.
        epochs: how often the model sees all images.
        batch_size: images in each step.
        validation_data: (x, y) to measure on after each epoch; the model does not learn from them.
        validation_split: or the share of the images to set aside for that, such as 0.1: the last ones in x.
        callbacks: further Keras callbacks, such as EarlyStopping.
        title: heading of the display.
        live: False shows nothing.

    Raises:
        TrainingError: if model, images and labels do not fit together. Nothing has been trained then.
    """
    import numpy as np

    check_before_fit(
        model,
        x,
        y,
        epochs=epochs,
        batch_size=batch_size,
        validation_data=validation_data,
        validation_split=validation_split,
    )
    x, y = np.asarray(x), np.asarray(y)
    if validation_data is not None:
        validation_data = np.asarray(validation_data[0]), np.asarray(validation_data[1])
    display: Progress = progress_for(title, epochs) if live else NoProgress()
    rows: list[Row] = []
    wall, cpu = time.perf_counter(), time.process_time()
    with _stop_button() as stop:
        try:
            model.fit(
                x,
                y,
                epochs=epochs,
                batch_size=batch_size,
                validation_data=validation_data,
                validation_split=validation_split,
                callbacks=[*callbacks, _recorder(rows, display, stop)],
                verbose=0,
            )
        except KeyboardInterrupt:
            stop.set()
    run = TrainingRun(
        history=tidy(rows),
        epochs=epochs,
        seconds=time.perf_counter() - wall,
        cpu_seconds=time.process_time() - cpu,
        interrupted=stop.is_set(),
    )
    display.finish(run)
    return run


@contextmanager
def _stop_button() -> Iterator[threading.Event]:
    """Set the event at the first interrupt, so that training can end in good order; raise at the second.

    In good order means that other callbacks still do what they do at the end, such as restoring the best
    weights. Interrupts reach the main thread alone; elsewhere the event is never set.
    """
    pressed = threading.Event()

    def on_interrupt(number: int, frame: Any) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    usual = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, usual)


def _recorder(rows: list[Row], display: Progress, stop: threading.Event) -> Any:
    """A Keras callback that notes the measures, tells the display about them and obeys the stop button."""
    import keras

    class Recorder(keras.callbacks.Callback):
        needs_every_batch = False  # so a class is graded faster (helpers.grading.faster_training)
        epochs_done = 0
        steps = 1

        def on_train_begin(self, logs: Any = None) -> None:
            self.steps = self.params.get("steps") or 1
            display.show(0.0, rows)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self._after(self.epochs_done + min(1.0, (batch + 1) / self.steps))

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.epochs_done = epoch + 1
            for key, value in (logs or {}).items():
                split = "validation" if key.startswith("val_") else "training"
                rows.append((self.epochs_done, split, key.removeprefix("val_"), float(value)))
            self._after(float(self.epochs_done))

        def _after(self, done: float) -> None:
            if stop.is_set():
                self.model.stop_training = True
            display.show(done, rows)

    return Recorder()
