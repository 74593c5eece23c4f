"""Samples of losses of distributions."""

from __future__ import annotations

from functools import partial

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, positive, sample

COUNTS = [0.0, 1.0, 2.0]

for _shape in [(), (3,), (2, 3)]:
    for _reduction, _reduced in [("sum", np.sum), ("none", np.asarray)]:
        sample(
            "kl_div",
            partial(mg.kl_div, reduction=_reduction),
            anywhere(*_shape),
            positive(*_shape),
            reference=lambda y, t, reduced=_reduced: reduced(t * (np.log(t) - y))[()],  # type: ignore[misc]
        )
sample(
    "poisson_nll_loss",
    mg.poisson_nll_loss,
    anywhere(2, 3),
    positive(2, 3),
    reference=lambda y, t: np.mean(np.exp(y) - t * y),
)
sample(
    "poisson_nll_loss",
    lambda y: mg.poisson_nll_loss(y, COUNTS, "none", log_input=False, full=True),
    positive(3),
    reference=lambda y: y - COUNTS * np.log(y + 1e-8) + np.array([0, 0, 2 * np.log(2) - 2 + np.log(4 * np.pi) / 2]),
)
for _variances in [(2, 3), (2, 1), (2,)]:
    sample(
        "gaussian_nll_loss",
        partial(mg.gaussian_nll_loss, full=True),
        anywhere(2, 3),
        anywhere(2, 3),
        positive(*_variances),
        reference=lambda y, t, v: np.mean(
            np.log(2 * np.pi * v).mean() / 2 + (y - t) ** 2 / (v if v.shape != (2,) else v[:, None]) / 2
        ),
    )
