"""Samples of convolution and correlation."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, real_view, sample

for _name in ("convolve", "correlate"):
    _ours, _numpys = getattr(mg, _name), getattr(np, _name)
    for _n, _m in [(1, 1), (4, 1), (1, 3), (3, 3), (4, 2), (2, 5), (5, 3)]:
        for _mode in ("full", "same", "valid"):
            sample(
                _name,
                lambda a, v, f=_ours, mode=_mode: f(a, v, mode),
                anywhere(_n),
                anywhere(_m),
                reference=lambda a, v, f=_numpys, mode=_mode: f(a, v, mode),
            )
    for _n, _m in [(3, 2), (2, 4)]:
        for _mode in ("full", "valid"):
            sample(
                _name,
                lambda a, v, f=_ours, mode=_mode: real_view(f(a * (1 + 2j), v + 1j * v[::-1], mode)),
                anywhere(_n),
                anywhere(_m),
                reference=lambda a, v, f=_numpys, mode=_mode: real_view(f(a * (1 + 2j), v + 1j * v[::-1], mode)),
            )
