"""Mean squared and absolute error, summed in float64."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn

rng = np.random.default_rng(3)
every_metric = pytest.mark.parametrize(
    ("metric", "of"),
    [(nn.metrics.MeanSquaredError, np.square), (nn.metrics.MeanAbsoluteError, np.abs)],
    ids=["mse", "mae"],
)


@every_metric
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_mean_over_all_numbers_whatever_the_batches(metric: Any, of: Any, dtype: Any) -> None:
    y, t = rng.normal(size=(10, 3, 2)).astype(dtype), rng.normal(size=(10, 3, 2)).astype(dtype)
    measured = metric()
    assert math.isnan(measured.compute())
    for i in range(0, 10, 4):
        measured.update(y[i : i + 4], t[i : i + 4])
    assert measured.compute() == pytest.approx(of(y.astype(float) - t.astype(float)).mean(), rel=1e-12)


@every_metric
def test_sums_of_float16_neither_overflow_nor_stop_growing(metric: Any, of: Any) -> None:
    y, t = np.full(100_000, 300, np.float16), np.zeros(100_000, np.float16)
    measured = metric()
    measured.update(y, t)
    assert measured.compute() == of(300.0)


@every_metric
def test_whole_numbers_do_not_wrap_around(metric: Any, of: Any) -> None:
    measured = metric()
    measured.update(np.array([1, 2], np.uint8), np.array([3, 200], np.uint8))
    assert measured.compute() == (of(2.0) + of(198.0)) / 2


@every_metric
def test_other_shapes_are_not_broadcast(metric: Any, of: Any) -> None:  # noqa: ARG001
    with pytest.raises(ValueError, match=r"outputs of shape \(4, 1\) and targets of shape \(4,\) differ"):
        metric().update(np.zeros((4, 1)), np.zeros(4))
