"""Samples of losses of binary decisions."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, between, on_device_of, sample

probability = between(0.1, 0.9)
WEIGHTS = np.array([0.5, 2.0, 1.0])


def _binary(y: Any, t: Any) -> Any:
    return -(t * np.log(y) + (1 - t) * np.log(1 - y))


def _logistic(z: Any, t: Any) -> Any:
    return t * np.log1p(np.exp(-z)) + (1 - t) * np.log1p(np.exp(z))


for _shape in [(), (3,), (2, 3)]:
    for _reduction, _reduced in [("mean", np.mean), ("sum", np.sum), ("none", np.asarray)]:
        for _name, _domain, _formula in [
            ("binary_cross_entropy", probability, _binary),
            ("binary_cross_entropy_with_logits", anywhere, _logistic),
        ]:
            sample(
                _name,
                partial(getattr(mg, _name), reduction=_reduction),
                _domain(*_shape),
                probability(*_shape),
                reference=lambda y, t, f=_formula, reduced=_reduced: reduced(f(y, t))[()],  # type: ignore[misc]
            )
sample(
    "binary_cross_entropy",
    lambda y, t: mg.binary_cross_entropy(y, t, weight=on_device_of(y, WEIGHTS)),
    probability(2, 3),
    probability(2, 3),
    reference=lambda y, t: (WEIGHTS * _binary(y, t)).mean(),
)
