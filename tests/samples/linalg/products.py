"""Samples of products of arrays."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _a, _b in [
    ((), ()), ((), (2, 2)), ((3,), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 2)),
    ((2, 2, 3), (3,)), ((2, 2, 3), (3, 2)), ((3,), (2, 3, 2)), ((2, 3), (2, 3, 2)), ((2, 1, 3), (2, 3, 2)),
]:  # fmt: skip
    sample("dot", mg.dot, anywhere(*_a), anywhere(*_b), reference=np.dot)
for _a, _b in [((), (2,)), ((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((2, 1, 3), (2, 2, 3))]:
    sample("inner", mg.inner, anywhere(*_a), anywhere(*_b), reference=np.inner)
for _a, _b in [((), ()), ((3,), (3,)), ((2, 3), (3, 2)), ((2, 3), (6,))]:
    sample("vdot", mg.vdot, anywhere(*_a), anywhere(*_b), reference=np.vdot)
for _a, _b in [((), (2,)), ((3,), (2,)), ((2, 2), (3,)), ((2, 1), (1, 2))]:
    sample("outer", mg.outer, anywhere(*_a), anywhere(*_b), reference=np.outer)
for _a, _b in [((3,), (2,)), ((2, 2), (1, 3)), ((2,), (2, 1, 2)), ((2, 1, 2), (2, 2))]:
    sample("kron", mg.kron, anywhere(*_a), anywhere(*_b), reference=np.kron)
for _a, _b, _axis in [
    ((3,), (3,), -1),
    ((2, 3), (3,), -1),
    ((2, 3), (2, 3), 0),
    ((3, 2), (3, 1, 2), 0),
    ((2, 1, 3), (2, 3), -1),
]:
    sample(
        "vecdot",
        lambda x, y, axis=_axis: mg.vecdot(x, y, axis=axis),
        anywhere(*_a),
        anywhere(*_b),
        reference=lambda x, y, axis=_axis: np.vecdot(x, y, axis=axis),
    )
for _a, _b, _axes in [
    ((2, 3), (3, 2), 1), ((2, 3), (2, 3), 2), ((2,), (3,), 0), ((2, 3), (3, 4), ([1], [0])),
    ((2, 3, 2), (2, 3), ([0, 1], [0, 1])), ((2, 3, 2), (3, 2, 2), ([-1, 1], [1, 0])), ((2, 3), (2,), (0, 0)),
    ((2, 2, 3), (3, 2), (-1, -2)),
]:  # fmt: skip
    sample(
        "tensordot",
        lambda x, y, axes=_axes: mg.tensordot(x, y, axes),
        anywhere(*_a),
        anywhere(*_b),
        reference=lambda x, y, axes=_axes: np.tensordot(x, y, axes),
    )
for _shapes in [
    ((2, 3), (3, 2)),
    ((2, 3), (3, 1), (1, 2)),
    ((3,), (3, 2), (2, 2), (2,)),
    ((1, 3), (3, 1), (1, 3), (3, 1)),
]:
    sample(
        "multi_dot",
        lambda *xs: mg.multi_dot(xs),
        *(anywhere(*shape) for shape in _shapes),
        reference=lambda *xs: np.linalg.multi_dot(xs),
    )
for _n in (0, 1, 2, 3, 5, -1, -2):
    sample(
        "matrix_power",
        lambda x, n=_n: mg.matrix_power(x, n),
        anywhere(2, 2),
        reference=lambda x, n=_n: np.linalg.matrix_power(x, n),
    )
sample("matrix_power", lambda x: mg.matrix_power(x, 2), anywhere(2, 2, 2), reference=lambda x: x @ x)
for _a, _b, _axes in [
    ((3,), (3,), {}),
    ((2, 3), (3,), {}),
    ((3, 2), (2, 3), {"axisa": 0, "axisc": 0}),
    ((3, 1), (3, 2), {"axis": 0}),
]:
    sample("cross", lambda x, y, axes=_axes: np.cross(x, y, **axes), anywhere(*_a), anywhere(*_b))
for _a, _b in [((2, 3), (3,)), ((2, 3), (4, 3)), ((2, 1, 2), (3, 1, 2)), ((1, 1), (1,))]:
    sample(
        "matvec",
        lambda x, y: mg.matvec(x, y),
        anywhere(*_a),
        anywhere(*_b),
        reference=lambda x, y: (x @ y[..., None])[..., 0],
    )
    sample(
        "vecmat",
        lambda x, y: mg.vecmat(x, y),
        anywhere(*_b),
        anywhere(*_a[:-2], _a[-1], _a[-2]),
        reference=lambda x, y: (x.conj()[..., None, :] @ y)[..., 0, :],
    )
