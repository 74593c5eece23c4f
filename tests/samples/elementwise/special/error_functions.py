"""Samples of the error function and its relatives, with SciPy's values."""

from __future__ import annotations

import numpy as np
from scipy import special

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, between, sample, unary

unary("erf", anywhere, special.erf)
unary("erfc", anywhere, special.erfc)
unary("erfcx", anywhere, special.erfcx)
unary("erfinv", between(-0.8, 0.8), special.erfinv)
unary("erfcinv", between(0.2, 1.8), special.erfcinv)
unary("log_ndtr", anywhere, special.log_ndtr)
unary("ndtr", anywhere, special.ndtr)
unary("ndtri", between(0.1, 0.9), special.ndtri)

sample("log_ndtr", mg.log_ndtr, [-20.0, -9.5, 6.0], reference=special.log_ndtr)
sample("erfcx", mg.erfcx, [-2.5, 7.5, 9.5, 12.0], reference=special.erfcx)
for _n in (0, 1):
    sample(
        "erfcx",
        lambda x, n=_n: PRIMITIVES["erfcx"](x, order=n),
        [-1.0, 0.5, 12.0],
        reference=lambda x, n=_n: 2 * x * special.erfcx(x) - 2 / np.sqrt(np.pi) if n else special.erfcx(x),
    )
