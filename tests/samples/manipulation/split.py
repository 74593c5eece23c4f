"""Samples of splitting arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample


def _joined_backwards(parts: list[Any]) -> Any:
    """The parts in reverse order, each times its number: every part counts, and none equals another."""
    return mg.concatenate([i * mg.ravel(part) for i, part in reversed(list(enumerate(parts, 1)))])


for _f, _shape, _sections in [
    (np.split, (6,), 3),
    (np.split, (5,), [1, 3]),
    (np.split, (3, 2), [2]),
    (np.array_split, (5,), 3),
    (np.array_split, (2,), 3),
    (np.array_split, (4,), (3, 1, 9)),
    (np.hsplit, (4,), 2),
    (np.hsplit, (2, 3), [1]),
    (np.vsplit, (3, 2), [1, 2]),
    (np.dsplit, (1, 2, 4), 2),
]:
    sample(_f.__name__, lambda x, f=_f, n=_sections: _joined_backwards(f(x, n)), anywhere(*_shape))
sample("split", lambda x: _joined_backwards(np.split(x, 2, axis=-1)), anywhere(3, 2))
for _shape, _axis in [((2,), 0), ((3, 2), 0), ((2, 2, 1), -2)]:
    sample(
        "unstack",
        lambda x, axis=_axis: mg.unstack(x, axis=axis)[1] ** 2,
        anywhere(*_shape),
        reference=lambda x, axis=_axis: np.moveaxis(x, axis, 0)[1] ** 2,
    )
