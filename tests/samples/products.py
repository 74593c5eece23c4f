"""Samples of products over any axes."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

#: Subscripts and shapes: every kind of letter, kept, summed, repeated, shared by two or three, and dots.
EINSUMS: list[tuple[str, ...]] = [
    ("ij,jk->ik", (2, 3), (3, 2)),
    ("ij,jk", (2, 3), (3, 2)),
    ("ba", (2, 3)),
    (" i j -> j i ", (2, 3)),
    ("i,j->", (2,), (3,)),
    ("ij->i", (2, 3)),
    ("ij->", (2, 3)),
    ("->", ()),
    (",i->i", (), (3,)),
    ("ii", (3, 3)),
    ("ii->i", (2, 2)),
    ("iij,j->i", (2, 2, 3), (3,)),
    ("iii->i", (2, 2, 2)),
    ("jiji->i", (2, 2, 2, 2)),
    ("ij,jk,kl->il", (2, 3), (3, 2), (2, 2)),
    ("ij,ij,ij->ij", (2, 2), (2, 2), (2, 2)),
    ("ij,i,j", (2, 3), (2,), (3,)),
    ("...ij,...jk", (2, 2, 3), (3, 2)),
    ("...i,...->...", (2, 1, 3), (2,)),
    ("i...,i...->...", (2, 3), (2, 1)),
    ("...ii->...i", (2, 2, 2)),
    ("...", (2, 2)),
    ("i,i->i", (1,), (3,)),  # lengths of 1 broadcast
    ("i,i->", (3,), (1,)),
    ("ii,i->", (1, 1), (3,)),
    ("ij,jk->", (2, 1), (3, 2)),
    ("ij,jk->ik", (0, 2), (2, 2)),
]  # type: ignore[list-item]

for _subscripts, *_shapes in EINSUMS:
    for _optimize in (False, True):
        sample(
            "einsum",
            lambda *xs, s=_subscripts, o=_optimize: mg.einsum(s, *xs, optimize=o),
            *(anywhere(*shape) for shape in _shapes),
            reference=lambda *xs, s=_subscripts: np.einsum(s, *xs),
        )
sample("einsum", lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [2, 0]), anywhere(2, 3), anywhere(3, 2))
sample("einsum", lambda x: np.einsum(x, [5, 2]), anywhere(2, 3))
sample("einsum", lambda x: np.einsum(x, [..., 0], [0, ...]), anywhere(2, 3))

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
