"""Samples of arithmetic: operators, remainders, signs and absolute values."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import above_one, anywhere, between, binary, on_device_of, positive, sample, unary

unary("negative", anywhere)
unary("abs", anywhere)
unary("sign", anywhere)

binary("add", anywhere, anywhere)
binary("subtract", anywhere, anywhere)
binary("multiply", anywhere, anywhere)
binary("divide", anywhere, positive)
sample("subtract", lambda x: 1 - x, anywhere(3))
sample("multiply", lambda x: x * x, anywhere(3))
sample("multiply", lambda x: 2 * x * 0.5, anywhere(2, 2))
sample("divide", lambda x: 1 / x, positive(3))

_from_two_to_three = between(2.3, 2.7), between(0.92, 1.05)  # x / y stays away from whole numbers, where z jumps
binary("floor_divide", *_from_two_to_three)
binary("remainder", *_from_two_to_three)
binary("mod", *_from_two_to_three)
binary("fmod", *_from_two_to_three)
for _name in ("floor_divide", "remainder", "fmod"):
    sample(_name, getattr(np, _name), np.array([7.5, -7.5, 7.5, -7.5]), np.array([2.0, 2.0, -2.0, -2.0]))
sample("floor_divide", lambda x: x // 2.0, np.array([-3.5, 0.5]))
sample("remainder", lambda x: x % 2.0, np.array([-3.5, 0.5, 2.25]))
sample("remainder", lambda x: 7.5 % x, np.array([2.0, -2.0]))

binary("copysign", anywhere, between(-1.7, 2.1))

binary("heaviside", between(0.3, 2), anywhere)
sample(
    "heaviside",
    lambda y: mg.heaviside(on_device_of(y, np.array([-1, 0, 2]).astype(y.dtype)), y),
    anywhere(3),
    reference=lambda y: np.heaviside(np.array([-1, 0, 2]).astype(y.dtype), y),
)
sample("heaviside", lambda x: mg.heaviside(x, 0.5), np.array([-1.5, -0.2, 0.3]))
for _x in (between(0.2, 0.8)(3), between(-1.8, -1.2)()):
    sample("modf", lambda x: mg.modf(x)[0], _x, reference=lambda x: np.modf(x)[0])

# deviations from a given mean
for _name in ("var", "std"):
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    sample(
        "subtract",
        lambda x, m, f=_function: f(x, 1, mean=m, ddof=1),
        anywhere(2, 3),
        above_one(2, 1),
        reference=lambda x, m, f=_reference: f(x, 1, mean=m, ddof=1),
    )
