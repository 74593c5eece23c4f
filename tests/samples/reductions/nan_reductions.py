"""Samples of reductions that ignore NaN: some elements of the argument are replaced by NaN."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, sample

_missing = np.array([[True, False, False], [False, True, False]])
for _name in ("nansum", "nanmean", "nanmax", "nanmin"):
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    for _axis, _keep in [(None, False), (0, True), (-1, False), ((0, 1), False)]:
        _params = {"axis": _axis, "keepdims": _keep}
        sample(
            _name,
            lambda x, f=_function, params=_params: f(mg.where(on_device_of(x, _missing), np.nan, x), **params),
            anywhere(2, 3),
            reference=lambda x, f=_reference, params=_params: f(np.where(_missing, np.nan, x), **params),
        )
    sample(_name, _function, anywhere(3), reference=_reference)
