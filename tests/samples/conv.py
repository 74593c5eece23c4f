"""Samples of convolution."""

from __future__ import annotations

import minigrad as mg
from tests import naive
from tests.samples.registry import PRIMITIVES, anywhere, sample

#: (images, filters, stride, padding): square and not, overlapping, skipping pixels, one row too many.
SCANS: list[tuple[tuple[int, ...], tuple[int, ...], tuple[int, int], tuple[int, int]]] = [
    ((1, 1, 3, 3), (1, 1, 2, 2), (1, 1), (0, 0)),
    ((2, 2, 3, 4), (3, 2, 2, 3), (1, 1), (0, 0)),
    ((1, 2, 4, 3), (2, 2, 3, 2), (2, 1), (1, 0)),
    ((2, 1, 5, 4), (1, 1, 2, 2), (2, 2), (1, 1)),
    ((1, 1, 5, 5), (2, 1, 1, 1), (3, 2), (0, 2)),
    ((1, 2, 3, 3), (1, 2, 3, 3), (1, 1), (0, 0)),
]

for _x, _w, _stride, _padding in SCANS:
    _how = {"stride": _stride, "padding": _padding}
    _z = (_x[0], _w[0], *naive.output_shape(_x[2:], _w[2:], _stride, _padding))
    sample(
        "conv2d",
        lambda x, w, how=_how: mg.conv2d(x, w, **how),
        anywhere(*_x),
        anywhere(*_w),
        reference=lambda x, w, how=_how: naive.conv2d(x, w, **how),
    )
    sample(
        "conv2d_input_grad",
        lambda z_bar, w, how=_how | {"size": _x[2:]}: PRIMITIVES["conv2d_input_grad"](z_bar, w, **how),
        anywhere(*_z),
        anywhere(*_w),
        reference=lambda z_bar, w, how=_how | {"size": _x[2:]}: naive.conv2d_input_grad(z_bar, w, **how),
    )
    sample(
        "conv2d_weight_grad",
        lambda z_bar, x, how=_how | {"kernel": _w[2:]}: PRIMITIVES["conv2d_weight_grad"](z_bar, x, **how),
        anywhere(*_z),
        anywhere(*_x),
        reference=lambda z_bar, x, how=_how | {"kernel": _w[2:]}: naive.conv2d_weight_grad(z_bar, x, **how),
    )
sample("conv2d", mg.conv2d, anywhere(2, 1, 3, 3), anywhere(2, 1, 2, 2), anywhere(2), reference=naive.conv2d)
