"""Samples of polynomials."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, positive, sample, with_zeros

for _n, _shape in [(1, (2,)), (2, ()), (3, (2, 2)), (4, (3,))]:
    sample("polyval", mg.polyval, anywhere(_n), anywhere(*_shape), reference=np.polyval)
sample("polyval", mg.polyval, anywhere(3), with_zeros(3), reference=np.polyval)
for _n, _params in [(3, {}), (2, {"N": 4}), (3, {"N": 3, "increasing": True}), (2, {"N": 1})]:
    sample(
        "vander",
        lambda x, params=_params: mg.vander(x, **params),
        anywhere(_n),
        reference=lambda x, params=_params: np.vander(x, **params),
    )
sample("vander", mg.vander, with_zeros(3), reference=np.vander)


def _polyfit(polyfit: Any, deg: int) -> Any:
    """At positions that differ for every argument `moved`: the tests change the arguments."""
    positions = np.array([-1.5, -0.42, 0.36, 1.7])

    def f(moved: Any, y: Any, *w: Any) -> Any:
        x = on_device_of(moved, positions.astype(moved.dtype)) + 0.1 * moved
        return polyfit(x, y, deg, w=w[0] if w else None)

    return f


for _y, _deg in [((4,), 0), ((4,), 1), ((4,), 3), ((4, 2), 2)]:
    sample("polyfit", _polyfit(mg.polyfit, _deg), anywhere(4), anywhere(*_y), reference=_polyfit(np.polyfit, _deg))
for _y in [(4,), (4, 2)]:
    sample(
        "polyfit",
        _polyfit(mg.polyfit, 1),
        anywhere(4),
        anywhere(*_y),
        positive(4),
        reference=_polyfit(np.polyfit, 1),
    )
for _name in ("polyadd", "polysub", "polymul"):
    for _n, _m in [(3, 3), (2, 4), (3, 1)]:
        sample(_name, getattr(mg, _name), positive(_n), positive(_m), reference=getattr(np, _name))
for _part, _sizes in ((0, [(4, 2), (3, 3), (2, 1)]), (1, [(4, 2), (3, 3)])):
    for _n, _m in _sizes:
        sample(
            "polydiv",
            lambda u, v, part=_part: mg.polydiv(u, v)[part],
            anywhere(_n),
            positive(_m),
            reference=lambda u, v, part=_part: np.polydiv(u, v)[part],
        )
for _params in ({}, {"m": 2}, {"m": 4}):
    sample(
        "polyder",
        lambda p, params=_params: mg.polyder(p, **params),
        anywhere(4),
        reference=lambda p, params=_params: np.polyder(p, **params),
    )
for _m in (1, 2):
    sample(
        "polyint",
        lambda p, k, m=_m: mg.polyint(p, m, k),
        anywhere(3),
        anywhere(_m),
        reference=lambda p, k, m=_m: np.polyint(p, m, k),
    )
sample("polyint", mg.polyint, anywhere(2), reference=np.polyint)
for _p in ([1.0, -0.5, -2.3, 0.4], [0.7, 2.0, 0.3], [-2.0, 1.5]):
    sample("roots", mg.roots, np.array(_p), reference=np.roots)
sample("poly", mg.poly, anywhere(3), reference=np.poly)
sample("poly", lambda A: mg.poly(A @ A.T), positive(2, 2), reference=lambda A: np.poly(A @ A.T))
