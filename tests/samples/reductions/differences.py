"""Samples of differences, and of areas under curves."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, positive, sample

for _shape, _n, _axis in [((4,), 1, -1), ((4,), 2, 0), ((2, 3), 1, 0), ((2, 3), 0, 1), ((2,), 3, 0)]:
    sample("diff", lambda x, n=_n, axis=_axis: mg.diff(x, n, axis), anywhere(*_shape),
           reference=lambda x, n=_n, axis=_axis: np.diff(x, n, axis))  # fmt: skip
for _shape, _end, _params in [((3,), (2,), {}), ((2, 3), (1, 3), {"n": 2, "axis": 0}), ((2, 2), (), {"axis": -1})]:
    for _where in ("prepend", "append"):
        sample("diff", lambda x, end, where=_where, params=_params: np.diff(x, **params, **{where: end}),
               anywhere(*_shape), anywhere(*_end))  # fmt: skip
for _y, _x, _axis in [((4,), (4,), -1), ((3, 2), (3,), 0), ((2, 3), (3,), 1), ((2, 3), (2, 3), 1)]:
    sample("trapezoid", lambda y, x, axis=_axis: mg.trapezoid(y, x, axis=axis), anywhere(*_y), anywhere(*_x),
           reference=lambda y, x, axis=_axis: np.trapezoid(y, x, axis=axis))  # fmt: skip
sample("trapezoid", lambda y: mg.trapezoid(y, dx=0.5), anywhere(2, 3), reference=lambda y: np.trapezoid(y, dx=0.5))
for _shape, _ends in [((4,), {}), ((2, 2), {"to_end": 2.5, "to_begin": [0.5, -1.0]})]:
    sample("ediff1d", lambda x, ends=_ends: np.ediff1d(x, **ends), anywhere(*_shape))
sample(
    "ediff1d", lambda x, y: mg.ediff1d(x, y, y), anywhere(3), anywhere(2), reference=lambda x, y: np.ediff1d(x, y, y)
)
for _shape, _params in [
    ((3,), {}),
    ((2, 3), {"axis": 1}),
    ((4, 2), {"axis": 0, "edge_order": 2}),
    ((2, 1, 3), {"axis": (-1,)}),
]:
    sample("gradient", lambda f, params=_params: np.gradient(f, **params), anywhere(*_shape))
sample("gradient", lambda f: sum(np.gradient(f, 0.5)), anywhere(2, 2))


def _gradient(gradient: Any, **params: Any) -> Any:
    """With positions that increase for every argument `moved`: the tests change the arguments."""
    positions = np.array([-1.5, -0.4, 0.3, 1.7])
    return lambda f, moved: gradient(f, on_device_of(moved, positions.astype(moved.dtype)) + 0.1 * moved, **params)


for _shape, _params in [
    ((4,), {}),
    ((4,), {"edge_order": 2}),
    ((2, 4), {"axis": 1}),
    ((4, 2), {"axis": 0, "edge_order": 2}),
]:
    sample(
        "gradient",
        _gradient(mg.gradient, **_params),
        anywhere(*_shape),
        anywhere(4),
        reference=_gradient(np.gradient, **_params),
    )
sample(
    "gradient", lambda f, h: mg.gradient(f, h), anywhere(3), positive(), reference=lambda f, h: np.gradient(f, h[()])
)
