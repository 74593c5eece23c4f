"""Samples of the gaps between eigenvalues."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import PRIMITIVES, on_device_of, positive, sample

for _shape in [(1,), (3,), (2, 3)]:
    sample(
        "reciprocal_gaps",
        lambda x: PRIMITIVES["reciprocal_gaps"](x, used=on_device_of(x, np.ones(x.shape, bool))),
        positive(*_shape),
        reference=lambda x: np.where(
            np.eye(x.shape[-1]) == 1, 0, 1 / (x[..., None, :] - x[..., None] + np.eye(x.shape[-1]))
        ),
    )
