"""Samples of average pooling, and of sums over windows."""

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

#: (images, window), overlapping, apart, padded on one side and on both.
WINDOWS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((2, 2, 5), {"kernel": (2,), "stride": (1,), "padding": ((1, 0),)}),
    ((1, 2, 4, 4), {"kernel": (2, 2), "stride": (2, 2), "padding": ((0, 0), (0, 0))}),
    ((1, 1, 4, 5), {"kernel": (3, 2), "stride": (1, 3), "padding": ((1, 1), (0, 1))}),
    ((1, 1, 2, 3, 3), {"kernel": (2, 1, 2), "stride": (1, 2, 2), "padding": ((0, 0), (0, 0), (1, 1))}),
]
for _x, _params in WINDOWS:
    _axes = len(_x) - 2
    _y = (*_x[:2], *naive.output_shape(_x[2:], **_params, dilation=(1,) * _axes))
    sample(
        f"sum_pool{_axes}d",
        partial(PRIMITIVES[f"sum_pool{_axes}d"], **_params),
        anywhere(*_x),
        reference=partial(naive.sum_pool, **_params),
    )
    sample(
        f"sum_unpool{_axes}d",
        partial(PRIMITIVES[f"sum_unpool{_axes}d"], size=_x[2:], **_params),
        anywhere(*_y),
        reference=partial(naive.sum_unpool, size=_x[2:], **_params),
    )
    _kernel, _stride, _padding = _params.values()
    for _count in (True, False):
        sample(
            f"avg_pool{_axes}d",
            partial(
                getattr(mg, f"avg_pool{_axes}d"),
                kernel_size=_kernel,
                stride=_stride,
                padding=_padding,
                count_include_pad=_count,
            ),
            anywhere(*_x),
            reference=partial(
                naive.avg_pool,
                kernel=_kernel,
                stride=_stride,
                padding=_padding,
                wider=_padding,
                count_include_pad=_count,
            ),
        )
sample(
    "avg_pool2d",
    partial(mg.avg_pool2d, kernel_size=2, ceil_mode=True),
    anywhere(1, 1, 3, 5),
    reference=lambda x: naive.avg_pool(x, (2, 2), (2, 2), ((0, 0),) * 2, ((0, 1),) * 2),
)
sample(
    "avg_pool3d",
    partial(mg.avg_pool3d, kernel_size=2, divisor_override=3),
    anywhere(1, 1, 2, 2, 4),
    reference=lambda x: naive.sum_pool(x, (2, 2, 2), (2, 2, 2), ((0, 0),) * 3) / 3,
)
for _shape in [(2, 3, 4), (1, 2, 2, 3), (1, 1, 2, 2, 2)]:
    sample(
        "global_avg_pool",
        mg.global_avg_pool,
        anywhere(*_shape),
        reference=partial(np.mean, axis=tuple(range(2, len(_shape)))),
    )
