"""Training with one quiet, live display instead of a page of numbers.

    run = training.fit(model, x_train, y_train, epochs=10, validation_split=0.1)
    run.history          # epoch, split, metric, value: one row for each number
    run.best_epoch       # where the validation loss was lowest
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from helpers.environment import in_notebook
from helpers.errors import WorkshopError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

REDRAW_SECONDS = 1.0  # the live display changes at most this often …
REDRAW_SHARE = 0.05  # … and drawing takes at most this share of the time


class TrainingError(WorkshopError):
    """A model and its data do not fit together, or a setting makes no sense."""


@dataclass(frozen=True)
class TrainingRun:
    """What a training was and how it went.

    Attributes:
        history: one row for each number: `epoch` (from 1), `split` ("training" or "validation"), `metric`
            (such as "loss" or "accuracy") and `value`.
        epochs: how many epochs were asked for.
        seconds: time on the clock.
        cpu_seconds: computing time, summed over all cores.
        interrupted: whether somebody pressed the stop button.
    """

    history: pd.DataFrame = field(repr=False)
    epochs: int
    seconds: float
    cpu_seconds: float
    interrupted: bool = False

    @property
    def epochs_done(self) -> int:
        """Epochs that have a row in the history."""
        return int(self.history["epoch"].max()) if len(self.history) else 0

    @property
    def stopped_early(self) -> bool:
        """Whether it ended before the last epoch, by a callback such as EarlyStopping or by hand."""
        return self.interrupted or self.epochs_done < self.epochs

    @property
    def best_epoch(self) -> int:
        """The epoch with the lowest validation loss; without validation, with the lowest training loss.

        Raises:
            TrainingError: if no epoch was finished.
        """
        losses = self.history[self.history["metric"] == "loss"]
        if not len(losses):
            raise TrainingError("No epoch was finished, so none is the best. Train for at least one epoch.")
        validation = losses[losses["split"] == "validation"]
        rows = validation if len(validation) else losses
        return int(rows.loc[rows["value"].idxmin(), "epoch"])

    def last(self, metric: str = "accuracy", split: str = "validation") -> float:
        """A measure after the last epoch.

        Raises:
            TrainingError: if it was not measured.
        """
        rows = self.history[(self.history["metric"] == metric) & (self.history["split"] == split)]
        if not len(rows):
            measured = sorted({f"{s} {m}" for s, m in zip(self.history["split"], self.history["metric"], strict=True)})
            raise TrainingError(f"No {split} {metric} was measured. There is: {', '.join(measured) or 'nothing yet'}.")
        return float(rows["value"].iloc[-1])

    def table(self) -> pd.DataFrame:
        """The history in wide form: a row for each epoch, a column such as "validation loss" for each measure."""
        rows = self.history.assign(measure=self.history["split"] + " " + self.history["metric"])
        wide = rows.pivot(index="epoch", columns="measure", values="value")
        return wide[list(dict.fromkeys(rows["measure"]))].rename_axis(columns=None)

    def __str__(self) -> str:
        if not self.epochs_done:
            return "No epoch was finished."
        numbers = ", ".join(f"{name} {value:.4g}" for name, value in self.table().iloc[-1].items())
        how = " (stopped by you)" if self.interrupted else " (stopped early)" if self.stopped_early else ""
        return f"{self.epochs_done} of {self.epochs} epochs{how} in {self.seconds:.1f} s: {numbers}."


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
    """Train a compiled Keras model, showing one progress bar and live curves that end as a single figure.

    The stop button (Kernel → Interrupt) ends the training after the current batch; the model keeps what it has
    learned and the run what was measured. Press it twice to stop at once.

    Args:
        model: a compiled keras.Model with one input and one output.
        x: (n, …) images, of the shape that the model's input has.
        y: (n,) class indices, or (n, classes) one-hot labels, as the model's loss expects them.
        epochs: how often the model sees all images.
        batch_size: images for each step.
        validation_data: (x, y) to measure after each epoch; the model does not learn from them.
        validation_split: or the share of the *last* images to set aside for that, such as 0.1.
        callbacks: further Keras callbacks, such as EarlyStopping.
        title: heading of the display.
        live: False shows nothing.

    Raises:
        TrainingError: if model, images and labels do not fit together. Nothing has been trained then.
    """
    check_before_fit(model, x, y, epochs=epochs, batch_size=batch_size,
                     validation_data=validation_data, validation_split=validation_split)
    display = _display(title, epochs) if live else _Silence()
    recorder = _recorder(display)
    wall, cpu = time.perf_counter(), time.process_time()
    with _stop_button(model) as stop:
        try:
            model.fit(
                x, y, epochs=epochs, batch_size=batch_size, validation_data=validation_data,
                validation_split=validation_split, callbacks=[*callbacks, recorder], verbose=0,
            )
        except KeyboardInterrupt:
            stop.set()
    run = TrainingRun(_tidy(recorder.rows), epochs, time.perf_counter() - wall, time.process_time() - cpu, stop.is_set())
    display.finish(run)
    return run


# --------------------------------------------------------------------------- before the first step


def check_before_fit(
    model: Any,
    x: Any,
    y: Any,
    *,
    epochs: int = 1,
    batch_size: int = 128,
    validation_data: tuple[Any, Any] | None = None,
    validation_split: float = 0.0,
) -> None:
    """Find the classic mistakes before Keras does, and name them in words.

    Raises:
        TrainingError: with the first mistake found and how to mend it.
    """
    if not hasattr(model, "fit") or not hasattr(model, "compiled"):
        raise TrainingError(f"A Keras model is needed; this is a {type(model).__name__}.")
    if not model.compiled:
        raise TrainingError(
            "The model is not compiled yet. Before training, write "
            'model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]).'
        )
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise TrainingError(f"{name} is {value!r}; it must be a whole number of at least 1.")
    if not 0 <= validation_split < 1:
        raise TrainingError(f"validation_split is {validation_split!r}; it must be a share from 0 to below 1, such as 0.1.")
    if validation_data is not None and validation_split:
        raise TrainingError("Give either validation_data or validation_split, not both.")
    _check_pair(model, x, y, "")
    if validation_data is not None:
        if not isinstance(validation_data, tuple | list) or len(validation_data) != 2:
            raise TrainingError("validation_data must be a pair: validation_data=(x_validation, y_validation).")
        _check_pair(model, *validation_data, "validation ")


def _check_pair(model: Any, x: Any, y: Any, which: str) -> None:
    images, labels = _array(x, f"{which}x"), _array(y, f"{which}y")
    if not len(images):
        raise TrainingError(f"{which}x is empty: there is nothing to learn from.")
    if len(images) != len(labels):
        raise TrainingError(
            f"{which}x has {len(images)} images, but {which}y has {len(labels)} labels. "
            "Each image needs its label: cut or shuffle both in the same way."
        )
    _check_finite(images, f"{which}x")
    _check_finite(labels, f"{which}y")
    _check_input(model, images, f"{which}x")
    _check_labels(model, labels, f"{which}y")


def _array(values: Any, name: str) -> np.ndarray:
    import numpy as np

    try:
        array = np.asarray(values)
    except (TypeError, ValueError) as error:
        raise TrainingError(f"{name} cannot be read as an array: {error}.") from error
    if array.ndim == 0 or array.dtype.kind not in "biuf":
        raise TrainingError(f"{name} must be an array of numbers; this is {type(values).__name__} of {array.dtype}.")
    return array


def _check_finite(array: np.ndarray, name: str) -> None:
    import numpy as np

    if array.dtype.kind != "f" or np.isfinite(array.sum(dtype=np.float64)):
        return
    bad = ~np.isfinite(array)
    first = tuple(int(n) for n in np.argwhere(bad)[0])
    raise TrainingError(
        f"{name} holds {int(bad.sum())} values that are not numbers (NaN or infinite), the first at {list(first)}. "
        "One of them is enough to spoil all weights: look for a division by zero or missing data."
    )


def _check_input(model: Any, images: np.ndarray, name: str) -> None:
    expected = getattr(model, "input_shape", None)
    if not isinstance(expected, tuple):
        return  # not built yet, or several inputs: Keras will see
    fits = len(expected) == images.ndim and all(
        want is None or want == have for want, have in zip(expected[1:], images.shape[1:], strict=True)
    )
    if fits:
        return
    want, have = tuple(expected[1:]), images.shape[1:]
    message = f"The model expects images of shape {_shape(want)}, but {name} holds images of shape {_shape(have)}."
    if None not in want and _size(want) == _size(have):
        raise TrainingError(f"{message} The number of values agrees: {name}.reshape({_shape(('-1', *want))}) makes them fit.")
    raise TrainingError(f"{message} Change the shape of the model's Input, or prepare the images to fit.")


def _check_labels(model: Any, labels: np.ndarray, name: str) -> None:
    kind, outputs = _kind_of_loss(model), _outputs(model)
    if kind is None or outputs is None:
        return
    if kind == "sparse":
        _check_sparse(labels, outputs, name)
    else:
        _check_one_hot(labels, outputs, name)


def _check_sparse(labels: np.ndarray, outputs: int, name: str) -> None:
    import numpy as np

    if labels.ndim == 2 and labels.shape[1] > 1:
        raise TrainingError(
            f"{name} is one-hot (shape {labels.shape}), but the loss is sparse_categorical_crossentropy, which expects "
            f'class indices. Use {name}.argmax(axis=1), or compile with loss="categorical_crossentropy".'
        )
    if labels.ndim > 2:
        raise TrainingError(f"{name} must be one class index for each image; it has shape {labels.shape}.")
    if np.any(labels != np.floor(labels)):
        raise TrainingError(f"{name} must hold whole numbers (class indices); it holds fractions.")
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= outputs:
        raise TrainingError(
            f"{name} has labels from {low} to {high}, but the model's {outputs} outputs stand for the classes 0 to "
            f"{outputs - 1}. Give the last layer an output for each class, and count classes from 0."
        )


def _check_one_hot(labels: np.ndarray, outputs: int, name: str) -> None:
    if labels.ndim == 1 or labels.shape[-1] == 1 < outputs:
        raise TrainingError(
            f"{name} holds class indices (shape {labels.shape}), but the loss is categorical_crossentropy, which expects "
            f'one-hot labels. Compile with loss="sparse_categorical_crossentropy", or use '
            f"keras.utils.to_categorical({name}, {outputs})."
        )
    if labels.shape[-1] != outputs:
        raise TrainingError(
            f"{name} has {labels.shape[-1]} columns, but the model has {outputs} outputs. Both must be the number of classes."
        )


def _kind_of_loss(model: Any) -> str | None:
    """ "sparse" or "one-hot" for the two cross-entropies of classification, None for any other loss."""
    loss = getattr(model, "loss", None)
    name = loss if isinstance(loss, str) else getattr(loss, "name", None) or getattr(loss, "__name__", "")
    return {"sparse_categorical_crossentropy": "sparse", "categorical_crossentropy": "one-hot"}.get(str(name))


def _outputs(model: Any) -> int | None:
    shape = getattr(model, "output_shape", None)
    return shape[-1] if isinstance(shape, tuple) and len(shape) == 2 else None


def _shape(shape: Sequence[object]) -> str:
    inner = ", ".join(str(n) for n in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def _size(shape: Sequence[int]) -> int:
    product = 1
    for n in shape:
        product *= n
    return product


# --------------------------------------------------------------------------- while it runs


@contextmanager
def _stop_button(model: Any) -> Iterator[threading.Event]:
    """Let the first interrupt end the training after the current batch, as Keras's own callbacks do.

    So callbacks still restore the best weights and nothing is left half done. A second one interrupts at once.
    """
    pressed = threading.Event()

    def on_interrupt(number: int, frame: Any) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        model.stop_training = True

    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    previous = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, previous)


def _recorder(display: _Silence) -> Any:
    """A Keras callback that notes every epoch's measures and tells the display about progress."""
    import keras

    class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.rows: list[tuple[int, str, str, float]] = []
            self.epoch = 0
            self.steps = 1

        def on_train_begin(self, logs: Any = None) -> None:
            self.steps = (self.params or {}).get("steps") or 1
            display.progress(0.0, self.rows)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            display.progress(self.epoch + (batch + 1) / self.steps, self.rows)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.epoch = epoch + 1
            for key, value in (logs or {}).items():
                split = "validation" if key.startswith("val_") else "training"
                self.rows.append((self.epoch, split, key.removeprefix("val_"), float(value)))
            display.progress(float(self.epoch), self.rows)

    return Recorder()


