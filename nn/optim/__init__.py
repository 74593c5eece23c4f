"""Optimizers: they change parameters by their gradients.

`optimizer` is what all share, and `groups/` their groups of parameters. `sgd` is gradient descent with momentum;
`adagrad`, `rmsprop`, `adadelta`, `adam`, `adamw` and `lion` scale the gradients; `lbfgs/` is a quasi-Newton method.
`clip_grad` clips gradients before a step, and `lr_scheduler/` has schedules of learning rates.
"""

from nn.optim.adadelta import Adadelta as Adadelta
from nn.optim.adagrad import Adagrad as Adagrad
from nn.optim.adam import Adam as Adam
from nn.optim.adamw import AdamW as AdamW
from nn.optim.clip_grad import clip_grad_norm_ as clip_grad_norm_
from nn.optim.clip_grad import clip_grad_value_ as clip_grad_value_
from nn.optim.lbfgs.lbfgs import LBFGS as LBFGS
from nn.optim.lion import Lion as Lion
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
from nn.optim.optimizer import Optimizer as Optimizer
from nn.optim.rmsprop import RMSprop as RMSprop
from nn.optim.sgd import SGD as SGD

__all__ = [
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LambdaLR",
    "LinearLR",
    "Lion",
    "MultiStepLR",
    "OneCycleLR",
    "Optimizer",
    "PolynomialLR",
    "RMSprop",
    "ReduceLROnPlateau",
    "Schedule",
    "SequentialLR",
    "StepLR",
    "clip_grad_norm_",
    "clip_grad_value_",
]


def __dir__() -> list[str]:
    return __all__
