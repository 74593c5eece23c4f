"""Samples of losses of classes."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, on_device_of, positive, sample


def _cross_entropies(z: Any, t: Any) -> Any:
    return -np.sum(t * np.log(np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)), axis=-1)


for _shape in [(3,), (2, 3), (2, 1, 3)]:
    sample(
        "softmax_cross_entropy",
        partial(PRIMITIVES["softmax_cross_entropy"], axis=-1, normalized=False),
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
WEIGHTS = np.array([0.5, 2.0, 1.0])
sample(
    "cross_entropy",
    lambda z: mg.cross_entropy(z, [2, 0], weight=on_device_of(z, WEIGHTS), label_smoothing=0.3),
    anywhere(2, 3),
    reference=lambda z: _cross_entropies(z, WEIGHTS * (0.7 * np.eye(3)[[2, 0]] + 0.1)).sum() / 1.5,
)
sample(
    "cross_entropy",
    lambda z: mg.cross_entropy(z, [[2, -100], [0, 1]]),
    anywhere(2, 3, 2),
    reference=lambda z: _cross_entropies(np.moveaxis(z, 1, -1), np.eye(4)[[[2, 3], [0, 1]]][..., :3]).sum() / 3,
)
sample(
    "nll_loss",
    lambda y: mg.nll_loss(y, [2, 0], weight=on_device_of(y, WEIGHTS)),
    anywhere(2, 3),
    reference=lambda y: -(y[0, 2] + 0.5 * y[1, 0]) / 1.5,
)
sample(
    "nll_loss",
    lambda y, t: PRIMITIVES["nll_loss"](y, t, axis=-1),
    anywhere(2, 3),
    positive(2, 3),
    reference=lambda y, t: -np.sum(t * y, axis=-1),
)
