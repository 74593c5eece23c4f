"""Samples of QR decompositions."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.matrices import ANY_SHAPES, regular
from tests.samples.registry import sample

for _shape in ANY_SHAPES:
    for _name, _i in [("qr", 0), ("qr_q", 0), ("qr_r", 1)]:
        sample(_name, lambda a, i=_i: np.linalg.qr(a)[i], regular(*_shape))
    sample("qr", lambda a: mg.qr(a, "r"), regular(*_shape), reference=lambda a: np.linalg.qr(a, "r"))
for _name, _i in [("qr_q", 0), ("qr_r", 1)]:
    sample(_name, lambda a, i=_i: np.linalg.qr(a)[i], regular(3, 1, 2, 4))
