"""Samples of the linear recurrence."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.samples.registry import PRIMITIVES, anywhere, sample


def _recurrence(a: Any, b: Any) -> Any:
    h = [b[..., 0].astype(np.result_type(a, b))]
    for k in range(1, b.shape[-1]):
        h.append(a[..., k - 1] * h[-1] + b[..., k])
    return np.stack(h, axis=-1)


for _shape in [(1,), (2,), (5,), (2, 3)]:
    _a, _b = anywhere(*_shape[:-1], _shape[-1] - 1), anywhere(*_shape)
    sample("recurrence", PRIMITIVES["recurrence"], _a, _b, reference=_recurrence)
