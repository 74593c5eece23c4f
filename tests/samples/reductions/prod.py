"""Samples of products without zeros among the factors, with one, and with several."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, on_device_of, sample, with_zeros

for _x, _axis, _keep in [
    (anywhere(), None, False),
    (anywhere(3), 0, True),
    (anywhere(2, 3), None, False),
    (anywhere(2, 1, 2), (0, -1), False),
    (0.0, None, True),
    ([0.0, 1.5, -0.7], None, False),
    ([0.0, 1.5, 0.0], -1, False),
    ([0.0, 0.0, 0.0, 2.0], 0, False),
    (with_zeros(2, 3), 0, False),
    (with_zeros(2, 2), None, True),
    (with_zeros(2, 2, 2), (2, 0), False),
]:
    sample("prod", lambda x, axis=_axis, keep=_keep: mg.prod(x, axis=axis, keepdims=keep), _x,
           reference=lambda x, axis=_axis, keep=_keep: np.prod(x, axis=axis, keepdims=keep))  # fmt: skip


def _products_of_others(x: Any) -> Any:
    indices = range(x.shape[-1])
    return np.stack([np.prod(x[..., [j for j in indices if j != i]], axis=-1) for i in indices], axis=-1)


for _x in (anywhere(1), anywhere(2, 3), with_zeros(4)):
    sample("products_of_others", PRIMITIVES["products_of_others"], _x, reference=_products_of_others)

_mask = np.array([[True, False, True], [False, True, True]])
sample(
    "prod",
    lambda x: mg.prod(x, 1, where=on_device_of(x, _mask), initial=0.5),
    anywhere(2, 3),
    reference=lambda x: np.prod(x, 1, where=_mask, initial=0.5),
)
