"""Samples of Einstein summation."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

#: (subscripts, shapes): letters of every kind, kept, summed, repeated, shared by two or three arrays, and dots.
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
