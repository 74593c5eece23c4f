"""Optimizers: what to do with the gradients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

import minigrad as mg

__all__ = ["SGD", "Adam", "Optimizer"]


class Optimizer:
    """Holds parameters and changes them, one `step` after each backward pass.

    Raises:
        ValueError: if there are no parameters, or the learning rate is negative.
        TypeError: if one of them is not a Tensor with requires_grad=True.
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
        """Forget the accumulated error signals of all parameters."""
        for p in self.params:
            p.grad = None

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        for i, p in enumerate(self.params):
            grad = p.grad
            if grad is not None:
                value = p.data
                value -= self._change(i, value, grad.data if isinstance(grad, mg.Tensor) else grad)
                p.data = value

    def _change(self, i: int, value: Any, grad: Any) -> Any:
        """What to subtract from parameter number `i`."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent on batches: w ← w − lr · w̄, with momentum if asked.

    With momentum m the step follows v ← m v + w̄, a running sum of gradients that dampens zig-zags.

    Arguments:
        params: the parameters.
        lr: the learning rate.
        momentum: m, 0 for none.
        weight_decay: λ of an L2 penalty ½ λ w², whose gradient λ w is added to w̄.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> opt.step()
    >>> float(w.data)
    0.8
    """

    def __init__(
        self, params: Iterable[mg.Tensor], lr: float = 1e-3, momentum: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, lr)
        self.momentum = momentum
        self.weight_decay = weight_decay
        self._velocity: dict[int, Any] = {}

    def _change(self, i: int, value: Any, grad: Any) -> Any:
        if self.weight_decay:
            grad = grad + self.weight_decay * value
        if self.momentum:
            grad = self._velocity[i] = self.momentum * self._velocity[i] + grad if i in self._velocity else grad
        return self.lr * grad


class Adam(Optimizer):
    """Steps of about `lr` for every parameter, whatever the size of its gradients.

    Each gradient's running mean is divided by the root of its running mean square.

    Arguments:
        params: the parameters.
        lr: the learning rate.
        betas: how slowly the running mean and the running mean square forget.
        eps: keeps the division finite.
        weight_decay: λ of an L2 penalty ½ λ w², whose gradient λ w is added to w̄.

    Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.Adam([w], lr=0.1)
    >>> (w * w).backward()
    >>> opt.step()
    >>> round(float(w.data), 6)
    0.9
    """

    def __init__(
        self,
        params: Iterable[mg.Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"Adam: betas are between 0 and 1, 1 excluded, got {betas}")
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay
        self._moments: dict[int, tuple[int, Any, Any]] = {}

    def _change(self, i: int, value: Any, grad: Any) -> Any:
        if self.weight_decay:
            grad = grad + self.weight_decay * value
        beta1, beta2 = self.betas
        t, mean, square = self._moments.get(i, (0, np.zeros_like(grad), np.zeros_like(grad)))
        t += 1
        mean = beta1 * mean + (1 - beta1) * grad
        square = beta2 * square + (1 - beta2) * grad * grad
        self._moments[i] = t, mean, square
        # Both averages start at 0; dividing by 1 − βᵗ makes up for that.
        return self.lr / (1 - beta1**t) * mean / (np.sqrt(square / (1 - beta2**t)) + self.eps)
