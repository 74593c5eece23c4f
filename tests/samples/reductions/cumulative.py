"""Samples of cumulative sums and products."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample, with_zeros

for _shape, _axis in [((), None), ((4,), 0), ((2, 3), None), ((2, 3), 0), ((2, 2, 2), -2)]:
    sample("cumsum", lambda x, axis=_axis: mg.cumsum(x, axis=axis), anywhere(*_shape),
           reference=lambda x, axis=_axis: np.cumsum(x, axis=axis))  # fmt: skip
for _x, _axis in [
    (anywhere(), None),
    (anywhere(4), 0),
    (anywhere(2, 2), None),
    (anywhere(2, 3), -1),
    ([0.0, 1.5, -0.7], 0),
    ([1.2, 0.0, 0.7, 0.0], None),
    (with_zeros(3, 2), 0),
    (with_zeros(2, 2), None),
]:
    sample("cumprod", lambda x, axis=_axis: mg.cumprod(x, axis=axis), _x,
           reference=lambda x, axis=_axis: np.cumprod(x, axis=axis))  # fmt: skip
for _name, _zero in (("cumulative_sum", 0), ("cumulative_prod", 1)):
    _ours, _numpys = getattr(mg, _name), getattr(np, _name.replace("ulative_", ""))
    for _shape, _axis in [((3,), None), ((2, 3), 1), ((2, 2), -2)]:
        sample(
            _name,
            lambda x, f=_ours, axis=_axis: f(x, axis=axis),
            anywhere(*_shape),
            reference=lambda x, f=_numpys, axis=_axis: f(x, axis=axis),
        )
    sample(
        _name,
        lambda x, f=_ours: f(x, axis=-1, include_initial=True),
        anywhere(2, 2),
        reference=lambda x, f=_numpys, zero=_zero: np.pad(f(x, axis=-1), ((0, 0), (1, 0)), constant_values=zero),
    )
