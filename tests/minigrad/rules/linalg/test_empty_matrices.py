"""Matrices without rows or columns, and stacks of no matrices: NumPy's values, and error signals of their shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg

SQUARE: list[Callable[[Any], Any]] = [
    np.linalg.eig, np.linalg.eigh, np.linalg.cholesky, np.linalg.det, np.linalg.inv, np.linalg.slogdet,
    lambda x: np.linalg.solve(x, x), lambda x: np.linalg.matrix_power(x, 3),
]  # fmt: skip
ANY: list[Callable[[Any], Any]] = [
    np.linalg.svd, lambda x: np.linalg.svd(x, full_matrices=False), np.linalg.qr, np.linalg.pinv,
]  # fmt: skip


@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.parametrize(
    ("f", "shape"),
    [(f, shape) for f in SQUARE + ANY for shape in ((0, 0), (2, 0, 0), (0, 2, 2))]
    + [(f, shape) for f in ANY for shape in ((0, 3), (3, 0), (2, 3, 0), (0, 3, 2))],
)
def test_matrices_of_no_elements(f: Any, shape: tuple[int, ...], dtype: Any) -> None:
    x = np.zeros(shape, dtype)
    expected, found = f(x), f(mg.Tensor(x))
    for one, other in zip(parts(found), parts(expected), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one.data, other, strict=True)

    def loss(x: Any) -> Any:
        return sum((mg.sum(mg.abs(part)) for part in parts(f(x))), mg.Tensor(0.0))

    assert mg.grad(loss)(x).shape == shape
    assert mg.jvp(loss, (x,), (x,))[1] == 0


def parts(y: Any) -> tuple[Any, ...]:
    return y if isinstance(y, tuple) else (y,)


@pytest.mark.parametrize("ord", ["fro", "nuc", 1, 2, np.inf])
@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 3, 0)])
def test_the_norm_of_no_elements_is_0(shape: tuple[int, ...], ord: Any) -> None:
    """As in NumPy since 2.3; before, it has none where the norm is the largest of something."""
    for dtype in (float, complex):
        x = np.zeros(shape, dtype)
        for f in (
            lambda x: np.linalg.matrix_norm(x, ord=ord, keepdims=True),
            lambda x: np.linalg.norm(x, ord, axis=(-1, -2)),
        ):
            y, pullback = mg.vjp(f, x)
            np.testing.assert_array_equal(y, np.zeros((*shape[:-2], 1, 1) if y.ndim == x.ndim else shape[:-2]))
            assert y.shape in (shape[:-2], (*shape[:-2], 1, 1))
            assert pullback(y)[0].shape == shape


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_norms_of_no_elements_that_numpy_refuses(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no smallest element"):
        mg.norm(mg.Tensor(np.zeros(shape)), -2)
