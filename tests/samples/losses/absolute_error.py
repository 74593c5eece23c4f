"""Samples of absolute errors, and of those that are squared near 0."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import PRIMITIVES, sample

X = np.array([[0.3, -0.4, 1.7], [-2.2, 0.7, -0.1]])  # none near the kinks, which are 0, 0.5 and −0.5
Y, T = X + 1, np.ones_like(X)


def _huber(x: Any, delta: float) -> Any:
    return np.where(abs(x) <= delta, x**2 / 2, delta * (abs(x) - delta / 2))


for _x in (X[0, 0], X[1], X):
    sample("huber", partial(PRIMITIVES["huber"], delta=0.5), _x, reference=partial(_huber, delta=0.5))
sample("l1_loss", mg.l1_loss, Y, T, reference=lambda y, t: abs(y - t).mean())
sample("l1_loss", partial(mg.l1_loss, reduction="none"), Y, T, reference=lambda y, t: abs(y - t))
sample("huber_loss", partial(mg.huber_loss, delta=0.5), Y, T, reference=lambda y, t: _huber(y - t, 0.5).mean())
sample(
    "huber_loss",
    partial(mg.huber_loss, reduction="none", delta=0.5),
    Y,
    T,
    reference=lambda y, t: _huber(y - t, 0.5),
)
sample(
    "smooth_l1_loss", partial(mg.smooth_l1_loss, beta=0.5), Y, T, reference=lambda y, t: 2 * _huber(y - t, 0.5).mean()
)
sample(
    "smooth_l1_loss",
    partial(mg.smooth_l1_loss, reduction="sum", beta=0.0),
    Y,
    T,
    reference=lambda y, t: abs(y - t).sum(),
)
