"""Samples of (x − m) a + b, normalization by running values."""

from __future__ import annotations

from tests.samples.registry import PRIMITIVES, anywhere, sample

for _m, _a, _b in [((2,), (2,), (2,)), ((2, 1), (2, 1), None), ((1,), (2,), ()), ((3, 2, 2), (3, 2, 2), (3, 2, 2))]:
    sample(
        "affine",
        PRIMITIVES["affine"],
        *(anywhere(*shape) for shape in ((3, 2, 2), _m, _a, _b) if shape is not None),
        reference=lambda x, m, a, b=0.0: (x - m) * a + b,
    )
