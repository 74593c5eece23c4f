"""Samples of Bessel functions, with SciPy's values."""

from __future__ import annotations

import numpy as np
from scipy import special

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, between, positive, sample, unary

unary("i0", anywhere)
sample("i0", lambda x: mg.i0(x), [0.0, 9.5, -12.5], reference=np.i0)
unary("i1", anywhere, special.i1)
unary("i0e", anywhere, special.i0e)
unary("i1e", anywhere, special.i1e)
unary("j0", anywhere, special.j0)
unary("j1", anywhere, special.j1)
unary("y0", positive, special.y0)
unary("y1", positive, special.y1)
sample("j0", mg.j0, [0.0, 7.5, -30.5], reference=special.j0)  # on a GPU, the orders above come from these

#: The function, its primitive, and SciPy's.
for _name, _f, _primitive, _reference in (
    ("jn", mg.jn, "bessel", special.jv),
    ("yn", mg.yn, "second_kind_bessel", special.yv),
    ("iv", mg.iv, "modified_bessel", special.iv),
    ("ive", mg.ive, "scaled_modified_bessel", special.ive),
):
    for _v in (0, 1, 3, -2):
        sample(
            _name,
            lambda x, f=_f, v=_v: f(v, x),
            between(1, 9)(3),
            reference=lambda x, f=_reference, v=_v: f(v, x),
        )
    for _v in (1, 2):
        sample(
            _primitive,
            lambda x, f=PRIMITIVES[_primitive], v=_v: f(x, order=v),
            positive(3),
            reference=lambda x, f=_reference, v=_v: f(v, x),
        )
