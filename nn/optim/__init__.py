"""Optimizers: they change parameters by their gradients.

`optimizer` is what all share; `sgd` and `adam` are gradient descent, with momentum and with Adam's step sizes.
"""

from nn.optim.adam import Adam as Adam
from nn.optim.optimizer import Optimizer as Optimizer
from nn.optim.sgd import SGD as SGD

__all__ = [
    "SGD",
    "Adam",
    "Optimizer",
]


def __dir__() -> list[str]:
    return __all__
