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

#: The function, its primitive, SciPy's, and orders with a domain.
for _name, _primitive, _reference in (
    ("jn", "bessel", special.jv),
    ("yn", "second_kind_bessel", special.yv),
    ("iv", "modified_bessel", special.iv),
    ("ive", "scaled_modified_bessel", special.ive),
):
    for _v, _domain in ((0, positive), (1, between(1, 9)), (3, between(1, 9)), (-2, between(1, 9))):
        sample(
            _name,
            lambda x, f=getattr(mg, _name), v=_v: f(v, x),
            _domain(3),
            reference=lambda x, f=_reference, v=_v: f(v, x),
        )
    for _v in (1, 2):
        sample(
            _primitive,
            lambda x, f=PRIMITIVES[_primitive], v=_v: f(x, order=v),
            positive(3),
            reference=lambda x, f=_reference, v=_v: f(v, x),
        )
