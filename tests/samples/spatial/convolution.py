"""Samples of convolution and transposed convolution along one, two and three axes."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.helpers.spatial import naive
from tests.samples.registry import (
    PRIMITIVES,
    anywhere,
    sample,
)

Shape = tuple[int, ...]
Borders = tuple[tuple[int, int], ...]

#: (images, filters, stride, padding, dilation, groups): overlapping, skipping pixels, one row too many, filters larger
#: than the image, one pixel; each group with its own channels, and depthwise.
SCANS: list[tuple[Shape, Shape, Shape, Borders, Shape, int]] = [
    ((1, 1, 4), (1, 1, 2), (1,), ((0, 0),), (1,), 1),
    ((2, 2, 5), (3, 2, 3), (2,), ((1, 1),), (1,), 1),
    ((1, 2, 7), (2, 1, 2), (2,), ((0, 2),), (3,), 2),
    ((1, 1, 3, 3), (1, 1, 2, 2), (1, 1), ((0, 0), (0, 0)), (1, 1), 1),
    ((2, 2, 3, 4), (3, 2, 2, 3), (1, 1), ((0, 0), (0, 0)), (1, 1), 1),
    ((1, 2, 4, 3), (2, 2, 3, 2), (2, 1), ((1, 1), (0, 0)), (1, 1), 1),
    ((2, 1, 5, 4), (1, 1, 2, 2), (2, 2), ((1, 1), (1, 1)), (1, 1), 1),
    ((1, 1, 5, 5), (2, 1, 1, 1), (3, 2), ((0, 0), (2, 2)), (1, 1), 1),
    ((1, 2, 3, 3), (1, 2, 3, 3), (1, 1), ((0, 0), (0, 0)), (1, 1), 1),
    ((1, 1, 3, 4), (1, 1, 2, 2), (1, 2), ((1, 0), (0, 2)), (2, 3), 1),
    ((1, 4, 3, 3), (2, 2, 2, 2), (1, 1), ((1, 0), (0, 0)), (1, 1), 2),
    ((2, 2, 3, 3), (4, 1, 2, 2), (2, 1), ((0, 1), (1, 0)), (1, 1), 2),
    ((1, 1, 2, 3, 3), (1, 1, 2, 2, 2), (1, 1, 1), ((0, 0), (0, 0), (0, 0)), (1, 1, 1), 1),
    ((1, 2, 2, 2, 3), (2, 1, 1, 2, 2), (2, 1, 2), ((0, 0), (1, 0), (0, 1)), (1, 1, 2), 2),
    ((2, 1, 2, 2, 2), (2, 1, 2, 1, 2), (1, 1, 1), ((1, 1), (0, 0), (0, 0)), (1, 1, 1), 1),
]
for _x, _w, _stride, _padding, _dilation, _groups in SCANS:
    _name = f"conv{len(_x) - 2}d"
    _how: dict[str, Any] = {"stride": _stride, "padding": _padding, "dilation": _dilation, "groups": _groups}
    _z = (_x[0], _w[0], *naive.output_shape(_x[2:], _w[2:], _stride, _padding, _dilation))
    sample(
        _name,
        partial(getattr(mg, _name), **_how),
        anywhere(*_x),
        anywhere(*_w),
        reference=partial(naive.conv, **_how),
    )
    sample(
        f"{_name}_input_grad",
        partial(PRIMITIVES[f"{_name}_input_grad"], size=_x[2:], **_how),
        anywhere(*_z),
        anywhere(*_w),
        reference=partial(naive.conv_input_grad, size=_x[2:], **_how),
    )
    sample(
        f"{_name}_weight_grad",
        partial(PRIMITIVES[f"{_name}_weight_grad"], kernel=_w[2:], **_how),
        anywhere(*_z),
        anywhere(*_x),
        reference=partial(naive.conv_weight_grad, kernel=_w[2:], **_how),
    )

#: What users write, and the border that it stands for: with a bias, and what the padding holds.
PADDED: list[tuple[Shape, Shape, dict[str, Any], Borders, str]] = [
    ((2, 1, 4), (2, 1, 2), {}, ((0, 0),), "constant"),
    ((1, 1, 4), (1, 1, 4), {"padding": "same"}, ((1, 2),), "constant"),
    ((1, 2, 3), (1, 2, 2), {"padding": ((0, 2),), "padding_mode": "circular"}, ((0, 2),), "wrap"),
    ((2, 1, 3, 3), (2, 1, 2, 2), {}, ((0, 0), (0, 0)), "constant"),
    ((1, 1, 3, 2), (1, 1, 3, 2), {"padding": "same", "padding_mode": "replicate"}, ((1, 1), (0, 1)), "edge"),
    ((1, 1, 3, 3), (1, 1, 3, 2), {"padding": (2, (0, 1)), "padding_mode": "reflect"}, ((2, 2), (0, 1)), "reflect"),
    ((1, 1, 3, 3), (1, 1, 2, 3), {"padding": 1, "padding_mode": "circular"}, ((1, 1), (1, 1)), "wrap"),
    ((1, 1, 2, 2, 2), (2, 1, 2, 2, 2), {"padding": "valid"}, ((0, 0), (0, 0), (0, 0)), "constant"),
    ((1, 1, 2, 1, 2), (1, 1, 2, 2, 2), {"padding": (0, 1, 0), "padding_mode": "replicate"}, ((0, 0), (1, 1), (0, 0)),
     "edge"),
]  # fmt: skip


def _padded(x: Any, w: Any, b: Any, border: Borders, mode: Any) -> Any:
    bordered = np.pad(x, ((0, 0), (0, 0), *border), mode)
    axes = len(border)
    return naive.conv(bordered, w, b, stride=(1,) * axes, padding=((0, 0),) * axes, dilation=(1,) * axes)


for _x, _w, _how, _border, _mode in PADDED:
    _name = f"conv{len(_x) - 2}d"
    sample(
        _name,
        partial(getattr(mg, _name), **_how),
        anywhere(*_x),
        anywhere(*_w),
        anywhere(_w[0]),
        reference=partial(_padded, border=_border, mode=_mode),
    )

#: (images, filters, stride, padding, output_padding, dilation, groups): overlapping and with gaps, cut off, the end
#: that the scan did not reach: what had been cut off there, and what lies beyond.
LAID: list[tuple[Shape, Shape, Shape, Borders, Shape, Shape, int]] = [
    ((1, 1, 3), (1, 1, 2), (1,), ((0, 0),), (0,), (1,), 1),
    ((2, 2, 3), (2, 1, 2), (3,), ((1, 0),), (2,), (1,), 2),
    ((1, 1, 2), (1, 2, 2), (1,), ((0, 1),), (2,), (3,), 1),
    ((1, 1, 2, 2), (1, 1, 2, 2), (1, 1), ((0, 0), (0, 0)), (0, 0), (1, 1), 1),
    ((1, 2, 2, 3), (2, 1, 3, 3), (2, 2), ((1, 1), (1, 1)), (1, 1), (1, 1), 1),
    ((2, 2, 2, 1), (2, 2, 2, 1), (1, 2), ((0, 1), (0, 0)), (0, 1), (2, 1), 2),
    ((1, 1, 1, 2, 2), (1, 1, 2, 2, 1), (1, 2, 1), ((0, 0), (0, 0), (0, 0)), (0, 1, 0), (1, 1, 1), 1),
    ((1, 2, 2, 1, 1), (2, 1, 1, 2, 2), (1, 1, 2), ((0, 0), (1, 0), (0, 1)), (0, 0, 1), (1, 2, 1), 2),
]
for _x, _w, _stride, _padding, _more, _dilation, _groups in LAID:
    _name = f"conv_transpose{len(_x) - 2}d"
    _how = {"stride": _stride, "padding": _padding, "output_padding": _more, "dilation": _dilation, "groups": _groups}
    sample(
        _name,
        partial(getattr(mg, _name), **_how),
        anywhere(*_x),
        anywhere(*_w),
        anywhere(_w[1] * _groups),
        reference=partial(naive.conv_transpose, **_how),
    )
    sample(
        _name,
        partial(getattr(mg, _name), **_how),
        anywhere(*_x),
        anywhere(*_w),
        reference=partial(naive.conv_transpose, **_how),
    )
