"""Padding, correlation, convolution and pooling in NumPy, and the classic kernels.

    from helpers import convolution

    sobel = convolution.KERNELS["vertical edges"].values
    answer = convolution.correlate2d(image, sobel, padding="same", stride=2)

Images are arrays of shape (..., height, width): one image, or as many as wanted in front. All arithmetic is
in float64. Padding and strides follow Keras's convention, so that the results are those of Conv2D (which
correlates, whatever its name says) and MaxPooling2D.
"""

from helpers.convolution.arithmetic import (
    ConvolutionError,
    convolve2d,
    correlate2d,
    max_pool2d,
    output_size,
    pad2d,
    same_padding,
)
from helpers.convolution.kernels import KERNELS, Kernel

__all__ = [
    "KERNELS",
    "ConvolutionError",
    "Kernel",
    "convolve2d",
    "correlate2d",
    "max_pool2d",
    "output_size",
    "pad2d",
    "same_padding",
]
