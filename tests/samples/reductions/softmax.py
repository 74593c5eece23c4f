"""Samples of softmax, its logarithm, and logsumexp."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, reduction, sample

reduction("logsumexp", lambda x, axis, keepdims: np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims)))

for _shape, _axis in [((3,), -1), ((2, 3), -1), ((2, 3), 0), ((2, 2, 2), 1), ((2, 3), None), ((2, 2, 2), (0, -1))]:
    sample(
        "softmax",
        lambda x, axis=_axis: mg.softmax(x, axis=axis),
        anywhere(*_shape),
        reference=lambda x, axis=_axis: np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True),
    )
    sample(
        "log_softmax",
        lambda x, axis=_axis: mg.log_softmax(x, axis=axis),
        anywhere(*_shape),
        reference=lambda x, axis=_axis: x - np.log(np.exp(x).sum(axis=axis, keepdims=True)),
    )
sample("softmax", mg.softmax, anywhere(3), reference=lambda x: np.exp(x) / np.exp(x).sum())
sample("log_softmax", mg.log_softmax, anywhere(3), reference=lambda x: x - np.log(np.exp(x).sum()))
