"""Samples of max-unpooling."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, on_device_of, sample


def scattered(x: Any, indices: Any, size: tuple[int, ...]) -> Any:
    """One element after the other, so that the last one with an index wins."""
    y = np.zeros((*x.shape[:2], *size), x.dtype)
    for index in np.ndindex(*x.shape):
        y[*index[:2], *np.unravel_index(indices[index], size)] = x[index]
    return y


for _x, _size, _params in [
    ((2, 2, 3), (6,), {"kernel_size": 2}),
    ((1, 1, 2, 2), (4, 4), {"kernel_size": 2}),
    ((1, 2, 2, 3), (3, 4), {"kernel_size": 2, "stride": 1}),
    ((1, 1, 2, 2), (5, 4), {"kernel_size": 3, "stride": 2, "padding": 1, "output_size": (4, 4)}),
    ((1, 1, 1, 2, 2), (2, 4, 4), {"kernel_size": 2, "output_size": (1, 1, 2, 4, 4)}),
]:
    _size = _params.get("output_size", _size)[-len(_size) :]
    _indices = np.random.default_rng(0).integers(0, np.prod(_size), _x)  # several name one pixel
    _unpool = getattr(mg, f"max_unpool{len(_size)}d")
    sample(
        _unpool.__name__,
        lambda x, params=_params, indices=_indices, unpool=_unpool: unpool(x, on_device_of(x, indices), **params),
        anywhere(*_x),
        reference=lambda x, indices=_indices, size=_size: scattered(x, indices, size),
    )
