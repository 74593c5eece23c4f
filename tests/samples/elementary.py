"""Samples of functions of one argument."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, positive, unary

unary("negative", anywhere)
unary("exp", anywhere)
unary("log", positive)
unary("sqrt", positive)
unary("sin", anywhere)
unary("cos", anywhere)
unary("tanh", anywhere)
unary("sigmoid", anywhere, lambda x: 1 / (1 + np.exp(-x)))
unary("relu", anywhere, lambda x: x * (x > 0))
