"""What every operation has to obey that moves elements and computes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor


def assert_moves_elements_as_numpy(f: Callable[..., Any], *shapes: tuple[int, ...]) -> None:
    """`f`, written with NumPy's functions, has NumPy's value on Tensors, and ⟨ȳ, f(dx)⟩ = ⟨x̄, dx⟩ for every dx.

    All numbers are whole, so that both hold to the last digit.
    """
    rng = np.random.default_rng(0)

    def whole(shape: tuple[int, ...]) -> Any:
        return rng.integers(-9, 10, shape).astype(float)

    arrays = [whole(shape) for shape in shapes]
    xs = [Tensor(a, requires_grad=True) for a in arrays]
    y, expected = f(*xs), f(*arrays)
    assert isinstance(y, Tensor)
    assert y.dtype == expected.dtype
    np.testing.assert_array_equal(y.data, expected, strict=True)
    y_bar, dxs = whole(y.shape), [whole(shape) for shape in shapes]
    y.backward(y_bar)
    nothing = f(*(np.zeros(shape) for shape in shapes))  # 0, but for a border of constants
    returned = sum(np.sum(x.grad * dx) for x, dx in zip(xs, dxs, strict=True) if x.grad is not None)
    assert np.sum(y_bar * (f(*dxs) - nothing)) == returned
