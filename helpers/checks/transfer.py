"""The graded items of assignment 05: images for somebody else's base, a frozen base, few labels, fine-tuning.

What became of the base shows in its weights: a frozen one has them to the last bit, whatever was trained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.cases import KEPT, Case, FunctionItem
from helpers.checks.classifier import UNSEEN, Classifier, unusable_output
from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.exercise import told
from helpers.checks.inlining import exported_inlined
from helpers.checks.items import Challenge, ImageSource, Item, Rejected, UnusableReturn, is_empty
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding
from helpers.checks.weights import Weight, distance, weight

Advice = Iterator[tuple[str, Callable[[], Any]]]

_DATASET = "signs"
_BATCHES_DRAWN = 3
_UNRELATED = 0.9  # equal kernels are 0 apart, trained ones less than this, random ones more


class PreparedImages(FunctionItem):
    """`prepare(images, size, means)`: what a base wants that was trained on large coloured photographs.

    images (n, height, width, 1) from 0 to 1 become (n, size, size, 3): a black margin all around, three equal
    channels from 0 to 255, each less its mean.
    """

    parts = ("channels", "margin", "means", KEPT)
    labels = {  # noqa: RUF012
        "channels": "Three channels from 0 to 255",
        "margin": "The black margin",
        "means": "The means, taken off",
        KEPT: "The images that you are given",
    }
    returns = "the prepared images"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        none = np.zeros(3)
        yield _images("channels", np.array([[0.0, 1.0], [0.2, 0.4]])[np.newaxis], 2, none)
        for size in rng.integers(4, 9, _BATCHES_DRAWN).tolist():
            yield _images("channels", _drawn(rng, size, size), size, none)
        yield _images("margin", np.array([[[1.0]]]), 3, none)
        for height in rng.integers(3, 6, _BATCHES_DRAWN).tolist():
            for width in (height, height + 2):
                size = width + 2 * int(rng.integers(1, 4))
                yield _images("margin", _drawn(rng, height, width), size, none)
        yield _images("means", np.array([[[1.0]]]), 1, np.array([100.0, 110.0, 120.0]))
        for side in rng.integers(3, 6, _BATCHES_DRAWN).tolist():
            size = side + 2 * int(rng.integers(1, 4))
            yield _images("means", _drawn(rng, side, side), size, rng.uniform(90, 150, 3))

    def expected(self, case: Case) -> NDArray[np.float64]:
        return prepared(*case.values)

    def mistakes(self, case: Case) -> Advice:
        images, size, means = case.values
        framed, grey = _margin(images, size), _coloured(images)
        yield (
            "The values run from 0 to 1 here; the base wants 0 to 255.",
            lambda: _coloured(framed) / 255 - means,
        )
        yield "They are divided by 255, not multiplied.", lambda: _coloured(framed) / 255**2 - means
        yield "All three channels should hold the same grey.", lambda: _coloured(framed) * [1, 0, 0] - means
        yield (
            "The margin should be equally wide on both sides.",
            lambda: _coloured(_to_one_side(images, size)) - means,
        )
        yield (
            "A black pixel loses its mean, too: margin first, then the means.",
            lambda: _margin(grey - means, size),
        )
        yield (
            "The means belong to values from 0 to 255: multiply first.",
            lambda: _coloured(framed) - 255 * means,
        )
        yield "The means are taken off, not added.", lambda: _coloured(framed) + means
        yield (
            "Each channel loses its own mean, in the order in which they are given.",
            lambda: _coloured(framed) - means[::-1],
        )
        yield "Each channel has a mean of its own.", lambda: _coloured(framed) - means.mean()


def prepared(images: NDArray[Any], size: int, means: NDArray[Any]) -> NDArray[np.float64]:
    """Images (n, height, width, 1) from 0 to 1 as (n, size, size, 3), from 0 to 255 less the means."""
    return np.asarray(_coloured(_margin(images, size)) - means)


def _coloured(images: NDArray[Any]) -> NDArray[np.float64]:
    """Grey from 0 to 1 as three channels from 0 to 255."""
    return np.repeat(255 * images.astype(np.float64), 3, axis=3)


def _margin(images: NDArray[Any], size: int) -> NDArray[Any]:
    """Images with as many zeros on either side as make them (n, size, size, channels)."""
    rows, columns = ((size - length) // 2 for length in images.shape[1:3])
    return np.pad(images, ((0, 0), (rows, rows), (columns, columns), (0, 0)))


def _to_one_side(images: NDArray[Any], size: int) -> NDArray[Any]:
    """The margin at the lower right alone."""
    rows, columns = (size - length for length in images.shape[1:3])
    return np.pad(images, ((0, 0), (0, rows), (0, columns), (0, 0)))


def _drawn(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    return rng.random((int(rng.integers(2, 4)), height, width))


def _images(part: str, images: NDArray[Any], size: int, means: NDArray[np.float64]) -> Case:
    grey = images[..., np.newaxis].astype(np.float32)
    return Case(part, (("images", grey), ("size", size), ("means", means)))


# --- What became of the base


@dataclass(frozen=True)
class Base:
    """The pretrained base in a model, array by array, beside what it was when it was loaded."""

    found: tuple[Weight, ...]
    loaded: tuple[Weight, ...]

    @classmethod
    def within(cls, model: Sequence[Weight]) -> Base | None:
        """The base among a model's weights: the run of arrays that has all its shapes; None without one.

        Where several have, the one that is most like it.
        """
        loaded = loaded_base()
        shapes = [one.shape for one in loaded]
        places = range(len(model) - len(loaded) + 1)
        runs = [tuple(model[place : place + len(loaded)]) for place in places]
        fitting = [run for run in runs if [one.shape for one in run] == shapes]
        if not fitting:
            return None
        return cls(min(fitting, key=lambda run: distance(run, loaded)), loaded)

    @property
    def kernels(self) -> list[int]:
        """The places of the convolutions' kernels."""
        return [place for place, one in enumerate(self.loaded) if len(one.shape) == _KERNEL_AXES]

    def changed(self, *, moving: bool | None = None) -> list[int]:
        """The places of arrays that changed; of normalisation's moving statistics alone, or of all others."""
        return [
            place
            for place, (now, was) in enumerate(zip(self.found, self.loaded, strict=True))
            if now.digest != was.digest and moving in (None, now.name.startswith("moving_"))
        ]

    @property
    def unrelated(self) -> bool:
        """Whether its kernels have nothing to do with the pretrained ones; the last is passed over, as
        fine-tuning may have taken it anywhere."""
        now, was = ([side[place] for place in self.kernels[:-1]] for side in (self.found, self.loaded))
        return distance(now, was) > _UNRELATED


