"""The gradient of a function at one array or several, and slopes to the last digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor


def gradient(f: Any, value: Any, y_bar: Any = None) -> Any:
    """x̄ for y = f(x), from the error signal of y, by default 1 for each of its elements."""
    x = Tensor(value, requires_grad=True)
    y = f(x)
    if y_bar is None:
        y.sum().backward()
    else:
        y.backward(y_bar)
    return x.grad


def gradients(f: Any, *values: Any) -> list[Any]:
    """The error signal of each argument, from 1 for each element of the output."""
    xs = [Tensor(value, requires_grad=True) for value in values]
    f(*xs).sum().backward()
    return [x.grad for x in xs]


def assert_takes_empty_lists_and_single_numbers(f: Any) -> None:
    """Of arrays and numbers `f` gives what its NumPy namesake gives; lists of Tensors are refused."""
    assert gradients(f, np.zeros((0, 3)), 1.0)[0].shape == (0, 3)
    ufunc = getattr(np, f.name)
    np.testing.assert_array_equal(f([1.0, 2.0], 3.0), ufunc([1.0, 2.0], 3.0))
    assert f(2.0, 3.0) == ufunc(2.0, 3.0)
    with pytest.raises(TypeError, match="holds Tensors"):
        f([Tensor(1.0)], 1.0)


def assert_slopes_agree_with_a_complex_step(name: str, points: Any) -> None:
    """f(x + ih) = f(x) + ih f′(x) + …: nothing is subtracted, so f′ keeps all its digits."""
    x = np.array(points)
    h = 1e-30 * np.minimum(1, abs(x))
    slopes = getattr(np, name)(x + 1j * h).imag / h
    np.testing.assert_allclose(gradient(getattr(mg, name), x), slopes, rtol=1e-14)
