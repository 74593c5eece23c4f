"""Samples of losses with a margin."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

SIGNS = [1, -1, -1, 1]
Y = np.array([0.3, 0.6, 1.4, -0.2])  # none near the margins 0 and 1
SCORES = np.array([[0.3, 1.9, -0.4], [1.2, 0.8, 1.6]])
WEIGHTS = [0.5, 2.0, 1.0]


def _right(x: Any) -> Any:
    return np.maximum(x, 0)


def _excess(y: Any, p: int) -> Any:
    terms = [_right(1 - y[n, t] + np.delete(y[n], t)) ** p for n, t in enumerate([1, 0])]
    return np.sum(terms, axis=1) / 3


def _cosine(a: Any, b: Any) -> Any:
    return np.sum(a * b, -1) / np.sqrt(np.sum(a * a, -1) * np.sum(b * b, -1))


sample(
    "hinge_embedding_loss",
    partial(mg.hinge_embedding_loss, target=SIGNS),
    Y,
    reference=lambda y: np.where(np.array(SIGNS) > 0, y, _right(1 - y)).mean(),
)
sample(
    "soft_margin_loss",
    partial(mg.soft_margin_loss, target=SIGNS),
    Y,
    reference=lambda y: np.log1p(np.exp(-(SIGNS * y))).mean(),
)
sample(
    "margin_ranking_loss",
    partial(mg.margin_ranking_loss, target=SIGNS, margin=0.5),
    Y,
    Y[::-1] + 0.7,
    reference=lambda a, b: _right(0.5 - SIGNS * (a - b)).mean(),
)
for _p in (1, 2):
    sample(
        "multi_margin_loss",
        partial(mg.multi_margin_loss, target=[1, 0], p=_p),
        SCORES,
        reference=lambda y, p=_p: _excess(y, p).mean(),  # type: ignore[misc]
    )
sample(
    "multi_margin_loss",
    partial(mg.multi_margin_loss, target=[1, 0], reduction="none", weight=WEIGHTS),
    SCORES,
    reference=lambda y: _excess(y, 1) * [2.0, 0.5],
)
sample(
    "cosine_embedding_loss",
    partial(mg.cosine_embedding_loss, target=SIGNS[:2], reduction="none", margin=-0.95),
    anywhere(2, 3),
    anywhere(2, 3),
    reference=lambda a, b: np.where(np.array(SIGNS[:2]) > 0, 1 - _cosine(a, b), _right(_cosine(a, b) + 0.95)),
)
for _swap in (False, True):
    sample(
        "triplet_margin_loss",
        partial(mg.triplet_margin_loss, margin=5.0, swap=_swap, eps=0.0),
        anywhere(2, 3),
        anywhere(2, 3),
        anywhere(2, 3),
        reference=lambda a, p, n, swap=_swap: (  # type: ignore[misc]
            5
            + np.linalg.norm(a - p, axis=-1)
            - np.minimum(np.linalg.norm(a - n, axis=-1), np.linalg.norm(p - n, axis=-1) if swap else np.inf)
        ).mean(),
    )
