"""Samples of Lp pooling."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.helpers.spatial import naive
from tests.samples.registry import anywhere, sample


def norms(x: Any, p: float, kernel: tuple[int, ...], stride: tuple[int, ...]) -> Any:
    no_padding = ((0, 0),) * len(kernel)
    if p == np.inf:
        return naive.max_pool(abs(x), kernel, stride, no_padding, (1,) * len(kernel))[0]
    return naive.sum_pool(abs(x) ** p, kernel, stride, no_padding) ** (1 / p)


for _shape, _p, _kernel, _stride in [
    ((2, 2, 5), 2, (2,), (1,)),
    ((1, 1, 4), 0.5, (2,), (2,)),
    ((1, 1, 4, 4), 2, (2, 2), (2, 2)),
    ((1, 1, 3, 4), 1, (2, 2), (1, 2)),
    ((1, 2, 3, 3), 3, (2, 3), (1, 1)),
    ((1, 1, 3, 4), np.inf, (2, 2), (1, 2)),
    ((1, 1, 2, 2, 3), 2.5, (2, 1, 2), (1, 1, 1)),
]:
    sample(
        f"lp_pool{len(_kernel)}d",
        partial(getattr(mg, f"lp_pool{len(_kernel)}d"), norm_type=_p, kernel_size=_kernel, stride=_stride),
        anywhere(*_shape),
        reference=partial(norms, p=_p, kernel=_kernel, stride=_stride),
    )
