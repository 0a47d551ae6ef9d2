"""How figures look: colours that survive colour blindness and grey print, sizes, and words for numbers."""

from __future__ import annotations

from collections.abc import Sequence

# The palette of Masataka Okabe and Kei Ito (https://jfly.uni-koeln.de/color/), darkest first.
BLACK, BLUE, VERMILION, GREEN = "#000000", "#0072B2", "#D55E00", "#009E73"
PINK, ORANGE, SKY, YELLOW = "#CC79A7", "#E69F00", "#56B4E9", "#F0E442"
PALE = "#D9D9D9"
SERIES = (BLUE, ORANGE, GREEN, PINK, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P")

DPI = 100
STYLE: dict[str, object] = {
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.prop_cycle": f"cycler('color', {list(SERIES)})",
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "figure.titlesize": 12,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "image.cmap": "gray",
}


def percent(share: float, digits: int = 1) -> str:
    """A share between 0 and 1 in words: 0.984 → "98.4 %"."""
    return f"{100 * share:.{digits}f} %"


def listing(words: Sequence[object]) -> str:
    """Words as a sentence has them: "a, b and c"."""
    parts = [str(word) for word in words]
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def counted(number: int, noun: str) -> str:
    """A number and what is counted: "1 image", "12,000 images"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
