"""Schedules of learning rates: `schedule(t)` is the factor of the base at step or epoch t = 0, 1, …

`schedule` is what all share. `decay`, `cosine` and `cyclic` are functions of t, `function` makes one of a function of
yours, and `combined` makes one of several. `plateau` watches a loss, and is the only one with a state.
"""

from nn.optim.lr_scheduler.combined import ChainedScheduler as ChainedScheduler
from nn.optim.lr_scheduler.combined import SequentialLR as SequentialLR
from nn.optim.lr_scheduler.cosine import CosineAnnealingLR as CosineAnnealingLR
from nn.optim.lr_scheduler.cosine import CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts
from nn.optim.lr_scheduler.cyclic import CyclicLR as CyclicLR
from nn.optim.lr_scheduler.cyclic import OneCycleLR as OneCycleLR
from nn.optim.lr_scheduler.decay import ConstantLR as ConstantLR
from nn.optim.lr_scheduler.decay import ExponentialLR as ExponentialLR
from nn.optim.lr_scheduler.decay import LinearLR as LinearLR
from nn.optim.lr_scheduler.decay import MultiStepLR as MultiStepLR
from nn.optim.lr_scheduler.decay import PolynomialLR as PolynomialLR
from nn.optim.lr_scheduler.decay import StepLR as StepLR
from nn.optim.lr_scheduler.function import LambdaLR as LambdaLR
from nn.optim.lr_scheduler.plateau import ReduceLROnPlateau as ReduceLROnPlateau
from nn.optim.lr_scheduler.schedule import Schedule as Schedule

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "Schedule",
    "SequentialLR",
    "StepLR",
]


def __dir__() -> list[str]:
    return __all__
