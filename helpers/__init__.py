"""Shared code of the convolution workshop. Importing it does nothing: each topic is a module of its own."""

__version__ = "0.1.0"
