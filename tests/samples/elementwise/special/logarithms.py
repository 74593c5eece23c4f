"""Samples of products with logarithms, with SciPy's values."""

from __future__ import annotations

from scipy import special

import minigrad as mg
from tests.samples.registry import anywhere, between, binary, positive, sample, unary

unary("entr", positive, special.entr)
unary("logit", between(0.1, 0.9), special.logit)
binary("xlogy", anywhere, positive, special.xlogy)
binary("xlog1py", anywhere, between(-0.7, 2), special.xlog1py)
binary("rel_entr", positive, positive, special.rel_entr)
sample("xlogy", mg.xlogy, [0.0, 2.0, 0.0], [1.5, 0.5, 3.0], reference=special.xlogy)
sample("xlog1py", mg.xlog1py, [0.0, 2.0, 0.0], [1.5, -0.5, 3.0], reference=special.xlog1py)
