"""Whole numbers, such as the pixels of an image, are normalized in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg

X = np.random.default_rng(0).integers(0, 2, (3, 2, 4))


@pytest.mark.parametrize(
    "normalize",
    [
        lambda x: mg.batch_norm(x, training=True),
        lambda x: mg.batch_norm(x, np.zeros(2), np.ones(2), training=True)[0],
        lambda x: mg.batch_norm(x, np.zeros(2), np.ones(2)),
        lambda x: mg.group_norm(x, 1, None, np.array([1, 2])),
        lambda x: mg.instance_norm(x),
        lambda x: mg.layer_norm(x, 4, np.array([1, 2, 3, 4])),
        lambda x: mg.rms_norm(x, 4),
        lambda x: mg.local_response_norm(x, 2),
    ],
)
@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int16, np.int64])
def test_they_count_as_floats(normalize: Any, dtype: Any) -> None:
    expected = normalize(X.astype(float))
    for x in (X.astype(dtype), mg.Tensor(X.astype(dtype))):
        y = np.asarray(normalize(x))
        assert y.dtype == np.float64
        np.testing.assert_array_equal(y, expected)
