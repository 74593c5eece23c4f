"""Samples of transposed convolution along one, two and three axes."""

from __future__ import annotations

from functools import partial
from typing import Any

import minigrad as mg
from tests.helpers.spatial import naive
from tests.samples.registry import (
    anywhere,
    sample,
)

Shape = tuple[int, ...]
PadWidth = tuple[tuple[int, int], ...]

#: (images, filters, stride, padding, output_padding, dilation, groups): overlapping and with gaps, padding cut off;
#: `output_padding` that brings back pixels cut off at the end, and that adds zeros.
CASES: list[tuple[Shape, Shape, Shape, PadWidth, Shape, Shape, int]] = [
    ((1, 1, 3), (1, 1, 2), (1,), ((0, 0),), (0,), (1,), 1),
    ((2, 2, 3), (2, 1, 2), (3,), ((1, 0),), (2,), (1,), 2),
    ((1, 1, 2), (1, 2, 2), (1,), ((0, 1),), (2,), (3,), 1),
    ((1, 1, 2, 2), (1, 1, 2, 2), (1, 1), ((0, 0), (0, 0)), (0, 0), (1, 1), 1),
    ((1, 2, 2, 3), (2, 1, 3, 3), (2, 2), ((1, 1), (1, 1)), (1, 1), (1, 1), 1),
    ((2, 2, 2, 1), (2, 2, 2, 1), (1, 2), ((0, 1), (0, 0)), (0, 1), (2, 1), 2),
    ((1, 1, 1, 2, 2), (1, 1, 2, 2, 1), (1, 2, 1), ((0, 0), (0, 0), (0, 0)), (0, 1, 0), (1, 1, 1), 1),
    ((1, 2, 2, 1, 1), (2, 1, 1, 2, 2), (1, 1, 2), ((0, 0), (1, 0), (0, 1)), (0, 0, 1), (1, 2, 1), 2),
]
for _x, _w, _stride, _padding, _output_padding, _dilation, _groups in CASES:
    _name = f"conv_transpose{len(_x) - 2}d"
    _params: dict[str, Any] = {
        "stride": _stride,
        "padding": _padding,
        "output_padding": _output_padding,
        "dilation": _dilation,
        "groups": _groups,
    }
    sample(
        _name,
        partial(getattr(mg, _name), **_params),
        anywhere(*_x),
        anywhere(*_w),
        anywhere(_w[1] * _groups),
        reference=partial(naive.conv_transpose, **_params),
    )
    sample(
        _name,
        partial(getattr(mg, _name), **_params),
        anywhere(*_x),
        anywhere(*_w),
        reference=partial(naive.conv_transpose, **_params),
    )
