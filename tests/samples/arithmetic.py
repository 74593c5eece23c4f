"""Samples of operations on two arguments."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, between, binary, positive, sample

binary("add", anywhere, anywhere)
binary("subtract", anywhere, anywhere)
binary("multiply", anywhere, anywhere)
binary("divide", anywhere, positive)
binary("power", positive, anywhere)
binary("maximum", between(-2, 2), between(-1.7, 2.1))
binary("minimum", between(-2, 2), between(-1.7, 2.1))

for _n in (0, 1, 2, 3, -1, -2, 0.5, 2.5):  # a constant exponent is the usual case
    sample("power", lambda x, n=_n: x**n, positive(3))
sample("power", lambda x: x**3, anywhere(3))
sample("power", lambda x: x ** np.array([0, 1, 2], dtype=np.int8), positive(2, 3))
sample("power", lambda x: 2**x, anywhere(3))
sample("multiply", lambda x: x * x, anywhere(3))
sample("multiply", lambda x: 2 * x * 0.5, anywhere(2, 2))
sample("divide", lambda x: 1 / x, positive(3))
sample("subtract", lambda x: 1 - x, anywhere(3))
