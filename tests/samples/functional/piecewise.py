"""Samples of functions that are defined piece by piece."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _conditions, _functions, _x in [
    (lambda x: [x < 0, x > 0.5], [np.square, np.log, np.exp], anywhere(6)),
    (lambda x: [x < 0], [lambda x: -x], anywhere(4)),
    (lambda x: x < 0, [np.exp, 2.5], anywhere(4)),
    (lambda x: [x > -5, x > 0], [np.sin, np.cos], anywhere(2, 3)),
    (lambda x: [x > 5], [np.sin, np.cos], anywhere()),
]:
    sample(
        "piecewise",
        lambda x, conditions=_conditions, functions=_functions: mg.piecewise(x, conditions(x), functions),
        _x,
        reference=lambda x, conditions=_conditions, functions=_functions: np.piecewise(x, conditions(x), functions),
    )
sample(
    "piecewise",
    lambda x, y: mg.piecewise(x, [x > 0], [lambda x: x**2 * y, y]),
    anywhere(3),
    anywhere(),
    reference=lambda x, y: np.where(x > 0, x**2 * y, y),
)