_KERNEL_AXES = 4


def loaded_base() -> tuple[Weight, ...]:
    """The arrays of `load_backbone()`, in its order."""
    from helpers import models

    return tuple(weight(place.split("/")[1], values) for place, values in models.backbone_weights().items())


def _without_base() -> str:
    return (
        "The pretrained base isn't in the model, at least not as a whole, from the first convolution to the "
        "last normalisation. Build on what your function is given."
    )


def _thawed(base: Base) -> str:
    """In which way a base that should be frozen isn't, in a sentence; "" where it is."""
    changed, learned = base.changed(), base.changed(moving=False)
    if not changed:
        trainable = any(one.trainable for one in base.found)
        return "The base stayed as it was here, but it is still trainable." if trainable else ""
    many = "All" if len(changed) == len(base.loaded) else f"{len(changed)} of"
    said = f"{many} the base's {len(base.loaded)} arrays have changed: "
    if base.unrelated:
        return (
            f"{said}these aren't the pretrained weights. A clone, or a network built anew, starts "
            "from random numbers; use the backbone itself."
        )
    if not learned:
        return (
            f"{said}BatchNormalization's moving means and variances drifted. They follow every batch that is "
            "trained on, unless these layers are frozen as well."
        )
    if not set(learned) & set(base.kernels):
        return f"{said}the convolutions are frozen, BatchNormalization's layers aren't."
    if not set(base.kernels) <= set(learned):
        return f"{said}only some of its layers are frozen. Freeze the base as a whole."
    return f"{said}it was trained along. Which attribute freezes a layer, or a whole model?"


