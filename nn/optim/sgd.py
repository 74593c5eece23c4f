"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import minigrad as mg
from nn.hyperparameters import Setting, finite_number
from nn.optim.optimizer import Optimizer
from nn.typing import Array

__all__ = ["SGD"]


class SGD(Optimizer):
    """Stochastic gradient descent: w ← w − lr · w̄.

    With momentum m, w̄ is replaced by v ← m v + w̄, a running sum of gradients that dampens zigzags.

    Arguments:
        params: the parameters, as for `Optimizer`.
        lr: the learning rate, at least 0.
        momentum: m, from 0 (none) to 1.
        weight_decay: λ ≥ 0 of an L2 penalty ½ λ w², whose gradient λ w is added to w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> opt.step()
    >>> float(w.data)
    0.8
    """

    momentum = Setting(partial(finite_number, most=1))
    weight_decay = Setting(finite_number)

    def __init__(
        self, params: Iterable[mg.Tensor], lr: float = 1e-3, momentum: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, lr)
        self.momentum = momentum
        self.weight_decay = weight_decay
        self._velocity: dict[int, Any] = {}

    def _update(self, i: int, value: Array, grad: Array) -> Array:
        if self.weight_decay:
            grad = grad + self.weight_decay * value
        if self.momentum:
            grad = self._velocity[i] = self.momentum * self._velocity[i] + grad if i in self._velocity else grad
        return self.lr * grad
