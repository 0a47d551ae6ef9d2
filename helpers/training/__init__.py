"""Training with one quiet, live display instead of pages of numbers.

run = training.fit(model, x_train, y_train, epochs=10, validation_split=0.1)
run.history          # epoch, split, metric, value: a row for each number
run.best_epoch       # where the validation loss was lowest
"""

from helpers.training.fitting import fit
from helpers.training.mistakes import check_before_fit
from helpers.training.run import TrainingError, TrainingRun

__all__ = ["TrainingError", "TrainingRun", "check_before_fit", "fit"]
