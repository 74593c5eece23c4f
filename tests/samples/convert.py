"""Samples of copies and casts."""

from __future__ import annotations

import minigrad as mg
from tests.samples.registry import anywhere, sample, unary

unary("copy", anywhere)

for _shape in [(), (4,), (2, 3)]:
    sample("astype", lambda x: mg.astype(x, x.dtype), anywhere(*_shape))
