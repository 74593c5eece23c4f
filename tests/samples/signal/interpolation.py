"""Samples of linear interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, real_view, sample


def _interp(interp: Any, **ends: float) -> Any:
    """With knots that increase for every argument `moved`: the tests change the arguments."""
    knots = np.array([-1.5, -0.42, 0.36, 1.7])
    return lambda x, moved, fp: interp(x, on_device_of(moved, knots.astype(moved.dtype)) + 0.1 * moved, fp, **ends)


for _x in (0.1, [0.11], [-2.1, -1.2, -0.6, -0.1, 0.2, 1.4, 2.1], [[0.15, 0.22], [-3.1, 1.1]]):
    sample("interp", _interp(mg.interp), _x, anywhere(4), anywhere(4), reference=_interp(np.interp))
_ends = {"left": 2.5, "right": -9.5}
sample(
    "interp",
    _interp(mg.interp, **_ends),
    [-2.1, 0.2, 2.1],
    anywhere(4),
    anywhere(4),
    reference=_interp(np.interp, **_ends),
)
sample(
    "interp",
    lambda x, moved, fp: real_view(_interp(mg.interp)(x, moved, fp * (1 - 3j))),
    [-0.9, 0.1],
    anywhere(4),
    anywhere(4),
    reference=lambda x, moved, fp: real_view(_interp(np.interp)(x, moved, fp * (1 - 3j))),
)
sample("interp", _interp(mg.interp, period=3.7), [-9.0, 0.2, 2.1, 5.5], anywhere(4), anywhere(4),
       reference=_interp(np.interp, period=3.7))  # fmt: skip
