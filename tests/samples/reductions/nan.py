"""Samples of reductions that pass over NaN: what is missing is put in place of what is given."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, beside, sample

_missing = np.array([[True, False, False], [False, True, False]])
for _name in ("nansum", "nanmean", "nanmax", "nanmin"):
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    for _axis, _keep in [(None, False), (0, True), (-1, False), ((0, 1), False)]:
        _how = {"axis": _axis, "keepdims": _keep}
        sample(
            _name,
            lambda x, f=_function, how=_how: f(mg.where(beside(_missing, x), np.nan, x), **how),
            anywhere(2, 3),
            reference=lambda x, f=_reference, how=_how: f(np.where(_missing, np.nan, x), **how),
        )
    sample(_name, _function, anywhere(3), reference=_reference)
