"""Samples of indexing, and of taking elements."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import (
    PRIMITIVES,
    anywhere,
    on_device_of,
    positive,
    sample,
)

_MASK = np.array([[True, False, True], [False, False, True]])

#: (shape, index): every kind of index, and some that index an element twice.
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
    ((2, 3), _MASK),
    ((2, 3), (slice(None), [True, False, True])),
    ((3,), []),
    ((2, 3), ()),
    ((), ()),
    ((), None),
]


def _index_on_device_of(index: Any, x: Any) -> Any:
    """An index whose arrays are on the device of `x`."""
    if isinstance(index, tuple):
        return tuple(_index_on_device_of(part, x) for part in index)
    return on_device_of(x, index) if isinstance(index, np.ndarray) else index


def _scattered(values: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros, with each value added, one at a time, to the element that ``x[index]`` takes."""
    out = np.zeros(shape, values.dtype).ravel()
    for position, value in zip(np.ravel(np.arange(out.size).reshape(shape)[index]), np.ravel(values), strict=True):
        out[position] += value
    return out.reshape(shape)


for _shape, _index in INDICES:
    sample("getitem", lambda x, i=_index: x[_index_on_device_of(i, x)], anywhere(*_shape))
    sample(
        "scatter",
        lambda v, i=_index, s=_shape: PRIMITIVES["scatter"](v, index=_index_on_device_of(i, v), shape=s),
        anywhere(*np.zeros(_shape)[_index].shape),
        reference=lambda v, i=_index, s=_shape: _scattered(v, i, s),
    )
for _shape, _chosen, _params in [
    ((3,), [2, 0, 2], {}),
    ((2, 2), [3, 0], {}),
    ((2, 3), [[0, 1], [1, 1]], {"axis": 1}),
    ((2, 3), -1, {"axis": 0}),
    ((3,), [-4, 5, 1], {"mode": "wrap"}),
    ((3,), [-4, 5, 1], {"mode": "clip"}),
    ((3,), [], {}),
    ((), 0, {}),
]:
    sample(
        "take",
        lambda x, i=_chosen, params=_params: mg.take(x, i, **params),
        anywhere(*_shape),
        reference=lambda x, i=_chosen, params=_params: np.take(x, np.array(i, dtype=int), **params),
    )
for _rows in ([2, 0, 2], [[0, 1], [1, 1]], 1, []):
    sample(
        "embedding",
        lambda W, rows=_rows: mg.embedding(rows, W),
        anywhere(3, 2),
        reference=lambda W, rows=_rows: W[np.array(rows, dtype=int)],
    )
sample("padded_embedding", lambda W: mg.embedding([[0, 1], [1, 1]], W, padding_idx=2), anywhere(3, 2),
       reference=lambda W: W[np.array([[0, 1], [1, 1]])])  # fmt: skip
for _shape, _chosen, _axis in [
    ((3,), [2, 0, 2], 0),
    ((2, 3), [[2, 0], [1, 1]], -1),
    ((2, 3), [[1, 0, 0]], 0),
    ((2, 1), [[0, 1, 0]], 0),  # the other axes broadcast
    ((2, 2), [3, 0, 3], None),
]:
    sample(
        "take_along_axis",
        lambda x, i=_chosen, axis=_axis: np.take_along_axis(x, on_device_of(x, np.array(i)), axis),
        anywhere(*_shape),
    )
sample("take_along_axis", lambda x: mg.take_along_axis(x, [[[2, 0]], [[1, 1]]]), anywhere(2, 1, 3),
       reference=lambda x: np.take_along_axis(x, np.array([[[2, 0]], [[1, 1]]]), -1))  # fmt: skip
sample("compress", lambda x: np.compress([True, False, True], x), anywhere(3))
sample("compress", lambda x: np.compress([False, True], x, axis=1), anywhere(2, 3))
sample("compress", lambda x: np.compress([0, 1, 1], x), anywhere(2, 2))
sample("extract", lambda x: np.extract(on_device_of(x, _MASK), x), anywhere(2, 3))
for _trim, _padding in [("fb", (2, 1)), ("f", (1, 2)), ("b", (0, 2))]:
    sample(
        "trim_zeros",
        lambda x, trim=_trim, n=_padding: mg.trim_zeros(mg.pad(x, n), trim),
        positive(3),
        reference=lambda x, trim=_trim, n=_padding: np.trim_zeros(np.pad(x, n), trim),
    )
sample("trim_zeros", lambda x: mg.trim_zeros(mg.pad(x, 1)), positive(2, 2), reference=lambda x: x)
