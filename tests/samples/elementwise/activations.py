"""Samples of activation functions, with their formulas as written in textbooks."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import special

import minigrad as mg
from tests.samples.registry import anywhere, between, binary, sample, unary


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.log(1 + np.exp(x))


def softplus_beta(x, beta=3.0, threshold=4.0):
    return np.where(beta * x > threshold, x, softplus(beta * x) / beta)


def leaky(x, slope=0.01):
    return np.where(x > 0, x, slope * x)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def gelu_tanh(x):
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


unary("sigmoid", anywhere, sigmoid)
unary("log_sigmoid", anywhere, lambda x: np.log(sigmoid(x)))
unary("softplus", anywhere, softplus)
unary("relu", anywhere, lambda x: x * (x > 0))
unary("relu6", between(-2, 8), lambda x: np.clip(x, 0, 6))
unary("hard_sigmoid", anywhere, lambda x: (x + 3) / 6)
unary("hard_swish", anywhere, lambda x: x * (x + 3) / 6)
unary("leaky_relu", anywhere, leaky)
unary("elu", anywhere, elu)
unary("celu", anywhere, elu)
unary("selu", anywhere, lambda x: 1.0507009873554805 * elu(x, 1.6732632423543772))
unary("silu", anywhere, lambda x: x * sigmoid(x))
unary("mish", anywhere, lambda x: x * np.tanh(softplus(x)))
unary("gelu", anywhere, lambda x: x * special.ndtr(x))
binary("leaky_relu", anywhere, between(0.01, 0.3), leaky)
binary("elu", anywhere, between(0.5, 2), elu)
sample("softplus", partial(mg.softplus, beta=3.0, threshold=4.0), anywhere(5), reference=softplus_beta)
sample("celu", partial(mg.celu, alpha=0.5), anywhere(4), reference=lambda x: elu(2 * x) / 2)
sample("prelu", mg.prelu, anywhere(2, 3, 2), between(0.01, 0.3)(3), reference=lambda x, w: leaky(x, w[:, None]))
sample("prelu", mg.prelu, anywhere(2, 3), between(0.01, 0.3)(1), reference=leaky)
sample("prelu", mg.prelu, np.array(-1.5), np.array([0.2]), reference=lambda x, w: leaky(x, w[0]))
sample("gelu", partial(mg.gelu, approximate="tanh"), anywhere(4), reference=gelu_tanh)
sample("hard_tanh", mg.hard_tanh, np.array([-2.5, -0.5, 0.7, 1.9]), reference=lambda x: np.clip(x, -1, 1))
sample("hard_tanh", lambda x: mg.hard_tanh(x, 0, 6), np.array(6.5), reference=lambda x: np.clip(x, 0, 6))
sample(
    "hard_tanh",
    mg.hard_tanh,
    np.array([-2.5, -0.5, 0.7, 1.9]),
    np.array(-1.1),
    np.array(1.3),
    reference=lambda x, low, high: np.clip(x, low, high),
)
