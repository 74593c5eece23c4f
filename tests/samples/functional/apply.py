"""Samples of functions applied along axes."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _function, _shape, _axis in [
    (np.sum, (2, 3), 0),
    (lambda v: v[1:] * v[:-1], (2, 3), -1),
    (lambda v: np.outer(v, v), (2, 2), 0),
    (lambda v: v * np.sum(v), (3,), 0),
    (lambda v: v**2, (2, 1, 2), 1),
]:
    sample(
        "apply_along_axis",
        lambda x, function=_function, axis=_axis: mg.apply_along_axis(function, axis, x),
        anywhere(*_shape),
        reference=lambda x, function=_function, axis=_axis: np.apply_along_axis(function, axis, x),
    )
for _reduce, _shape, _axes in [(np.sum, (2, 3), (0, 1)), (np.prod, (2, 2, 2), [-1, 0]), (np.cumsum, (2, 2), 1)]:
    sample(
        "apply_over_axes",
        lambda x, reduce=_reduce, axes=_axes: mg.apply_over_axes(reduce, x, axes),
        anywhere(*_shape),
        reference=lambda x, reduce=_reduce, axes=_axes: np.apply_over_axes(reduce, x, axes),
    )
