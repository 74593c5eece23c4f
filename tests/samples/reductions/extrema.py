"""Samples of the largest and the smallest element: the references compute one by the other."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, reduction, sample

reduction("max", lambda x, axis, keepdims: -np.min(-x, axis=axis, keepdims=keepdims))
reduction("min", lambda x, axis, keepdims: -np.max(-x, axis=axis, keepdims=keepdims))
reduction(
    "ptp", lambda x, axis, keepdims: np.max(x, axis=axis, keepdims=keepdims) + np.max(-x, axis=axis, keepdims=keepdims)
)

_mask = np.array([[True, False, True], [False, True, True]])
for _name, _initial in [("max", -3.0), ("max", 0.07), ("min", 0.03), ("min", 4.0)]:
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    sample(
        _name,
        lambda x, f=_function, initial=_initial: f(x, 1, initial=initial, where=on_device_of(x, _mask)),
        anywhere(2, 3),
        reference=lambda x, f=_reference, initial=_initial: f(x, 1, initial=initial, where=_mask),
    )
