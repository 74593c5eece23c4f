"""Samples of joining arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _shapes, _axis in [
    ([(2,), (3,)], 0),
    ([(2, 3), (2, 1)], 1),
    ([(1, 2), (2, 2)], -2),
    ([(2,), (0,), (1,)], 0),
    ([(2, 3)], 0),
    ([(2, 1), (), (3,)], None),
]:
    sample(
        "concatenate",
        lambda *xs, axis=_axis: mg.concatenate(xs, axis=axis),
        *(anywhere(*shape) for shape in _shapes),
        reference=lambda *xs, axis=_axis: np.concatenate([np.atleast_1d(x) for x in xs], axis=axis),
    )
sample("concat", lambda x, y: np.concat([x, y]), anywhere(2), anywhere(1))
sample("concatenate", lambda x: np.concatenate([x, [True], x]), anywhere(2))
for _shape, _axis in [((), 0), ((3,), 0), ((3,), 1), ((3,), -1), ((2, 3), 1), ((0, 2), 0)]:
    sample("stack", lambda *xs, axis=_axis: np.stack(xs, axis), anywhere(*_shape), anywhere(*_shape))
sample("stack", lambda x, y: np.stack([x, np.int8(2), y]), anywhere(), anywhere())
for _f, _pairs in {
    np.hstack: [((), ()), ((2,), (3,)), ((2, 1), (2, 2)), ((1, 2, 1), (1, 1, 1))],
    np.vstack: [((), ()), ((2,), (2,)), ((2,), (2, 2)), ((1, 2, 1), (2, 2, 1))],
    np.dstack: [((), ()), ((2,), (2,)), ((2, 1), (2, 1)), ((1, 2, 1), (1, 2, 2))],
    np.column_stack: [((), ()), ((2,), (2,)), ((2,), (2, 2))],
}.items():
    for _a, _b in _pairs:
        sample(_f.__name__, lambda *xs, f=_f: f(xs), anywhere(*_a), anywhere(*_b))
for _a, _b, _axis in [((2,), (), None), ((2, 1), (3,), None), ((2, 1), (2, 2), 1)]:
    sample("append", lambda x, values, axis=_axis: np.append(x, values, axis), anywhere(*_a), anywhere(*_b))
for _blocks, _shapes in {
    "ab/cd": [(2, 2), (2, 1), (1, 2), (1, 1)],
    "ab/c": [(1, 2), (1, 1), (3,)],
    "ab": [(2,), ()],
    "a/b": [(2,), (1, 2)],
}.items():
    sample(
        "block",
        lambda *xs, rows=_blocks: np.block([[xs["abcd".index(c)] for c in row] for row in rows.split("/")]),
        *(anywhere(*shape) for shape in _shapes),
    )
sample("block", lambda x, y: np.block([x, y]), anywhere(2, 1), anywhere(2, 2))
for _x, _values, _places, _axis in [
    ((3,), (), 1, None),
    ((2, 2), (2,), [0, 3], None),
    ((2, 3), (3,), -1, 0),
    ((2, 3), (2,), 1, 1),
    ((2, 3), (2, 1), [1], 1),
    ((2, 3), (2, 2), [3, 1], -1),
    ((3,), (), slice(0, 3, 2), 0),
    ((3,), (2,), np.array([True, False, True]), 0),
]:
    sample(
        "insert",
        lambda x, values, places=_places, axis=_axis: mg.insert(x, places, values, axis),
        anywhere(*_x),
        anywhere(*_values),
        reference=lambda x, values, places=_places, axis=_axis: np.insert(x, places, values, axis),
    )
for _x, _places, _axis in [
    ((4,), 1, None),
    ((2, 3), [0, -1], 1),
    ((2, 3), 4, None),
    ((4,), slice(None, None, 2), 0),
    ((3, 1), [True, False, False], 0),
]:
    sample(
        "delete",
        lambda x, places=_places, axis=_axis: mg.delete(x, places, axis),
        anywhere(*_x),
        reference=lambda x, places=_places, axis=_axis: np.delete(x, places, axis),
    )

#: Padding that is computed, and joined to the array: (shape, pad_width, params).
PADS: list[tuple[tuple[int, ...], Any, dict[str, Any]]] = [
    ((3,), (2, 1), {"mode": "linear_ramp", "end_values": (1.0, -2.0)}),
    ((2, 2), 1, {"mode": "linear_ramp"}),
    ((4,), (1, 2), {"mode": "mean", "stat_length": (2, 3)}),
    ((2, 3), 1, {"mode": "mean"}),
    ((4,), (2, 1), {"mode": "median", "stat_length": 2}),
    ((2, 3), ((0, 1), (1, 0)), {"mode": "maximum"}),
    ((4,), (1, 1), {"mode": "minimum", "stat_length": 2}),
    ((3,), (4, 3), {"mode": "reflect", "reflect_type": "odd"}),
    ((2, 2), 1, {"mode": "symmetric", "reflect_type": "odd"}),
]
for _shape, _width, _params in PADS:
    sample("concatenate", lambda x, width=_width, params=_params: np.pad(x, width, **params), anywhere(*_shape))
