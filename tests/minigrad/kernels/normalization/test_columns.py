"""The sums of columns, by NumPy and by oneDNN, and the means of channels that are computed from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.kernels.normalization import columns, onednn
from tests.minigrad.kernels.normalization.test_standardize import arrays, formula, kernel

#: Few rows and many, one more than a block, and columns that are not a multiple of the lanes.
SHAPES = [(1, 64), (3, 4096), (16, 512), (64, 8192), (65, 48), (513, 32), (1100, 16), (1024, 24), (700, 5)]


@pytest.fixture
def summed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[int, ...]]]:
    """Which sums oneDNN finds, and the shapes of what it sums."""
    seen: list[tuple[str, tuple[int, ...]]] = []

    def watch(name: str) -> None:
        compiled = getattr(onednn, name)

        def watched(y_bar: Any, x: Any, threads: int) -> Any:
            seen.append((name, x.shape))
            return compiled(y_bar, x, threads)

        monkeypatch.setattr(onednn, name, watched)

    watch("piece_sums")
    watch("column_sums")
    return seen


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
def test_dots_and_sums(shape: tuple[int, int], dtype: Any) -> None:
    """To the last digits, even where all terms have the same sign."""
    a, b = np.random.default_rng(0).uniform(0.5, 1, size=(2, *shape)).astype(dtype)
    wide = a.astype(np.float64)
    found = columns.dots_and_sums(a, b, threads=2)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, ((wide * b).sum(axis=0), wide.sum(axis=0)), rtol=4e-6)
    np.testing.assert_allclose(columns.sums(a), wide.sum(axis=0), rtol=4e-6)


@pytest.mark.usefixtures("needs_onednn")
def test_blocks_of_rows_are_summed_by_onednn(summed: list[Any]) -> None:
    """Those of 64 rows beside each other, and those that remain."""
    a = np.ones((1100, 32), np.float32)
    np.testing.assert_array_equal(columns.dots_and_sums(a, a), np.full((2, 32), 1100))
    assert summed == [("column_sums", (64, 17 * 32)), ("column_sums", (12, 32))]


@pytest.mark.usefixtures("needs_onednn")
@pytest.mark.parametrize(
    ("shape", "dtype", "taken"),
    [
        ((16, 32), np.float32, True),
        ((15, 32), np.float32, False),
        ((16, 36), np.float32, False),
        ((16, 32), float, False),
    ],
)
def test_columns_that_are_taken(shape: tuple[int, int], dtype: Any, taken: bool) -> None:
    assert onednn.takes_columns(np.ones(shape, dtype)) == taken


@pytest.mark.usefixtures("needs_onednn")
@pytest.mark.parametrize(
    ("shape", "by"),
    [
        ((64, 96, 4, 4), "column_sums"),  # few pixels
        ((20, 32, 8, 9), "column_sums"),  # more, but there are fewer columns than rows
        ((20, 16, 10, 10), "column_sums"),
        ((9, 16, 8, 8), "piece_sums"),  # few samples
        ((9, 16, 10, 10), None),
        ((9, 12, 16, 16), "piece_sums"),
        ((600, 24, 3, 4), "column_sums"),
        ((9, 5, 31, 31), None),
    ],
)
@pytest.mark.parametrize("mean", [0.0, 3.0])  # a large one is subtracted first
def test_channels_of_images(shape: tuple[int, ...], by: str | None, mean: float, summed: list[Any]) -> None:
    settings: dict[str, Any] = {"axis": (0, 2, 3), "eps": 1e-5, "centered": True}
    x, weight, bias, y_bar = arrays(shape, (shape[1], 1, 1), np.float32)
    x += np.float32(mean)
    found = kernel(x, weight, bias, y_bar, **settings)
    assert {name for name, _ in summed} == ({by} if by else set())
    for value, wanted in zip(found, formula(x, weight, bias, y_bar, **settings), strict=True):
        np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())
