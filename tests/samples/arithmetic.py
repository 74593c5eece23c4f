"""Samples of operators, limits and remainders."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, beside, between, binary, positive, sample, unary

unary("negative", anywhere)
binary("add", anywhere, anywhere)
binary("subtract", anywhere, anywhere)
binary("multiply", anywhere, anywhere)
binary("divide", anywhere, positive)
binary("power", positive, anywhere)
binary("maximum", between(-2, 2), between(-1.7, 2.1))
binary("minimum", between(-2, 2), between(-1.7, 2.1))
binary("fmax", between(-2, 2), between(-1.7, 2.1))
binary("fmin", between(-2, 2), between(-1.7, 2.1))
binary("at_least", between(-2, 2), between(-1.7, 2.1), np.maximum)
binary("at_most", between(-2, 2), between(-1.7, 2.1), np.minimum)

_from_two_to_three = between(2.3, 2.7), between(0.92, 1.05)  # x / y stays away from whole numbers, where z jumps
binary("floor_divide", *_from_two_to_three)
binary("remainder", *_from_two_to_three)
binary("mod", *_from_two_to_three)
binary("fmod", *_from_two_to_three)
for _name in ("floor_divide", "remainder", "fmod"):
    sample(_name, getattr(np, _name), np.array([7.5, -7.5, 7.5, -7.5]), np.array([2.0, 2.0, -2.0, -2.0]))
sample("remainder", lambda x: x % 2.0, np.array([-3.5, 0.5, 2.25]))
sample("remainder", lambda x: 7.5 % x, np.array([2.0, -2.0]))
sample("floor_divide", lambda x: x // 2.0, np.array([-3.5, 0.5]))

for _n in (0, 1, 2, 3, -1, -2, 0.5, 2.5):  # a constant exponent is the usual case
    sample("power", lambda x, n=_n: x**n, positive(3))
sample("power", lambda x: x**3, anywhere(3))
binary("float_power", positive, anywhere, np.power)  # np.float_power makes float64 of float32
sample("power", lambda x: x ** beside(np.array([0, 1, 2], dtype=np.int8), x), positive(2, 3))
sample("power", lambda x: 2**x, anywhere(3))
sample("multiply", lambda x: x * x, anywhere(3))
sample("multiply", lambda x: 2 * x * 0.5, anywhere(2, 2))
sample("divide", lambda x: 1 / x, positive(3))
sample("subtract", lambda x: 1 - x, anywhere(3))

sample("clip", lambda x: np.clip(x, -1, 1.2), np.array([-2.5, -0.5, 0.7, 1.9]))
sample("clip", lambda x, low: np.clip(x, low, None), between(-3, 3)(2, 3), between(-2.9, 2.8)(3))
sample("clip", lambda x, high: x.clip(max=high), between(-3, 3)(3), between(-2.9, 2.8)(2, 1))
sample(
    "clip",
    lambda x, low, high: np.clip(x, low, high),  # the last row has its limits in the wrong order
    np.array([[-2.0, 0.0, 2.0], [-2.0, 0.0, 2.0]]),
    np.array([[-1.0], [1.5]]),
    np.array([[1.0], [0.5]]),
)
