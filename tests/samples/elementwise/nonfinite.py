"""Samples of replacing NaN and infinities: some elements of the argument are replaced by them."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, sample

_odd = np.array([[np.nan, 0.0, np.inf], [0.0, -np.inf, 0.0]])
for _params in ({}, {"nan": 2.0, "posinf": 3.0, "neginf": -4.0}):
    sample(
        "nan_to_num",
        lambda x, params=_params: mg.nan_to_num(
            mg.where(on_device_of(x, _odd == 0), x, on_device_of(x, _odd.astype(x.dtype))),
            **{"posinf": 9.0, "neginf": -9.0, **params},
        ),
        anywhere(2, 3),
        reference=lambda x, params=_params: np.nan_to_num(
            np.where(_odd == 0, x, _odd), **{"posinf": 9.0, "neginf": -9.0, **params}
        ),
    )
sample("nan_to_num", mg.nan_to_num, anywhere(3), reference=np.nan_to_num)
sample("nan_to_num", mg.nan_to_num, anywhere(), reference=np.nan_to_num)
