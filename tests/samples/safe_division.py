"""Samples of the arithmetic of rules, where it is ordinary arithmetic."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import PRIMITIVES, anywhere, binary, positive, sample

binary("quotient", anywhere, positive, np.divide)
sample(
    "positive_power",
    lambda x: PRIMITIVES["positive_power"](x, exponent=1.5),
    positive(2, 3),
    reference=lambda x: x**1.5,
)
