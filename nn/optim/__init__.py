"""Optimizers: they change parameters by their gradients.

`optimizer` is what all share, and `groups/` their groups of parameters. `sgd` is gradient descent with momentum;
`adagrad`, `rmsprop`, `adadelta`, `adam`, `adamw` and `lion` scale the gradients; `lbfgs/` is a quasi-Newton method.
`clip_grad` clips gradients before a step.
"""

from nn.optim.adadelta import Adadelta as Adadelta
from nn.optim.adagrad import Adagrad as Adagrad
from nn.optim.adam import Adam as Adam
from nn.optim.adamw import AdamW as AdamW
from nn.optim.clip_grad import clip_grad_norm_ as clip_grad_norm_
from nn.optim.clip_grad import clip_grad_value_ as clip_grad_value_
from nn.optim.lbfgs.lbfgs import LBFGS as LBFGS
from nn.optim.lion import Lion as Lion
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
    "Lion",
    "Optimizer",
    "RMSprop",
    "clip_grad_norm_",
    "clip_grad_value_",
]


def __dir__() -> list[str]:
    return __all__
