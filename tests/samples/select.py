"""Samples of choosing elements."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, sample

_mask = np.array([[True, False, True], [False, False, True]])
for _a, _b in [((2, 3), (2, 3)), ((3,), (2, 1)), ((), (2, 3)), ((1,), ())]:
    sample(
        "where",
        lambda a, b: mg.where(_mask, a, b),
        anywhere(*_a),
        anywhere(*_b),
        reference=lambda a, b: _mask * a + ~_mask * b,
    )
sample("where", lambda a: mg.where(True, a, 0), anywhere(), reference=lambda a: a)
sample("where", lambda a: mg.where(a > 0, a, 0.1 * a), anywhere(4), reference=lambda a: np.where(a > 0, a, 0.1 * a))

#: (shape, index): every kind of index, and those that name an element twice.
INDICES: list[tuple[tuple[int, ...], Any]] = [
    ((3,), 1),
    ((3,), -1),
    ((3,), np.int64(2)),
    ((2, 3), (1, 2)),
    ((2, 3), slice(None, None, -1)),
    ((4, 3), (slice(1, None, 2), slice(None, -1))),
    ((2, 3), (Ellipsis, 0)),
    ((3,), (None, slice(None))),
    ((2, 3), (slice(None), None, 1)),
    ((3,), [2, 0]),
    ((3,), [0, 0, 2, 0]),
    ((3,), np.array([[0, 1], [1, 1]])),
    ((2, 3), ([0, 1, 0], [2, 2, 2])),
    ((2, 3), ((0, 0), (1, 1))),
    ((2, 3), (slice(None), [1, 1, -2])),
    ((2, 3), (np.array([1, 1]), None, slice(0, 2))),
    ((2, 2, 3), ([1, 0, 1], slice(None), [0, 0, 0])),
    ((2, 3), np.array([True, False])),
    ((2, 3), _mask),
    ((2, 3), (slice(None), [True, False, True])),
    ((3,), []),
    ((2, 3), ()),
    ((), ()),
    ((), None),
]


def _scattered(values: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Which flat element does each place of ``x[index]`` name? Add its value there, one at a time."""
    out = np.zeros(shape).ravel()
    for place, value in zip(np.ravel(np.arange(out.size).reshape(shape)[index]), np.ravel(values), strict=True):
        out[place] += value
    return out.reshape(shape)


for _shape, _index in INDICES:
    sample("getitem", lambda x, i=_index: x[i], anywhere(*_shape))
    sample(
        "scatter",
        lambda v, i=_index, s=_shape: PRIMITIVES["scatter"](v, index=i, shape=s),
        anywhere(*np.zeros(_shape)[_index].shape),
        reference=lambda v, i=_index, s=_shape: _scattered(v, i, s),
    )