def _tidy(rows: list[tuple[int, str, str, float]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["epoch", "split", "metric", "value"])


# --------------------------------------------------------------------------- what is shown


class _Silence:
    """Shows nothing; what the displays have in common."""

    def progress(self, epochs_done: float, rows: list[tuple[int, str, str, float]]) -> None:
        """Called after every batch and epoch; 2.5 is half-way through the third epoch."""

    def finish(self, run: TrainingRun) -> None:
        """Called once, after the training."""


class _Notebook(_Silence):
    """One output that changes in place: bar, numbers and curves; in the end the curves alone."""

    def __init__(self, title: str, epochs: int) -> None:
        from IPython.display import display

        self.title, self.epochs = title, epochs
        self.start = time.perf_counter()
        self.next_update = 0.0
        self.drawn = 0
        self.curves = ""
        self.handle = display({"text/plain": title}, raw=True, display_id=True)

    def progress(self, epochs_done: float, rows: list[tuple[int, str, str, float]]) -> None:
        now = time.perf_counter()
        if now < self.next_update:
            return
        if rows and rows[-1][0] > self.drawn:
            self._draw(rows)
        words = _progress_words(epochs_done, self.epochs, now - self.start, rows)
        bar = f'<progress value="{epochs_done:.3f}" max="{self.epochs}" style="width: 20em" aria-label="epochs"></progress>'
        html = f"<div>{escape(self.title)} {bar} {escape(words)}</div>{self.curves}"
        self.handle.update({"text/html": html, "text/plain": f"{self.title}: {words}"}, raw=True)
        spent = time.perf_counter() - now
        self.next_update = now + max(REDRAW_SECONDS, spent / REDRAW_SHARE)

    def _draw(self, rows: list[tuple[int, str, str, float]]) -> None:
        from helpers.plotting import curves

        self.drawn = rows[-1][0]
        self.curves = curves(_tidy(rows), title=self.title).html

    def finish(self, run: TrainingRun) -> None:
        from helpers.plotting import curves

        if not run.epochs_done:
            self.handle.update({"text/plain": f"{self.title}: {_ending(run)}"}, raw=True)
            return
        data, metadata = curves(run, title=f"{self.title}: {_ending(run)}")._repr_mimebundle_()
        self.handle.update(data, metadata=metadata, raw=True)


class _Terminal(_Silence):
    """One line with a bar, for a terminal."""

    def __init__(self, title: str, epochs: int) -> None:
        from tqdm import tqdm

        self.bar = tqdm(total=epochs, desc=title, unit="epoch", mininterval=REDRAW_SECONDS / 4, dynamic_ncols=True,
                        bar_format="{desc}: {bar} {n:.0f} of {total} epochs, {remaining} left{postfix}")
        self.seen = 0

    def progress(self, epochs_done: float, rows: list[tuple[int, str, str, float]]) -> None:
        if len(rows) > self.seen:
            self.seen = len(rows)
            self.bar.set_postfix_str(_measures(rows), refresh=False)
        self.bar.update(epochs_done - self.bar.n)

    def finish(self, run: TrainingRun) -> None:
        self.bar.close()
        if run.interrupted:
            print(f"Training {_ending(run)}.", file=sys.stderr)


def _display(title: str, epochs: int) -> _Silence:
    """The display that suits this place; none where output goes to a file."""
    if in_notebook():
        return _Notebook(title, epochs)
    return _Terminal(title, epochs) if sys.stderr.isatty() else _Silence()


def _progress_words(done: float, epochs: int, seconds: float, rows: list[tuple[int, str, str, float]]) -> str:
    current = min(int(done) + 1, epochs)
    left = f", about {_duration(seconds / done * (epochs - done))} left" if done > 0.05 else ""
    return f"epoch {current} of {epochs}{left}{_measures(rows, '. Last epoch: ')}"


def _measures(rows: list[tuple[int, str, str, float]], before: str = ", ") -> str:
    """The last epoch's accuracy, or its loss where no accuracy is measured."""
    last = [row for row in rows if row[0] == rows[-1][0]]
    accuracy = [row for row in last if "accuracy" in row[2]]
    if accuracy:
        return before + ", ".join(f"{split} accuracy {100 * value:.1f} %" for _, split, _, value in accuracy)
    losses = [row for row in last if row[2] == "loss"]
    return before + ", ".join(f"{split} loss {value:.4g}" for _, split, _, value in losses) if losses else ""


def _ending(run: TrainingRun) -> str:
    epochs = f"{run.epochs_done} epoch{'' if run.epochs_done == 1 else 's'}"
    if run.interrupted:
        return f"stopped by you after {epochs}; model and curves are kept" if run.epochs_done else (
            "stopped by you within the first epoch; the model keeps what it has learned"
        )
    early = f" of {run.epochs}, stopped early," if run.stopped_early else ""
    return f"{epochs}{early} in {_duration(run.seconds)}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 0):.0f} s"
    return f"{seconds / 60:.0f} min"
