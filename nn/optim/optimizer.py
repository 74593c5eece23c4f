"""The base of all optimizers."""

from __future__ import annotations

from collections.abc import Iterable

import minigrad as mg
from nn.typing import Array

__all__ = ["Optimizer"]


class Optimizer:
    """Holds parameters and changes them, by one `step` after each backward pass.

    Arguments:
        params: the parameters.
        lr: the learning rate.

    Raises:
        ValueError: if there are no parameters, or the learning rate is negative.
        TypeError: if a parameter is not a Tensor with requires_grad=True.
    """

    def __init__(self, params: Iterable[mg.Tensor], lr: float) -> None:
        self.params = list(params)
        self.lr = lr
        if not self.params:
            raise ValueError(f"{type(self).__name__}: got no parameters; pass model.parameters()")
        for p in self.params:
            if not (isinstance(p, mg.Tensor) and p.requires_grad):
                raise TypeError(
                    f"{type(self).__name__}: parameters are Tensors with requires_grad=True, got "
                    f"{p if isinstance(p, mg.Tensor) else type(p).__name__}; pass model.parameters()"
                )
        if lr < 0:
            raise ValueError(f"{type(self).__name__}: the learning rate must not be negative, got {lr}")

    def zero_grad(self) -> None:
        """Reset the gradients of all parameters."""
        for p in self.params:
            p.grad = None

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        for i, p in enumerate(self.params):
            grad = p.grad
            if grad is not None:
                value = p.data
                value -= self._update(i, value, grad.data if isinstance(grad, mg.Tensor) else grad)
                p.data = value

    def _update(self, i: int, value: Array, grad: Array) -> Array:
        """The array to subtract from parameter number `i`."""
        raise NotImplementedError
