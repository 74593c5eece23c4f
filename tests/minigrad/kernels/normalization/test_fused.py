"""A chain of additions and multiplications in one pass has the bits of NumPy's operations one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.kernels.normalization import fused, onednn

SHAPES = [(1, 1), (4096, 3), (64, 257), (3, 9000), (7, 3, 1), (1, 600, 33), (64, 3, 101), (1, 1, 20000), (2, 40, 900)]
NUMBERS = [0.0, -0.0, np.nan, np.inf, -np.inf, 1e-42, -1e38]


def one_after_the_other(x: Any, steps: Any) -> Any:
    for do, a in steps:
        x = do(x, a if a.shape == x.shape else a.reshape(-1, *(1,) * (x.ndim - 2)))
    return x


def chains(shape: tuple[int, ...], dtype: Any) -> Any:
    """An array, and chains of one step, of two, and of all kinds of them."""
    rng = np.random.default_rng(0)
    x, full = rng.normal(size=(2, *shape)).astype(dtype)
    x.flat[: len(NUMBERS)] = NUMBERS[: x.size]
    a, b, c = rng.normal(size=(3, shape[1]))  # in double precision, as statistics are
    a, b, c = (n.astype(dtype) for n in (a, b, c))
    yield x, [(np.multiply, full)]
    yield x, [(np.multiply, a), (np.add, b)]
    yield x, [(np.subtract, a), (np.multiply, b), (np.add, full), (np.subtract, c), (np.multiply, a)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_bits_of_numpy(shape: tuple[int, ...], dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "_LARGE", 0)
    for x, steps in chains(shape, dtype):
        y = np.empty_like(x)
        with np.errstate(all="ignore"):
            wanted = one_after_the_other(x, steps)
            fused.fill(y, x, *steps)
            np.testing.assert_array_equal(y, wanted)
            np.testing.assert_array_equal(np.signbit(y), np.signbit(wanted))
            fused.fill(x, x, *steps)  # in place
        np.testing.assert_array_equal(x, wanted)


def test_blocks_of_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without oneDNN, some samples at a time; the last block is shorter."""
    monkeypatch.setattr(onednn, "can_take", lambda *_: False)
    monkeypatch.setattr(fused, "_BLOCK", 64)
    for x, steps in chains((7, 5, 4), np.float64):
        y = np.empty_like(x)
        with np.errstate(all="ignore"):
            fused.fill(y, x, *steps)
            np.testing.assert_array_equal(y, one_after_the_other(x, steps))


def test_numbers_in_double_precision_are_rounded_first() -> None:
    x, y, numbers = np.ones((2, 3), np.float32), np.empty((2, 3), np.float32), np.array([1 + 1e-9, 1 / 3, 2.0])
    fused.fill(y, x, (np.multiply, numbers))
    np.testing.assert_array_equal(y, np.broadcast_to(numbers.astype(np.float32), (2, 3)))
