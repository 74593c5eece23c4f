"""Samples of sums."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, reduction, sample

reduction("sum", np.sum)

_mask = np.array([[True, False, True], [False, True, True]])
for _params in ({"axis": 0}, {"initial": 0.5}, {"axis": 1, "initial": -1.5, "keepdims": True}):
    sample(
        "sum",
        lambda x, params=_params: mg.sum(x, where=on_device_of(x, _mask), **params),
        anywhere(2, 3),
        reference=lambda x, params=_params: np.sum(x, where=_mask, **params),
    )
