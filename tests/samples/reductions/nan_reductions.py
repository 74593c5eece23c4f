"""Samples of reductions that ignore NaN: some elements of the argument are replaced by NaN."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, sample

_missing = np.array([[True, False, False], [False, True, False]])
_wide = np.array([[1, 0, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0]], bool)
for _name in ("nansum", "nanprod", "nanmean", "nanmax", "nanmin"):
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
for _name in ("nancumsum", "nancumprod"):
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    for _axis in (None, 0, -1):
        sample(
            _name,
            lambda x, f=_function, axis=_axis: f(mg.where(on_device_of(x, _missing), np.nan, x), axis),
            anywhere(2, 3),
            reference=lambda x, f=_reference, axis=_axis: f(np.where(_missing, np.nan, x), axis),
        )
    sample(_name, _function, anywhere(3), reference=_reference)
for _name in ("nanvar", "nanstd"):
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    for _params in ({}, {"axis": 0, "keepdims": True}, {"axis": -1, "ddof": 1}, {"axis": (0, 1), "ddof": 0.5}):
        sample(
            _name,
            lambda x, f=_function, params=_params: f(mg.where(on_device_of(x, _wide), np.nan, x), **params),
            anywhere(3, 4),
            reference=lambda x, f=_reference, params=_params: f(np.where(_wide, np.nan, x), **params),
        )
    sample(_name, _function, anywhere(3), reference=_reference)
for _name, _arguments in {
    "nanmedian": [()],
    "nanquantile": [(0.3,), ([0.0, 0.4, 1.0],)],
    "nanpercentile": [(25,), ([[10.0], [90.0]],)],
}.items():
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    for _q in _arguments:
        for _params in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 1)}):
            sample(
                _name,
                lambda x, f=_function, q=_q, params=_params: f(
                    mg.where(on_device_of(x, _wide), np.nan, x), *q, **params
                ),
                anywhere(3, 4),
                reference=lambda x, f=_reference, q=_q, params=_params: f(np.where(_wide, np.nan, x), *q, **params),
            )
        sample(
            _name,
            lambda x, f=_function, q=_q: f(x, *q),
            anywhere(3),
            reference=lambda x, f=_reference, q=_q: f(x, *q),
        )
_mask = np.array([[1, 1, 0, 1], [1, 0, 1, 1], [0, 1, 1, 1]], bool)
for _name, _more in {
    "nansum": {"initial": 0.5},
    "nanprod": {"initial": 0.5},
    "nanmean": {},
    "nanmax": {"initial": -3.0},
    "nanmin": {"initial": 4.0},
    "nanvar": {},
    "nanstd": {},
}.items():
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    sample(
        _name,
        lambda x, f=_function, more=_more: f(
            mg.where(on_device_of(x, _wide), np.nan, x), 1, where=on_device_of(x, _mask), **more
        ),
        anywhere(3, 4),
        reference=lambda x, f=_reference, more=_more: f(np.where(_wide, np.nan, x), 1, where=_mask, **more),
    )
for _method in ("higher", "hazen", "averaged_inverted_cdf"):
    sample(
        "nanquantile",
        lambda x, method=_method: mg.nanquantile(
            mg.where(on_device_of(x, _wide), np.nan, x), [0.25, 0.6], axis=1, method=method
        ),
        anywhere(3, 4),
        reference=lambda x, method=_method: np.nanquantile(
            np.where(_wide, np.nan, x), [0.25, 0.6], axis=1, method=method
        ),
    )
