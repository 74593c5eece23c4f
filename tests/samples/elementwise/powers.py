"""Samples of powers and roots."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, binary, on_device_of, positive, sample, unary

unary("square", anywhere)
unary("sqrt", positive)
unary("cbrt", positive)
unary("reciprocal", positive)

binary("power", positive, anywhere)
for _n in (0, 1, 2, 3, -1, -2, 0.5, 2.5):  # a constant exponent is the usual case
    sample("power", lambda x, n=_n: x**n, positive(3))
sample("power", lambda x: x**3, anywhere(3))
sample("power", lambda x: x ** on_device_of(x, np.array([0, 1, 2], dtype=np.int8)), positive(2, 3))
sample("power", lambda x: 2**x, anywhere(3))
binary("float_power", positive, anywhere)
