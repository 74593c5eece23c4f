"""Samples of choosing between arrays."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, sample

_MASK = np.array([[True, False, True], [False, False, True]])
for _a, _b in [((2, 3), (2, 3)), ((3,), (2, 1)), ((), (2, 3)), ((1,), ())]:
    sample(
        "where",
        lambda a, b: mg.where(on_device_of(a, _MASK), a, b),
        anywhere(*_a),
        anywhere(*_b),
        reference=lambda a, b: _MASK * a + ~_MASK * b,
    )
sample("where", lambda a: mg.where(True, a, 0), anywhere(), reference=lambda a: a)
sample("where", lambda a: mg.where(a > 0, a, 0.1 * a), anywhere(4), reference=lambda a: np.where(a > 0, a, 0.1 * a))
sample(
    "select",
    lambda x, y: mg.select([x > 1, x > 0], [x, x * y], 3.0),
    anywhere(4),
    anywhere(),
    reference=lambda x, y: np.select([x > 1, x > 0], [x, x * y], 3.0),
)
sample("select", lambda x: np.select([on_device_of(x, _MASK)], [x]), anywhere(2, 1))
sample(
    "select",
    lambda x, rest: mg.select([on_device_of(x, _MASK)], [x], rest),
    anywhere(3),
    anywhere(2, 1),
    reference=lambda x, rest: np.where(_MASK, x, rest),
)
sample("choose", lambda x, y: np.choose([0, 1, 0], [x, y]), anywhere(3), anywhere())
sample("choose", lambda x, y: np.choose([[0], [2], [1]], [x, y, np.int8(4)]), anywhere(2), anywhere())
sample("choose", lambda x, y: np.choose([-1, 3], [x, y], mode="wrap"), anywhere(2), anywhere(2))
sample("choose", lambda x: np.choose([[0], [4]], [x], mode="clip"), anywhere(2))

# statistics of a part of the elements
_mask = np.array([[True, False, True, True], [False, True, True, False]])
for _name in ("mean", "var", "std"):
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    for _params in ({}, {"axis": 1, "keepdims": True}):
        sample(
            "where",
            lambda x, f=_function, params=_params: f(x, where=on_device_of(x, _mask), **params),
            anywhere(2, 4),
            reference=lambda x, f=_reference, params=_params: f(x, where=_mask, **params),
        )
