"""Clipping of gradients, between ``loss.backward()`` and ``optimizer.step()``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import finite_number
from nn.module import Module
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["clip_grad_norm_", "clip_grad_value_"]


@explains_calls
def clip_grad_norm_(
    parameters: mg.Tensor | Iterable[mg.Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> float:
    """Scale the gradients of parameters together, so that they are at most `max_norm` long as one vector.

    ``w̄ ← w̄ · min(1, max_norm / (‖w̄‖ + 1e-6))``: the direction stays, and a steep place does not throw the parameters
    far away. Frozen parameters (``requires_grad=False``) are left alone, as by an optimizer.

    Arguments:
        parameters: ``model.parameters()``, a list of parameters, or a single one.
        max_norm: the greatest length, at least 0.
        norm_type: the p > 0 of the norm ``(Σ |w̄|ᵖ)^(1/p)``; ``math.inf`` for the largest component.
        error_if_nonfinite: whether a norm that is infinite or NaN is an error. If not, all gradients become NaN or 0.

    Returns:
        The norm before.

    Raises:
        RuntimeError: if no parameter has a gradient: `backward` was not called, or `zero_grad` after it; or if the norm
            is not finite, and `error_if_nonfinite`.
        ValueError, TypeError: if `parameters` are not parameters, or another argument is not a number in its range.

    Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor([3.0, 4.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> nn.optim.clip_grad_norm_([w], max_norm=1.0)
    10.0
    >>> w.grad.round(3).tolist()
    [0.6, 0.8]
    """
    max_norm = finite_number("clip_grad_norm_: max_norm", max_norm)
    p = norm_type if norm_type == math.inf else finite_number("clip_grad_norm_: norm_type", norm_type)
    if p == 0:
        raise ValueError("clip_grad_norm_: norm_type is 0, expected a number greater than 0, or math.inf")
    trained = list(_with_gradient("clip_grad_norm_", parameters))
    total = gradient_norm([gradient for _, gradient in trained], p, error_if_nonfinite)
    factor = clip_factor(total, max_norm)
    if mg.recorder.recorder_of(factor) is not None or factor != 1:
        for parameter, gradient in trained:
            parameter.grad = gradient * factor
    return total


@explains_calls
def clip_grad_value_(parameters: mg.Tensor | Iterable[mg.Tensor], clip_value: float) -> None:
    """Clip every component of the gradients to the interval from −`clip_value` to `clip_value`.

    Frozen parameters (``requires_grad=False``) are left alone, as by an optimizer.

    Arguments:
        parameters: ``model.parameters()``, a list of parameters, or a single one.
        clip_value: the greatest absolute value, at least 0.

    Raises:
        RuntimeError: if no parameter has a gradient: `backward` was not called, or `zero_grad` after it.
        ValueError, TypeError: if `parameters` are not parameters, or `clip_value` is not a number of at least 0.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor([3.0, -0.25], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> nn.optim.clip_grad_value_([w], clip_value=1.0)
    >>> w.grad.tolist()
    [1.0, -0.5]
    """
    most = finite_number("clip_grad_value_: clip_value", clip_value)
    for parameter, gradient in _with_gradient("clip_grad_value_", parameters):
        parameter.grad = np.clip(gradient, -most, most)


def _with_gradient(caller: str, parameters: Any) -> Iterator[tuple[mg.Tensor, Array]]:
    """The parameters that an optimizer would change, each once, with their gradients."""
    if isinstance(parameters, Module | Mapping | np.ndarray | str) or not isinstance(parameters, Iterable):
        raise TypeError(
            f"{caller}: expected model.parameters(), a list of parameters, got {type(parameters).__name__}"
            + ("; call it, with its brackets" if callable(parameters) and not isinstance(parameters, Module) else "")
        )
    given = [parameters] if isinstance(parameters, mg.Tensor) else list(parameters)
    for p in given:
        if not isinstance(p, mg.Tensor):
            raise TypeError(
                f"{caller}: expected model.parameters(), a list of parameters, got {type(p).__name__} in it"
            )
    if not given:
        raise ValueError(
            f"{caller}: got no parameters; call model.parameters() again, if they were read before: it gives them once"
        )
    trained = [p for p in dict.fromkeys(given) if p.requires_grad]
    if trained and all(p.grad is None for p in trained):
        raise RuntimeError(
            f"{caller}: none of the parameters has a gradient; call it between loss.backward() and optimizer.step()"
        )
    return ((p, p.grad.data if isinstance(p.grad, mg.Tensor) else p.grad) for p in trained if p.grad is not None)


@mg.recorder.recordable
def gradient_norm(gradients: list[Array], p: float = 2.0, error_if_nonfinite: bool = False) -> float:
    """The norm of all gradients as one vector.

    Raises:
        RuntimeError: if it is not finite, and `error_if_nonfinite`.
    """
    total = float(_norm(np.array([_norm(gradient, p) for gradient in gradients]), p))
    if error_if_nonfinite and not math.isfinite(total):
        raise RuntimeError(
            f"clip_grad_norm_: the norm of the gradients is {total}; look for a division by 0 or a logarithm of 0 in "
            "the loss: `with mg.detect_anomaly():` around loss.backward() names the operation"
        )
    return total


@mg.recorder.recordable
def clip_factor(norm: float, max_norm: float) -> float:
    """What gradients of this norm are multiplied with: ``min(1, max_norm / (norm + 1e-6))``.

    >>> clip_factor(0.5, max_norm=1.0)
    1.0
    """
    factor = max_norm / (norm + 1e-6)
    return 1.0 if factor >= 1 else factor


def _norm(x: Array, p: float) -> float:
    """``(Σ |x|ᵖ)^(1/p)``, where neither squares nor their sum overflow."""
    if not x.size:
        return 0.0
    if p == 2 and x.dtype != np.float16:
        square = float(np.vdot(x, x))  # the quickest; that of numbers that are not tiny or huge is right
        if 1e-20 < square < math.inf:
            return math.sqrt(square)
    x = abs(x).astype(np.float64)
    largest = float(x.max())
    if p == math.inf or not 0 < largest < math.inf:
        return largest
    return largest * math.pow(float(((x / largest) ** p).sum()), 1 / p)
