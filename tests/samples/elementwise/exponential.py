"""Samples of exponential functions and logarithms."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, between, binary, on_device_of, positive, sample, unary

unary("exp", anywhere)
unary("exp2", anywhere)
unary("expm1", anywhere)
unary("log", positive)
unary("log2", positive)
unary("log10", positive)
unary("log1p", between(-0.7, 3))
binary("logaddexp", anywhere, anywhere)
binary("logaddexp2", anywhere, anywhere)
sample("logaddexp", lambda x: np.logaddexp(0, x), anywhere(3))
for _shape, _n in [((), 3), ((3,), [1, 0, -2]), ((2, 1), [4, -1, 2])]:
    sample(
        "ldexp",
        lambda x, n=_n: mg.ldexp(x, on_device_of(x, np.array(n))),
        anywhere(*_shape),
        reference=lambda x, n=_n: np.ldexp(x, n),
    )
sample("frexp", lambda x: mg.frexp(x)[0], between(2.1, 3.9)(2, 2), reference=lambda x: np.frexp(x)[0])
