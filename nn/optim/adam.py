"""Adam."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, finite_number
from nn.optim.optimizer import Optimizer
from nn.typing import Array

__all__ = ["Adam"]


def _decay_rates(what: str, value: Any) -> tuple[float, float]:
    """Two numbers, at least 0 and less than 1."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"{what} is {value!r}, expected two numbers, as (0.9, 0.999)")
    first, second = (finite_number(what, beta) for beta in value)
    if max(first, second) >= 1:
        raise ValueError(f"{what} is {value}, expected numbers of at least 0 and less than 1")
    return first, second


class Adam(Optimizer):
    """Gradient descent with steps of about `lr` for every parameter, whatever the size of its gradients.

    The running mean of each gradient is divided by the root of its running mean square.

    Arguments:
        params: the parameters, as for `Optimizer`.
        lr: the learning rate, at least 0.
        betas: the decay rates of the running mean and of the running mean square, at least 0 and less than 1.
        eps: a small number added to the divisor, at least 0.
        weight_decay: λ ≥ 0 of an L2 penalty ½ λ w², whose gradient λ w is added to w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.Adam([w], lr=0.1)
    >>> (w * w).backward()
    >>> opt.step()
    >>> round(float(w.data), 6)
    0.9
    """

    betas = Setting(_decay_rates)
    eps = Setting(finite_number)
    weight_decay = Setting(finite_number)

    def __init__(
        self,
        params: Iterable[mg.Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr)
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay
        self._moments: dict[int, tuple[int, Any, Any]] = {}

    def _update(self, i: int, value: Array, grad: Array) -> Array:
        if self.weight_decay:
            grad = grad + self.weight_decay * value
        beta1, beta2 = self.betas
        t, mean, square = self._moments.get(i, (0, np.zeros_like(grad), np.zeros_like(grad)))
        t += 1
        mean = beta1 * mean + (1 - beta1) * grad
        square = beta2 * square + (1 - beta2) * grad * grad
        self._moments[i] = t, mean, square
        # Both means start at 0; the division by 1 − βᵗ corrects this bias.
        return self.lr / (1 - beta1**t) * mean / (np.sqrt(square / (1 - beta2**t)) + self.eps)
