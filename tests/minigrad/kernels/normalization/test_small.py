"""Small arrays are standardized as the formula stands, in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.kernels.normalization import channels, rows
from minigrad.kernels.normalization import standardize as kernels
from tests.minigrad.kernels.normalization.test_standardize import arrays, formula, kernel

#: x, axes of the mean, γ and β: of batch, layer, instance and group normalization.
CASES = [
    ((32, 8, 4, 8), (0, 2, 3), (8, 1, 1)),
    ((64, 128), (1,), (128,)),
    ((8, 4, 16, 16), (2, 3), (4, 1, 1)),
    ((8, 4, 2, 128), (2, 3), (4, 2, 1)),
]
SETTINGS: dict[str, Any] = {"eps": 1e-5, "centered": True}


@pytest.mark.parametrize("mean", [0, 10_000])
@pytest.mark.parametrize(("shape", "axis", "weight"), CASES)
def test_results_are_those_of_double_precision_rounded(
    shape: Any, axis: Any, weight: Any, mean: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where values are large and close together: 10,000 ± 1 is exact in single precision, its mean is not."""
    for layout in (channels, rows):
        monkeypatch.setattr(layout, "standardize", None)
        monkeypatch.setattr(layout, "gradients", None)
    x, *others = arrays(shape, weight, np.float32)
    x = (mean + np.round(x * 256) / 256).astype(np.float32)
    found = kernel(x, *others, axis=axis, **SETTINGS)
    for value, exact in zip(found, formula(x, *others, axis=axis, **SETTINGS), strict=True):
        assert value.dtype == np.float32
        np.testing.assert_allclose(value, exact, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize(("shape", "axis", "weight"), CASES)
def test_larger_arrays_are_computed_in_blocks(
    shape: Any, axis: Any, weight: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = channels if 0 in axis else rows
    larger, seen, compute = (shape[0] + 1, *shape[1:]), [], layout.standardize
    monkeypatch.setattr(layout, "standardize", lambda x, *a, **kw: (seen.append(x.shape), compute(x, *a, **kw))[1])
    kernel(*arrays(larger, weight, np.float32), axis=axis, **SETTINGS)
    assert seen == [larger]


def test_more_than_double_precision_is_kept() -> None:
    x, weight, bias, y_bar = arrays((6, 4), (4,), np.longdouble)
    x += np.longdouble(1) / 3
    assert all(a.dtype == np.longdouble for a in kernel(x, weight, bias, y_bar, axis=(1,), **SETTINGS))
    y, mean, _ = kernels.standardize(x, axis=(1,), **SETTINGS)
    assert mean.dtype == np.longdouble
    np.testing.assert_allclose(y, (x - mean) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5), rtol=1e-17, atol=1e-17)


def test_batch_normalization_with_given_statistics_agrees_with_that_of_large_arrays() -> None:
    """As in evaluation; the first samples of many are few."""
    x, scale, bias, _ = arrays((300, 8, 3, 3), (8, 1, 1), np.float32)
    y = kernels.affine(x, bias, scale, bias)
    np.testing.assert_allclose(kernels.affine(x[:9], bias, scale, bias), y[:9], rtol=1e-6, atol=1e-6)
