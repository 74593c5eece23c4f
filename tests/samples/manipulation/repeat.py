"""Samples of repeating."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _shape, _reps in [
    ((), 2),
    ((2,), 3),
    ((2,), (2, 2)),
    ((2, 3), 2),
    ((2, 1), (1, 2)),
    ((2,), ()),
    ((2,), 0),
    ((2,), 1),
]:
    sample("tile", lambda x, reps=_reps: np.tile(x, reps), anywhere(*_shape))
for _shape, _repeats, _axis in [
    ((), 3, None),
    ((2,), 3, None),
    ((2, 2), 2, None),
    ((2, 2), 2, 0),
    ((2, 3), 2, -1),
    ((3,), [1, 0, 2], None),
    ((2, 3), (2, 1, 0), 1),
    ((2, 2), [2], 1),
    ((2,), 0, 0),
    ((2, 1), np.array([1, 2]), 0),
]:
    sample("repeat", lambda x, n=_repeats, axis=_axis: np.repeat(x, n, axis), anywhere(*_shape))
for _params in [{}, {"indexing": "ij"}, {"sparse": True}, {"indexing": "ij", "sparse": True}]:
    sample(
        "meshgrid",
        lambda x, y, params=_params: np.multiply(*np.meshgrid(x, y, **params)),
        anywhere(2),
        anywhere(3),
    )
sample("meshgrid", lambda x, y, z: sum(np.meshgrid(x, y, z)), anywhere(2), anywhere(), anywhere(3))
for _shape, _window, _axis in [
    ((4,), 2, None),
    ((3, 4), (2, 3), None),
    ((3, 2), 2, 0),
    ((5,), (2, 3), (0, 0)),
    ((3,), 3, 0),
]:
    sample(
        "sliding_window_view",
        lambda x, window=_window, axis=_axis: mg.sliding_window_view(x, window, axis),
        anywhere(*_shape),
        reference=lambda x, window=_window, axis=_axis: np.lib.stride_tricks.sliding_window_view(x, window, axis),
    )
for _shape, _new in [((3,), (2, 4)), ((2, 2), 3), ((2, 2), ()), ((), (2, 2)), ((2,), (0, 3))]:
    sample(
        "resize",
        lambda x, new=_new: mg.resize(x, new),
        anywhere(*_shape),
        reference=lambda x, new=_new: np.resize(x, new),
    )
