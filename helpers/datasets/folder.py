"""Where data lies, and which variant is asked for: the two environment variables and their defaults."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, get_args

from helpers.datasets.errors import DataError

Variant = Literal["auto", "full", "bundled"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)


def data_folder() -> Path:
    """The folder of all data: `WORKSHOP_DATA_DIR`, else `data/` beside the helpers package."""
    chosen = os.environ.get("WORKSHOP_DATA_DIR", "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(__file__).resolve().parents[2] / "data"


def chosen_variant(variant: str | None) -> Variant:
    """`variant`, else `WORKSHOP_DATA`, else "auto".

    Raises:
        DataError: it is none of "auto", "full" and "bundled".
    """
    where = "variant" if variant else "The environment variable WORKSHOP_DATA"
    asked = variant or os.environ.get("WORKSHOP_DATA", "").strip() or "auto"
    if asked not in VARIANTS:
        raise DataError(f'{where} is "{asked}"; it can be "auto", "full" or "bundled".')
    return asked
