"""Samples of batch normalization."""

from __future__ import annotations

from functools import partial

import numpy as np

import minigrad as mg
from tests.helpers.networks.standardized import standardized
from tests.samples.registry import anywhere, on_device_of, positive, sample


def _in_shape(x: np.ndarray, array: np.ndarray) -> np.ndarray:
    return array.reshape(-1, *(1,) * (x.ndim - 2))


for _x in [(3, 2), (2, 2, 3), (2, 1, 2, 2), (1, 2, 2, 1, 2)]:
    _c = _x[1]
    sample(
        "batch_norm",
        partial(mg.batch_norm, training=True),
        anywhere(*_x),
        reference=lambda x: standardized(x, axis=(0, *range(2, x.ndim)), eps=1e-5),
    )
    sample(
        "batch_norm",
        lambda x, weight, bias: mg.batch_norm(x, weight=weight, bias=bias, training=True),
        *(anywhere(*_x), anywhere(_c), anywhere(_c)),
        reference=lambda x, weight, bias: standardized(
            x, _in_shape(x, weight), _in_shape(x, bias), axis=(0, *range(2, x.ndim)), eps=1e-5
        ),
    )
    _mean, _var = anywhere(_c), positive(_c)
    sample(
        "batch_norm",
        lambda x, weight, bias, mean=_mean, var=_var: mg.batch_norm(
            x, on_device_of(x, mean), on_device_of(x, var), weight, bias
        ),
        *(anywhere(*_x), anywhere(_c), anywhere(_c)),
        reference=lambda x, weight, bias, mean=_mean, var=_var: (
            _in_shape(x, weight) * (x - _in_shape(x, mean)) / np.sqrt(_in_shape(x, var) + 1e-5) + _in_shape(x, bias)
        ),
    )
