"""A window to be moved over an image by hand, to watch a convolution come about.

    from helpers import stepper

    stepper.show(x_train[0], kernel="vertical edges")

Mouse, touch and keyboard move the window; what it needs for that runs in the browser alone. Where nobody sits
in front of the notebook (a printed page, nbconvert, nbval) the same call shows a figure of the step.
"""

from helpers.stepper.widget import ConvolutionStepper, StepperError, show

__all__ = ["ConvolutionStepper", "StepperError", "show"]
