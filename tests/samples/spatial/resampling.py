"""Samples of resampling."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import (
    PRIMITIVES,
    anywhere,
    sample,
)


def weights(n: int, m: int, step: float, mode: str, align_corners: bool) -> Any:
    """The weights (m, n) of n old pixels in m new ones, one entry after the other."""
    w = np.zeros((m, n))
    for i in range(m):
        if mode == "nearest":
            w[i, min(int(np.float32(i) * np.float32(step)), n - 1)] = 1
        else:
            middle = i * step if align_corners else max((i + 0.5) * step - 0.5, 0)
            left = min(int(middle), n - 1)
            w[i, left] += 1 - min(middle - left, 1)
            w[i, min(left + 1, n - 1)] += min(middle - left, 1)
    return w


def resampled(x: Any, size: Any, steps: Any, mode: str, align_corners: bool, transposed: bool = False) -> Any:
    for axis, (new, step) in enumerate(zip(size, steps, strict=True), 2):
        old = x.shape[axis]
        w = (
            weights(new, old, step, mode, align_corners).T
            if transposed
            else weights(old, new, step, mode, align_corners)
        )
        x = np.moveaxis(np.tensordot(w, x, (1, axis)), 0, axis)
    return x


#: (old size, arguments, the parameters they stand for: new size, steps, mode, whether corners are aligned)
SIZES: list[tuple[tuple[int, ...], dict[str, Any], tuple[Any, ...]]] = [
    ((3,), {"scale_factor": 2}, ((6,), (0.5,), "nearest", False)),
    ((5,), {"size": 3}, ((3,), (5 / 3,), "nearest", False)),
    ((3,), {"scale_factor": 1.9, "mode": "linear"}, ((5,), (1 / 1.9,), "linear", False)),
    ((5,), {"size": [2], "mode": "linear", "align_corners": True}, ((2,), (4.0,), "linear", True)),
    ((2, 2), {"scale_factor": (2, 1)}, ((4, 2), (0.5, 1.0), "nearest", False)),
    ((2, 3), {"size": (3, 2), "mode": "bilinear"}, ((3, 2), (2 / 3, 1.5), "linear", False)),
    ((2, 2), {"scale_factor": 2, "mode": "bilinear", "align_corners": True}, ((4, 4), (1 / 3, 1 / 3), "linear", True)),
    ((1, 2, 2), {"size": (2, 1, 3)}, ((2, 1, 3), (0.5, 2.0, 2 / 3), "nearest", False)),
    ((1, 2, 2), {"size": (2, 1, 3), "mode": "trilinear"}, ((2, 1, 3), (0.5, 2.0, 2 / 3), "linear", False)),
]
for _old, _given, (_new, _steps, _mode, _aligned) in SIZES:
    _params: dict[str, Any] = {"steps": _steps, "mode": _mode, "align_corners": _aligned}
    sample(
        "upsample",
        lambda x, given=_given: mg.upsample(x, **given),
        anywhere(1, 2, *_old),
        reference=lambda x, params=_params | {"size": _new}: resampled(x, **params),
    )
    sample(
        "upsample_input_grad",
        lambda y_bar, params=_params | {"size": _old}: PRIMITIVES["upsample_input_grad"](y_bar, **params),
        anywhere(1, 2, *_new),
        reference=lambda y_bar, params=_params | {"size": _old}: resampled(y_bar, **params, transposed=True),
    )


def shuffled(x: Any, r: int) -> Any:
    n, channels, h, w = x.shape
    y = np.zeros((n, channels // r**2, h * r, w * r), x.dtype)
    for c, i, j in np.ndindex(y.shape[1:]):
        y[:, c, i, j] = x[:, c * r**2 + i % r * r + j % r, i // r, j // r]
    return y


for _shape, _r in [((1, 4, 2, 1), 2), ((2, 2, 1, 3), 1), ((1, 8, 1, 2), 2)]:
    sample(
        "pixel_shuffle",
        partial(mg.pixel_shuffle, upscale_factor=_r),
        anywhere(*_shape),
        reference=lambda x, r=_r: shuffled(x, r),
    )