class NewHead(Item):
    """`with_new_head(backbone, classes)`: a compiled model, the frozen base with a head for so many classes.

    It is trained for a few steps, on noise, before it is looked at: what isn't frozen doesn't stay as it was.
    """

    parts = ("base", "head")
    settings = ("images",)
    observed = True

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        n, classes = self.setting("images"), int(rng.integers(5, 20))
        noise = rng.random((2 * n, 28, 28, 1), dtype=np.float32)
        inputs = {"x": noise[:n], "y": rng.integers(classes, size=n), "classes": np.array(classes)}
        return Challenge(inputs=inputs, unseen={UNSEEN: noise[n:]})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        from helpers import environment, models

        build = answer[0]
        if build is None or is_empty(build):
            return Evidence(attempted=False)
        environment.set_seed(1)
        model = _as_model(build(models.load_backbone(), int(inputs["classes"])))
        if not model.compiled:
            raise UnusableReturn("The model isn't compiled. Call its compile, then return it.")
        try:
            model.fit(inputs["x"], inputs["y"], epochs=2, batch_size=32, verbose=0)
        except Exception as error:
            raise UnusableReturn(
                f"The model can't be trained on labels that are whole numbers: {told(error)}"
            ) from error
        return Evidence(model=exported_inlined(model))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        if seen.problem:
            raise Rejected(seen.problem)
        base = Base.within(seen.weights)
        thawed = _without_base() if base is None else _thawed(base)
        headless = self._headless(seen, base, int(challenge.inputs["classes"]))
        return (
            self.finding("base", not thawed, "After some training, the base is what it was.", thawed),
            self.finding("head", not headless, "The head gives a probability for each class.", headless),
        )

    def _headless(self, seen: Observation, base: Base | None, classes: int) -> str:
        """What is wrong with the head, in a sentence; "" where it is as it should be."""
        outputs = seen.predictions[UNSEEN]
        problem = unusable_output(outputs, len(outputs), classes)
        if problem:
            return problem
        if not np.all(outputs >= 0) or not np.allclose(outputs.sum(axis=1), 1.0, atol=1e-3):
            return (
                f"The outputs aren't probabilities: the first row sums to {outputs[0].sum():.2f}. "
                "Which activation turns scores into probabilities?"
            )
        in_base = set() if base is None else {one.digest for one in base.found}
        if not any(one.trainable for one in seen.weights if one.digest not in in_base):
            return "Nothing in the head is trainable: freeze the base alone."
        return ""


def _as_model(returned: Any) -> Any:
    """What a function returned, if it is a Keras model."""
    import keras

    if isinstance(returned, keras.Model):
        return returned
    kind = "nothing" if returned is None else f"a {type(returned).__name__}"
    advice = {
        "NoneType": " Is its `return` there?",
        "History": " That is what fit gives back; return the model itself.",
        "KerasTensor": " That is a model's output; make a model of it with keras.Model(inputs, outputs).",
    }.get(type(returned).__name__, "")
    raise UnusableReturn(f"Your function should return a Keras model, but returned {kind}.{advice}")


# --- Few labels


def few_signs(a_letter: int, seed: int, order: NDArray[np.int64] | None = None) -> tuple[Any, Any]:
    """A few of the signs to train on: x (n, 28, 28, 1), y (n,), as many of each letter, shuffled.

    Args:
        a_letter: how many of each.
        seed: which ones.
        order: by class, the number that stands for it; as the data set has them, if not given.
    """
    from helpers import datasets

    data = datasets.load(_DATASET, quiet=True)
    rng = np.random.default_rng(seed)
    letters = np.arange(len(data.class_names))
    chosen = [rng.permutation(np.flatnonzero(data.y_train == letter))[:a_letter] for letter in letters]
    places = rng.permutation(np.concatenate(chosen))
    return data.x_train[places], (letters if order is None else order)[data.y_train[places]]


