"""Samples of inverses, linear systems and pseudo-inverses."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.matrices import ANY_SHAPES, SQUARE_SHAPES, regular, symmetric
from tests.samples.registry import anywhere, sample

for _shape in SQUARE_SHAPES:
    sample("inv", mg.inv, regular(*_shape), reference=np.linalg.inv)
for _a, _b in [
    ((2, 2), (2,)),
    ((3, 3), (3, 2)),
    ((2, 2, 2), (2,)),
    ((2, 2, 2), (2, 3)),
    ((2, 2, 2), (2, 2, 1)),
    ((2, 2), (2, 2, 1)),
    ((2, 1, 2, 2), (2, 2, 1)),
]:
    sample("solve", mg.solve, regular(*_a), anywhere(*_b), reference=np.linalg.solve)
for _shape in ANY_SHAPES:
    sample("pinv", mg.pinv, regular(*_shape), reference=np.linalg.pinv)
for _shape in SQUARE_SHAPES:
    sample(
        "pinv",
        lambda a: mg.pinv(symmetric(a), hermitian=True),
        regular(*_shape),
        reference=lambda a: np.linalg.pinv(symmetric(a), hermitian=True),
    )
for _matrix, _shape, _ind in [((2, 2), (2, 2), 1), ((4, 4), (4, 2, 2), 1), ((4, 4), (2, 2, 1, 4), 2)]:
    sample(
        "tensorinv",
        lambda a, shape=_shape, ind=_ind: mg.tensorinv(a.reshape(shape), ind),
        regular(*_matrix),
        reference=lambda a, shape=_shape, ind=_ind: np.linalg.tensorinv(a.reshape(shape), ind),
    )
for _matrix, _shape, _b, _axes in [
    ((2, 2), (2, 2), (2,), None),
    ((4, 4), (2, 2, 4), (2, 2), None),
    ((4, 4), (4, 2, 2), (4,), None),
    ((4, 4), (2, 4, 2), (4,), (0, 2)),
]:
    sample(
        "tensorsolve",
        lambda a, b, shape=_shape, axes=_axes: mg.tensorsolve(a.reshape(shape), b, axes),
        regular(*_matrix),
        anywhere(*_b),
        reference=lambda a, b, shape=_shape, axes=_axes: np.linalg.tensorsolve(a.reshape(shape), b, axes),
    )
