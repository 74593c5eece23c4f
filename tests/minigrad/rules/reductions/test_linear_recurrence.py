"""The linear recurrence, computed by doubling its stride."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from minigrad.rules.reductions.linear_recurrence import exclusive_cumprod
from tests.samples import PRIMITIVES


@given(st.integers(0, 40), st.booleans())
def test_recurrence_by_doubling_is_the_recurrence(n: int, float32: bool) -> None:
    rng = np.random.default_rng(n)
    a, b = (rng.normal(size=(2, k)).astype(np.float32 if float32 else np.float64) for k in (n - 1 if n else 0, n))
    expected = b.copy()
    for k in range(1, n):
        expected[:, k] += a[:, k - 1] * expected[:, k - 1]
    found = PRIMITIVES["recurrence"](a, b)
    assert found.dtype == b.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-4 if float32 else 1e-11, atol=1e-5 if float32 else 1e-12)


def test_the_exclusive_cumulative_product_of_each_row() -> None:
    np.testing.assert_array_equal(
        exclusive_cumprod(np.array([[2.0, 3.0, 4.0], [5.0, 0.0, 7.0]])), [[1, 2, 6], [1, 5, 0]]
    )
