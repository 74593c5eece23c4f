"""Samples of local response normalization, and of sums over windows of channels."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, sample


def _channel_sums(x: Any, before: int, after: int) -> Any:
    """Channel by channel."""
    c = x.shape[1]
    return np.stack([x[:, max(0, i - before) : i + after + 1].sum(axis=1) for i in range(c)], axis=1)


def _local_response_norm(x: Any, size: int, alpha: float, beta: float, k: float) -> Any:
    return x / (k + alpha / size * _channel_sums(x**2, size // 2, (size - 1) // 2)) ** beta


for _x, _size in [((2, 4, 2), 3), ((1, 3, 1, 2), 2), ((2, 2, 2), 5), ((1, 4, 1), 1)]:
    for _alpha, _beta, _k in [(0.5, 0.75, 1.0), (2.0, 0.5, 2.0)]:
        _params = {"size": _size, "alpha": _alpha, "beta": _beta, "k": _k}
        sample(
            "local_response_norm",
            partial(mg.local_response_norm, **_params),
            anywhere(*_x),
            reference=partial(_local_response_norm, **_params),
        )
sample(
    "damping",
    partial(PRIMITIVES["damping"], alpha=0.5, k=2.0, before=1, after=0),
    anywhere(2, 3, 2),
    reference=lambda x: 2 + 0.5 * _channel_sums(x**2, 1, 0),
)
for _before, _after in [(1, 1), (2, 0), (0, 1), (5, 7), (0, 0)]:
    sample(
        "channel_sums",
        partial(PRIMITIVES["channel_sums"], before=_before, after=_after),
        anywhere(2, 4, 2),
        reference=partial(_channel_sums, before=_before, after=_after),
    )
