"""Samples of layer and root mean square normalization."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.helpers.networks.standardized import standardized
from tests.samples.registry import anywhere, sample


def _of_mean_square_1(x: Any, weight: Any = 1.0, *, axis: Any, eps: float) -> Any:
    return weight * x / np.sqrt(np.mean(x**2, axis=axis, keepdims=True) + eps)


for _x, _shape in [((2, 3), 3), ((2, 2, 3), (2, 3)), ((4,), (4,)), ((2, 1, 2), 2)]:
    _sizes = (_shape,) if isinstance(_shape, int) else _shape
    _axis = tuple(range(-len(_sizes), 0))
    for _name, _reference, _parameters in (("layer_norm", standardized, 2), ("rms_norm", _of_mean_square_1, 1)):
        sample(
            _name,
            partial(getattr(mg, _name), normalized_shape=_shape, eps=0.1),
            anywhere(*_x),
            reference=partial(_reference, axis=_axis, eps=0.1),
        )
        sample(
            _name,
            lambda x, *parameters, name=_name, shape=_shape: getattr(mg, name)(x, shape, *parameters, eps=1e-3),
            *(anywhere(*_x), *(anywhere(*_sizes) for _ in range(_parameters))),
            reference=partial(_reference, axis=_axis, eps=1e-3),
        )
