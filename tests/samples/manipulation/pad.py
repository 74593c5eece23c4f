"""Samples of padding."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.samples.registry import anywhere, sample

#: (shape, pad_width, params): every form of widths, and padding wider than the array.
PADS: list[tuple[tuple[int, ...], Any, dict[str, Any]]] = [
    ((), 1, {}),
    ((3,), 1, {}),
    ((3,), (0, 2), {}),
    ((2, 2), 1, {}),
    ((2, 1), (1, 2), {}),
    ((2, 1), ((0, 1), (2, 0)), {}),
    ((2, 1), ((1,), (2,)), {}),
    ((0,), 2, {}),
    ((2,), 1, {"constant_values": 5.0}),
    ((1, 2), 1, {"constant_values": ((1.0, 2.0), (3.0, 4.0))}),
    ((2, 2), 0, {"mode": "edge"}),
    ((1,), 3, {"mode": "reflect"}),
    ((2, 2), ((1, 0), (0, 2)), {"mode": "symmetric"}),
]
PADS += [((n,), (4, 3), {"mode": mode}) for n in (2, 3) for mode in ("edge", "reflect", "symmetric", "wrap")]
for _shape, _width, _params in PADS:
    sample("pad", lambda x, width=_width, params=_params: np.pad(x, width, **params), anywhere(*_shape))
