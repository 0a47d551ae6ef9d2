"""Networks as drawings: what becomes of an image from layer to layer, and where the parameters are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, GREEN, ORANGE, PALE, PINK, SKY, counted, listing

COLUMN = 1.18  # inches from the middle of one block to the next
TALLEST = 1.45  # inches of the tallest block
MOST_BLOCKS = 16
COLOURS = {"Conv2D": BLUE, "MaxPooling2D": ORANGE, "AveragePooling2D": ORANGE, "Dense": GREEN}
COLOURS |= {"GlobalAveragePooling2D": ORANGE, "GlobalMaxPooling2D": ORANGE, "Flatten": PALE}
SHORT = {"BatchNormalization": "batch norm.", "GlobalAveragePooling2D": "global average\npooling"}
SHORT |= {"MaxPooling2D": "max pooling", "AveragePooling2D": "average pooling", "Flatten": "flatten"}


@dataclass(frozen=True)
class Block:
    """What is drawn as one body: a layer, and those after it that leave the shape as it is.

    Attributes:
        kind: the layer's class, such as "Conv2D"; "image" for what goes in.
        words: what it does, in a line or two.
        shape: of what it puts out, without the batch.
        parameters: of all its layers.
        followers: the layers drawn with it, in words.
    """

    kind: str
    words: str
    shape: tuple[int, ...]
    parameters: int = 0
    followers: list[str] = field(default_factory=list)


def network_diagram(model: Any, title: str = "") -> Figure:
    """A network drawn layer by layer: what shape its values have after each, and how many parameters it has.

    Three-dimensional bodies are feature maps (height × width × channels); flat ones are vectors. Layers that
    leave the shape as it is (batch normalisation, ReLU, dropout) are named at the body that they work on.

    Args:
        model: a keras.Model with known shapes, a chain of layers without branches.
        title: the model's name if not given.

    Raises:
        PlottingError: for models without shapes, with branches, or with too many layers for a drawing.
    """
    blocks = _blocks(model)
    total = sum(block.parameters for block in blocks)
    title = title or f"{model.name}: {counted(total, 'parameter')}"
    with canvas(len(blocks) * COLUMN + 0.2, 3.3) as (figure, axes):
        for number, block in enumerate(blocks):
            middle = (number + 0.5) * COLUMN
            _body(axes, block, middle, _largest_side(blocks))
            _label(axes, block, middle)
            if number:
                _arrow(axes, middle - COLUMN / 2)
        axes.set(xlim=(0, len(blocks) * COLUMN), ylim=(-1.42, 1.45))
        axes.set_aspect("equal")
        axes.set_axis_off()
        figure.suptitle(title)
    told = "; then ".join(_in_words(block) for block in blocks)
    return Figure(figure, f"{title}. A drawing of the layers from left to right: {told}.")


def parameter_counts(model: Any, title: str = "") -> Figure:
    """How many parameters each layer has, and from which shapes they add up: a bar for each layer.

    Args:
        model: a keras.Model with known shapes.

    Raises:
        PlottingError: for models without shapes or without weights.
    """
    layers = [layer for layer in _layers(model) if layer.weights]
    if not layers:
        raise PlottingError("This model has no parameters, so there is nothing to count.")
    counts = [sum(math.prod(weight.shape) for weight in layer.weights) for layer in layers]
    terms = [" + ".join(" · ".join(map(str, weight.shape)) for weight in layer.weights) for layer in layers]
    title = title or f"Where the {sum(counts):,} parameters of “{model.name}” are"
    with canvas(8.6, 0.34 * len(layers) + 1.1) as (figure, axes):
        place = range(len(layers))
        colours = [COLOURS.get(type(layer).__name__, PINK) for layer in layers]
        axes.barh(place, counts, color=colours, edgecolor="black", linewidth=0.5)
        for index, (count, term) in enumerate(zip(counts, terms, strict=True)):
            words = f"{term} = {count:,}" if " " in term else f"{count:,}"
            axes.text(count + 0.01 * max(counts), index, words, va="center", fontsize=9)
        axes.set_yticks(place, [layer.name for layer in layers])
        axes.invert_yaxis()
        axes.set(xlim=(0, 1.75 * max(counts)), xlabel="parameters", ylabel="layer")
        axes.set_xticks([0, max(counts)], ["0", f"{max(counts):,}"])
        figure.suptitle(title)
    told = [
        f"{layer.name} {term} = {count:,}" for layer, term, count in zip(layers, terms, counts, strict=True)
    ]
    return Figure(figure, f"{title}. A bar for each layer: {listing(told)}.")


# --------------------------------------------------------------------------- reading the model


def _layers(model: Any) -> list[Any]:
    """The layers of a chain, without the input."""
    if not hasattr(model, "layers"):
        raise PlottingError(f"A Keras model is needed; this is of type {type(model).__name__}.")
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    if not layers or not isinstance(getattr(model, "input_shape", None), tuple):
        raise PlottingError(
            "This model doesn't know its shapes yet. Begin it with keras.Input(shape=(28, 28, 1)), "
            "or show it an image first."
        )
    return layers


def _blocks(model: Any) -> list[Block]:
    layers = _layers(model)
    blocks = [Block("image", "image", tuple(model.input_shape[1:]))]
    for layer in layers:
        if isinstance(layer.input, list | tuple | dict):
            raise PlottingError(
                f"The layer “{layer.name}” has several inputs; only a chain of layers can be drawn."
            )
        kind, shape = type(layer).__name__, tuple(layer.output.shape[1:])
        parameters = sum(math.prod(weight.shape) for weight in layer.weights)
        if shape == blocks[-1].shape and kind not in COLOURS:
            last = blocks.pop()
            followers = [*last.followers, _follower(layer)]
            blocks.append(Block(last.kind, last.words, shape, last.parameters + parameters, followers))
        else:
            activation = _activation(layer)
            blocks.append(Block(kind, _words(layer), shape, parameters, [activation] if activation else []))
    if len(blocks) > MOST_BLOCKS:
        raise PlottingError(f"{len(blocks)} layers are too many to draw; {MOST_BLOCKS} can be read.")
    return blocks


def _words(layer: Any) -> str:
    kind = type(layer).__name__
    if kind == "Conv2D":
        stride = "" if set(layer.strides) == {1} else f", stride {layer.strides[0]}"
        return f"Conv2D\n{layer.filters} of {_times(layer.kernel_size)}{stride}"
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        return f"{SHORT[kind]}\n{_times(layer.pool_size)}"
    if kind == "Dense":
        return f"Dense\n{counted(layer.units, 'unit')}"
    return SHORT.get(kind, kind)


def _follower(layer: Any) -> str:
    kind = type(layer).__name__
    if kind == "Dropout":
        return f"dropout {100 * layer.rate:.0f} %"
    return _activation(layer) or SHORT.get(kind, kind)


def _activation(layer: Any) -> str:
    """An activation that the layer itself applies, in words; empty for none."""
    name = getattr(getattr(layer, "activation", None), "__name__", "linear")
    return {"linear": "", "relu": "ReLU"}.get(name, name)


# --------------------------------------------------------------------------- drawing


def _largest_side(blocks: Sequence[Block]) -> int:
    return max((block.shape[0] for block in blocks if len(block.shape) == 3), default=1)


def _body(axes: Any, block: Block, middle: float, largest: int) -> None:
    """A box for feature maps, its front as wide as it has channels; a pillar for a vector."""
    if len(block.shape) == 3:
        height = TALLEST * max(block.shape[0] / largest, 0.06)
        slant = 0.32 * TALLEST * max(block.shape[1] / largest, 0.06)
        width = 0.05 + 0.055 * math.log2(max(block.shape[2], 1))
    else:
        size = math.prod(block.shape)
        height, slant, width = min(0.25 + 0.12 * math.log2(max(size, 1)), TALLEST), 0.0, 0.12
    left, bottom = middle - (width + slant) / 2, -(height + slant) / 2
    colour = COLOURS.get(block.kind, SKY if block.kind != "image" else "0.25")
    front = [(0, 0), (width, 0), (width, height), (0, height)]
    top = [(0, height), (width, height), (width + slant, height + slant), (slant, height + slant)]
    side = [(width, 0), (width + slant, slant), (width + slant, height + slant), (width, height)]
    from matplotlib.patches import Polygon

    for corners, alpha in ((front, 1.0), (top, 0.75), (side, 0.45)):
        if slant or corners is front:
            shifted = [(left + x, bottom + y) for x, y in corners]
            axes.add_patch(Polygon(shifted, facecolor="white", edgecolor="none"))
            axes.add_patch(Polygon(shifted, facecolor=_with(colour, alpha), edgecolor="black", linewidth=0.7))


def _with(colour: str, alpha: float) -> tuple[float, float, float, float]:
    from matplotlib.colors import to_rgba

    red, green, blue, opacity = to_rgba(colour, alpha)
    return red, green, blue, opacity


def _label(axes: Any, block: Block, middle: float) -> None:
    axes.text(middle, 1.12, block.words, ha="center", va="center", fontsize=8.5, fontweight="bold")
    lines = [_times(block.shape) if len(block.shape) == 3 else f"{math.prod(block.shape):,} values"]
    if block.kind != "image":
        lines.append(counted(block.parameters, "parameter") if block.parameters else "no parameters")
    lines += block.followers
    axes.text(middle, -1.0, "\n".join(lines), ha="center", va="top", fontsize=8, linespacing=1.15)


def _arrow(axes: Any, x: float) -> None:
    look = {"arrowstyle": "-|>", "color": "0.35", "linewidth": 1}
    axes.annotate("", (x + 0.13, 0), (x - 0.13, 0), arrowprops=look)


def _times(sizes: Sequence[int]) -> str:
    return " × ".join(str(size) for size in sizes)


def _in_words(block: Block) -> str:
    what = " ".join([block.words.replace("\n", " "), *(f"with {follower}" for follower in block.followers)])
    shape = _times(block.shape) if len(block.shape) == 3 else counted(math.prod(block.shape), "value")
    return f"{what}: {shape}" + (f", {counted(block.parameters, 'parameter')}" if block.parameters else "")
