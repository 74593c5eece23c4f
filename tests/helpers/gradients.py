"""Gradients of a sum of outputs, in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.core.tensor import Tensor


def gradient(f: Callable[..., Any], value: Any) -> Any:
    """The error signal of one argument, where those of the outputs are 1."""
    return gradients(f, value)[0]


def gradients(f: Callable[..., Any], *values: Any) -> list[Any]:
    """The error signals of all arguments, where those of the outputs are 1."""
    xs = [Tensor(value, requires_grad=True) for value in values]
    f(*xs).sum().backward()
    return [x.grad for x in xs]


def assert_slopes_agree_with_a_complex_step(name: str, points: Any) -> None:
    """f(x + ih) = f(x) + ih f′(x) + …: nothing is subtracted, so f′ keeps all its digits. `name` is NumPy's, too."""
    x = np.array(points)
    h = 1e-30 * np.minimum(1, abs(x))
    slopes = getattr(np, name)(x + 1j * h).imag / h
    np.testing.assert_allclose(gradient(getattr(mg, name), x), slopes, rtol=1e-14)
