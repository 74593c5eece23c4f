"""Samples of copies, casts and moves between devices."""

from __future__ import annotations

import minigrad as mg
from minigrad.device import device_of
from tests.samples.registry import (
    PRIMITIVES,
    anywhere,
    sample,
    unary,
)

unary("copy", anywhere)
for _shape in [(), (4,), (2, 3)]:
    sample("astype", lambda x: mg.astype(x, x.dtype), anywhere(*_shape))
    sample("to", lambda x: PRIMITIVES["to"](x, device=device_of(x)), anywhere(*_shape), reference=lambda x: x)
