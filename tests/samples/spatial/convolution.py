"""Samples of convolution along one, two and three axes, and of its error signals."""

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
PadWidth = tuple[tuple[int, int], ...]

#: (images, filters, stride, padding, dilation, groups): overlapping, skipping pixels, a last row unseen, filters larger
#: than the image, one pixel; with groups, and depthwise.
CASES: list[tuple[Shape, Shape, Shape, PadWidth, Shape, int]] = [
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
for _x, _w, _stride, _padding, _dilation, _groups in CASES:
    _name = f"conv{len(_x) - 2}d"
    _params: dict[str, Any] = {"stride": _stride, "padding": _padding, "dilation": _dilation, "groups": _groups}
    _z = (_x[0], _w[0], *naive.output_shape(_x[2:], _w[2:], _stride, _padding, _dilation))
    sample(
        _name,
        partial(getattr(mg, _name), **_params),
        anywhere(*_x),
        anywhere(*_w),
        reference=partial(naive.conv, **_params),
    )
    sample(
        f"{_name}_input_grad",
        partial(PRIMITIVES[f"{_name}_input_grad"], size=_x[2:], **_params),
        anywhere(*_z),
        anywhere(*_w),
        reference=partial(naive.conv_input_grad, size=_x[2:], **_params),
    )
    sample(
        f"{_name}_weight_grad",
        partial(PRIMITIVES[f"{_name}_weight_grad"], kernel=_w[2:], **_params),
        anywhere(*_z),
        anywhere(*_x),
        reference=partial(naive.conv_weight_grad, kernel=_w[2:], **_params),
    )

#: Padding in users' forms, as pairs, and as a mode of `np.pad`; with a bias.
PADDED: list[tuple[Shape, Shape, dict[str, Any], PadWidth, str]] = [
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


def _padded(x: Any, w: Any, b: Any, pad_width: PadWidth, mode: Any) -> Any:
    padded = np.pad(x, ((0, 0), (0, 0), *pad_width), mode)
    axes = len(pad_width)
    return naive.conv(padded, w, b, stride=(1,) * axes, padding=((0, 0),) * axes, dilation=(1,) * axes)


for _x, _w, _params, _pad_width, _mode in PADDED:
    _name = f"conv{len(_x) - 2}d"
    sample(
        _name,
        partial(getattr(mg, _name), **_params),
        anywhere(*_x),
        anywhere(*_w),
        anywhere(_w[0]),
        reference=partial(_padded, pad_width=_pad_width, mode=_mode),
    )