class FewLabels(Classifier):
    """`train_on_few(backbone, x, y)`: a model trained on few labelled signs, drawn for the check.

    The letters get new numbers each time. So whatever the function has learned from elsewhere (all of the
    training images, the test images) has the wrong names; only x and y say what is what. The base has to be
    in the model, frozen or fine-tuned: who trains from scratch answers another question.
    """

    settings = (*Classifier.settings, "labelled_images")

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        drawn = super().draw(images, rng)
        order = rng.permutation(self.setting("classes"))
        inputs = {"order": order, "seed": rng.integers(2**31, size=())}
        return Challenge(inputs, drawn.unseen, {"labels": order[drawn.key["labels"]]})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        from helpers import environment, models

        function = answer[0]
        if function is None or is_empty(function):
            return Evidence(attempted=False)
        seed = int(inputs["seed"])
        x, y = few_signs(self.setting("labelled_images"), seed, inputs["order"])
        environment.set_seed(seed)
        return super().collect((_as_model(self.trained(function, models.load_backbone(), x, y)),), inputs)

    def trained(self, function: Any, backbone: Any, x: NDArray[Any], y: NDArray[Any]) -> Any:
        """What the student's function returns."""
        return function(backbone, x, y)

    def broken_rule(self, seen: Observation) -> str:
        base = Base.within(seen.weights)
        missing = base is None or base.unrelated
        return super().broken_rule(seen) or (_without_base() if missing else "")

    def advice(self, accuracy: float, predicted: NDArray[Any], labels: NDArray[Any]) -> str:
        classes = self.setting("classes")
        table = np.zeros((classes, classes), dtype=np.int64)
        np.add.at(table, (predicted.argmax(axis=1), labels), 1)
        apart = float(
            table.max(axis=1).sum() / len(labels)
        )  # if each of its classes had the name that fits best
        if apart > max(2 * accuracy, _TOLD_APART):
            return (
                "It does tell letters apart, but by other numbers than those in y, which are new in each "
                "check. Learn from the x and y that your function is given, as they are."
            )
        return super().advice(accuracy, predicted, labels)


_TOLD_APART = 0.5


def ready_made(backbone: Any, x: Any, y: Any) -> Any:
    """A compiled model of the frozen backbone and a dense head, trained on x (n, 28, 28, 1) and y (n,)."""
    import keras

    backbone.trainable = False
    image = keras.Input((28, 28, 1), name="image")
    features = keras.layers.Flatten(name="flatten")(backbone(image))
    letters = keras.layers.Dense(int(max(y)) + 1, activation="softmax", name="letters")(features)
    model = keras.Model(image, letters, name="ready_made")
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=_READY_EPOCHS, batch_size=32, verbose=0)
    return model


_READY_EPOCHS = 10


class FineTuned(FewLabels):
    """`fine_tune(model, x, y)`: a ready-made model whose base's last convolution alone was trained on.

    Parts: "thawed" (that convolution has changed, the others haven't), "statistics" (normalisation is as it
    was) and "accuracy" (what the base could is still there).
    """

    parts = ("thawed", "statistics", "accuracy")

    def trained(self, function: Any, backbone: Any, x: NDArray[Any], y: NDArray[Any]) -> Any:
        return function(ready_made(backbone, x, y), x, y)

    def advice(self, accuracy: float, predicted: NDArray[Any], labels: NDArray[Any]) -> str:
        return "The ready-made model knew more. Smaller steps keep what it knows: a smaller learning rate."

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        _, accuracy = super().findings(evidence, seen, challenge)
        base = Base.within(seen.weights)
        if base is None or not base.changed():
            raise Rejected(
                "Nothing in the base has changed. Is its last convolution trainable? And was the model "
                "compiled after that? One that has been trained before doesn't notice otherwise."
            )
        return self._thawed(base), self._statistics(base), accuracy

    def _thawed(self, base: Base) -> Finding:
        *earlier, last = base.kernels
        learned = set(base.changed(moving=False))
        spoilt = learned & set(earlier)
        wrong = (
            f"{len(spoilt)} of the {len(earlier)} convolutions before the base's last one have changed, too; "
            "they should stay frozen."
            if spoilt
            else "The base's last convolution hasn't changed; is it trainable?"
        )
        return self.finding(
            "thawed",
            last in learned and not spoilt,
            "Of the base's convolutions, the last one has learned, and no other.",
            wrong,
        )

    def _statistics(self, base: Base) -> Finding:
        normalising = [place for place in base.changed() if place not in base.kernels]
        return self.finding(
            "statistics",
            not normalising,
            "BatchNormalization is as it was.",
            f"{len(normalising)} of BatchNormalization's arrays have changed. Its layers should stay frozen: "
            "so few images say little about the mean and the variance of all.",
        )
