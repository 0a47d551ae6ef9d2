"""The workshop's data sets: `load(name)` gives images and labels, full or bundled, in one shape."""

from helpers.datasets.exporting import write_csv
from helpers.datasets.loading import Dataset, load, load_ahead, variant_in_use

__all__ = ["Dataset", "load", "load_ahead", "variant_in_use", "write_csv"]
