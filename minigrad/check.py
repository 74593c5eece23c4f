"""check_grads: rules held against finite differences.

The backward pass gives the gradient of a scalar; so does nudging each element and looking at the
difference. They must agree. For second order the function checked is the gradient itself, computed with
``create_graph=True``, so that every rule is differentiated too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.graph import sweep
from minigrad.tensor import Tensor

__all__ = ["check_grads"]


def check_grads(
    f: Callable[..., Any], *args: Any, order: int = 2, rtol: float = 1e-6, atol: float = 1e-7, seed: int = 0
) -> None:
    """Compare the gradients of `f` with central differences, for every element of every argument.

    Arguments:
        f: takes arrays or Tensors and returns one, of any shape.
        args: numbers or float64 arrays, at a point where `f` is smooth (away from ties and kinks).
        order: 1 checks the gradient; 2 also the gradient of the gradient; and so on.
        rtol, atol: how far the two may differ, relative to the larger of them and in absolute terms.
        seed: for the random error signals that `f`'s output is given.

    Raises:
        AssertionError: naming the order, the argument, the index and both values.
        TypeError: if an argument is not of dtype float64, in which differences are not precise enough.

    >>> import minigrad as mg
    >>> check_grads(lambda x, y: mg.tanh(x * y), [0.3, -0.7], 1.5)
    """
    arrays = [np.array(a.data if isinstance(a, Tensor) else a, dtype=None) for a in args]
    for i, a in enumerate(arrays):
        if a.dtype != np.float64:
            raise TypeError(f"check_grads: argument {i} has dtype {a.dtype}; differences need float64")
    _check(f, arrays, order, 1, rtol, atol, np.random.default_rng(seed))


def _check(
    f: Callable[..., Any],
    arrays: list[Any],
    orders: int,
    order: int,
    rtol: float,
    atol: float,
    rng: np.random.Generator,
) -> None:
    y_bar = rng.normal(size=np.shape(f(*[Tensor(a) for a in arrays])))

    def loss(*xs: Any) -> Any:
        return (f(*xs) * y_bar).sum()

    signals = _gradient(loss, [Tensor(a, requires_grad=True) for a in arrays], create_graph=False)
    for i, (a, x_bar) in enumerate(zip(arrays, signals, strict=True)):
        if x_bar.shape != a.shape:
            raise AssertionError(f"order {order}, argument {i}: error signal has shape {x_bar.shape}, value {a.shape}")
        for index in np.ndindex(a.shape):
            expected = _difference(loss, arrays, i, index)
            found = float(x_bar[index])
            if not abs(found - expected) <= atol + rtol * max(abs(found), abs(expected)):
                raise AssertionError(
                    f"order {order}, argument {i}, index {index}: the backward pass gives {found!r}, "
                    f"central differences give {expected!r}"
                )
    if order < orders:
        weights = [rng.normal(size=a.shape) for a in arrays]

        def gradient(*xs: Any) -> Any:
            inner = [x if x.requires_grad else Tensor(x, requires_grad=True) for x in xs]
            signals = _gradient(loss, inner, create_graph=True)
            return sum(((x_bar * w).sum() for x_bar, w in zip(signals, weights, strict=True)), Tensor(0.0))

        _check(gradient, arrays, orders, order + 1, rtol, atol, rng)


def _gradient(loss: Callable[..., Any], xs: list[Tensor], create_graph: bool) -> list[Any]:
    """The error signals of `xs` for the error signal 1 of ``loss(*xs)``."""
    y = loss(*xs)
    found = {x: Tensor(np.zeros(x.shape)) if create_graph else np.zeros(x.shape) for x in xs}
    if not y.requires_grad:  # the gradient of a linear function does not depend on its argument
        return list(found.values())

    def note(x: Tensor, x_bar: Any) -> Any:
        if x in found:
            found[x] = x_bar
        return x_bar

    if create_graph:
        sweep(y, Tensor(1.0), lift=lambda x: x, visit=note)
    else:
        sweep(y, np.float64(1.0), visit=note)
    return list(found.values())


def _difference(loss: Callable[..., Any], arrays: list[Any], i: int, index: tuple[int, ...]) -> float:
    """∂loss/∂arrays[i][index], by central differences of fourth order."""
    step = 1e-3 * max(1.0, abs(float(arrays[i][index])))

    def at(offset: float) -> float:
        moved = list(arrays)
        moved[i] = arrays[i].copy()
        moved[i][index] += offset * step
        return float(loss(*[Tensor(a) for a in moved]))

    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)
