"""Orthogonal weights: their rows or columns, their gain and their distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4), (1, 7), (7, 1), (6, 2, 3), (3, 2, 3, 3)])
@pytest.mark.parametrize("gain", [1, 0.5, 0])
def test_rows_or_columns_are_orthogonal_and_as_long_as_the_gain(shape: Any, gain: float) -> None:
    w = nn.init.orthogonal_(nn.Parameter(np.zeros(shape)), gain, rng=0).data.reshape(shape[0], -1)
    rows, columns = w.shape
    product = w @ w.T if rows <= columns else w.T @ w
    np.testing.assert_allclose(product, gain**2 * np.eye(min(rows, columns)), atol=1e-12)


def test_all_orthogonal_matrices_are_equally_likely() -> None:
    """The mean of each number is 0, its mean square 1 / n. With the signs of R left open, the diagonal is negative."""
    rng = np.random.default_rng(0)
    w = np.array([nn.init.orthogonal_(nn.Parameter(np.zeros((3, 3))), rng=rng).data for _ in range(1000)])
    assert abs(w.mean(axis=0)).max() < 4 / np.sqrt(3 * 1000)
    variance = 4 / 45  # of u², for uniform u on a sphere
    assert abs((w**2).mean(axis=0) - 1 / 3).max() < 4 * np.sqrt(variance / 1000)
    assert abs((np.linalg.det(w) > 0).mean() - 0.5) < 4 * np.sqrt(0.25 / 1000)
