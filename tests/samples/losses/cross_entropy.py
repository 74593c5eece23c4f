"""Samples of losses."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, positive, sample


def _cross_entropies(z: Any, t: Any) -> Any:
    return -np.sum(t * np.log(np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)), axis=-1)


for _shape in [(3,), (2, 3), (2, 1, 3)]:
    sample(
        "softmax_cross_entropy",
        PRIMITIVES["softmax_cross_entropy"],
        anywhere(*_shape),
        positive(*_shape),
        reference=_cross_entropies,
    )
sample(
    "cross_entropy",
    lambda z: mg.cross_entropy(z, [2, 0]),
    anywhere(2, 3),
    reference=lambda z: _cross_entropies(z, np.eye(3)[[2, 0]]).mean(),
)
sample(
    "cross_entropy",
    mg.cross_entropy,
    anywhere(2, 3),
    positive(2, 3),
    reference=lambda z, t: _cross_entropies(z, t).mean(),
)
for _shape in [(), (3,), (2, 3)]:
    sample(
        "mse_loss",
        mg.mse_loss,
        anywhere(*_shape),
        positive(*_shape),
        reference=lambda y, t: np.sum((y - t) ** 2) / max(1, np.size(y)),
    )
