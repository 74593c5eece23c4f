"""Samples of special functions, with SciPy's values."""

from __future__ import annotations

import numpy as np
from scipy import special

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, sample, unary

unary("erf", anywhere, special.erf)
unary("normal_cdf", anywhere, special.ndtr)
unary("sinc", anywhere)
sample("sinc", mg.sinc, np.array([0.0, 1e-3, 1.0, -2.0]), reference=np.sinc)  # where its derivatives are 0 / 0
unary("i0", anywhere)
for _order in (1, 2, 3):
    sample(
        "modified_bessel",
        lambda x, order=_order: PRIMITIVES["modified_bessel"](x, order=order),
        anywhere(3),
        reference=lambda x, order=_order: special.iv(order, x),
    )
sample("i0", lambda x: mg.i0(x), [0.0, 9.5, -12.5], reference=np.i0)
sample("modified_bessel", lambda x: mg.i0(x), anywhere(2), reference=np.i0)
