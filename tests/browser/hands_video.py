"""What Chromium's fake camera shows: drawn hands, one after the other, as a raw video file (YUV4MPEG2)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 224, 320  # each of a hand's 28 rows is 8 rows here; at both sides there is wall
MARGIN = (WIDTH - HEIGHT) // 2
FRAMES_A_SECOND = 2


def write_video(path: Path, hands: NDArray[np.float32], seconds_each: float) -> None:
    """Writes a video in which each hand stands still for some seconds; Chromium plays it in a circle.

    Args:
        hands: (n, 28, 28, 1), values from 0 to 1.
    """
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for hand in hands:
            picture = _picture(hand[:, :, 0])
            for _ in range(round(seconds_each * FRAMES_A_SECOND)):
                file.write(b"FRAME\n" + picture)


def _picture(hand: NDArray[np.float32]) -> bytes:
    """One frame: brightness from 16 to 235, as video has it, and no colour."""
    grey = np.kron(hand, np.ones((HEIGHT // len(hand), HEIGHT // len(hand))))
    wall = np.full((HEIGHT, MARGIN), 0.3)
    luma = np.rint(16 + 219 * np.hstack([wall, grey, wall])).astype(np.uint8)
    return luma.tobytes() + bytes([128]) * (2 * (HEIGHT // 2) * (WIDTH // 2))
