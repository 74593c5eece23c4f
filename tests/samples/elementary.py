"""Samples of functions of one argument."""

from __future__ import annotations

import numpy as np
from scipy import special

import minigrad as mg
from tests.samples.registry import above_one, anywhere, between, positive, sample, unary, unit

unary("abs", anywhere)
unary("sign", anywhere)
unary("square", anywhere)
unary("sqrt", positive)
unary("cbrt", positive)
unary("reciprocal", positive)

unary("exp", anywhere)
unary("exp2", anywhere)
unary("expm1", anywhere)
unary("log", positive)
unary("log2", positive)
unary("log10", positive)
unary("log1p", between(-0.7, 3))

unary("sin", anywhere)
unary("cos", anywhere)
unary("tan", between(-1.2, 1.2))
unary("arcsin", unit)
unary("arccos", unit)
unary("arctan", anywhere)

unary("sinh", anywhere)
unary("cosh", anywhere)
unary("tanh", anywhere)
unary("arcsinh", anywhere)
unary("arccosh", above_one)
unary("arctanh", unit)

unary("deg2rad", anywhere)
unary("rad2deg", anywhere)
unary("erf", anywhere, special.erf)
unary("sinc", anywhere)
sample("sinc", mg.sinc, np.array([0.0, 1e-3, 1.0, -2.0]), reference=np.sinc)  # where its derivatives are 0 / 0
