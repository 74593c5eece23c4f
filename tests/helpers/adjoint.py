"""The law of operations that move elements and compute nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor


def assert_moves_elements_as_numpy(f: Callable[..., Any], *shapes: tuple[int, ...]) -> None:
    """`f`, written in NumPy's functions, has NumPy's value on Tensors, and ⟨ȳ, f(dx)⟩ = ⟨x̄, dx⟩ for every dx.

    All numbers are integers, so both hold exactly.
    """
    rng = np.random.default_rng(0)

    def integers(shape: tuple[int, ...]) -> Any:
        return rng.integers(-9, 10, shape).astype(float)

    arrays = [integers(shape) for shape in shapes]
    xs = [Tensor(a, requires_grad=True) for a in arrays]
    y, expected = f(*xs), f(*arrays)
    assert isinstance(y, Tensor)
    assert y.dtype == expected.dtype
    np.testing.assert_array_equal(y.data, expected, strict=True)
    y_bar, dxs = integers(y.shape), [integers(shape) for shape in shapes]
    y.backward(y_bar)
    of_zeros = f(*(np.zeros(shape) for shape in shapes))  # 0, except for a border of constants
    returned = sum(np.sum(x.grad * dx) for x, dx in zip(xs, dxs, strict=True) if x.grad is not None)
    assert np.sum(y_bar * (f(*dxs) - of_zeros)) == returned
