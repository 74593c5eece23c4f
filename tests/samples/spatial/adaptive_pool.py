"""Samples of adaptive pooling."""

from __future__ import annotations

from functools import partial

import numpy as np

import minigrad as mg
from tests.helpers.spatial import naive
from tests.samples.registry import anywhere, sample

#: (images, output_size, all its numbers): bins at equal distances, of different lengths, and more of them than pixels.
for _x, _output_size, _size in [
    ((2, 2, 6), 3, (3,)),
    ((1, 2, 5), (2,), (2,)),
    ((1, 1, 5), 3, (3,)),
    ((1, 1, 2), 3, (3,)),
    ((1, 2, 4, 3), (2, None), (2, 3)),
    ((1, 1, 5, 4), 3, (3, 3)),
    ((2, 1, 4, 3), (3, None), (3, 3)),
    ((1, 1, 4, 2, 2), (3, 1, None), (3, 1, 2)),
    ((1, 1, 2, 2, 2), 1, (1, 1, 1)),
]:
    for _kind, _reduce in [("avg", np.mean), ("max", np.max)]:
        _name = f"adaptive_{_kind}_pool{len(_size)}d"
        sample(
            _name,
            partial(getattr(mg, _name), output_size=_output_size),
            anywhere(*_x),
            reference=partial(naive.in_bins, output_size=_size, reduce=_reduce),
        )
