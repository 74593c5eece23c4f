"""Samples of exponential functions and logarithms."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, between, binary, positive, sample, unary

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
