"""Samples of standardization, γ (x − μ)/σ + β, and of σ."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tests.helpers.networks.standardized import standardized
from tests.samples.registry import PRIMITIVES, anywhere, sample

#: (x, axes of the mean, γ and β): channels of vectors and images, rows, groups, with one weight for each or for all.
for _x, _axis, _weight in [
    ((4, 2), (0,), (2,)),
    ((2, 2, 2, 3), (0, 2, 3), (2, 1, 1)),
    ((3, 2, 2), (0, 2), (2, 1)),
    ((2, 4), (1,), (4,)),
    ((2, 3, 2), (1, 2), (3, 2)),
    ((2, 2, 3), (2,), (2, 1)),
    ((2, 2, 2, 3), (2, 3), (2, 2, 1)),
    ((5,), (0,), (1,)),
]:
    _params: dict[str, Any] = {"axis": _axis, "eps": 0.1, "centered": True}
    for _arrays in ((_x,), (_x, _weight), (_x, _weight, _weight)):
        sample(
            "standardize",
            partial(PRIMITIVES["standardize"], **_params),
            *(anywhere(*shape) for shape in _arrays),
            reference=partial(standardized, axis=_axis, eps=0.1),
        )
    sample(
        "spread",
        partial(PRIMITIVES["spread"], **_params),
        anywhere(*_x),
        reference=lambda x, axis=_axis: np.sqrt(np.var(x, axis=axis, keepdims=True) + 0.1),
    )
sample(
    "spread",
    partial(PRIMITIVES["spread"], axis=(1,), eps=0.1, centered=False),
    anywhere(2, 3),
    reference=lambda x: np.sqrt(np.mean(x**2, axis=1, keepdims=True) + 0.1),
)
