"""Samples of products: of factors that are not 0, and of factors among which one or several are."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, sample


def _with_zeros(*shape: int) -> Any:
    x = anywhere(*shape)
    x.flat[::2] = 0
    return x


for _x, _axis, _keep in [
    (anywhere(), None, False),
    (anywhere(3), 0, True),
    (anywhere(2, 3), None, False),
    (anywhere(2, 1, 2), (0, -1), False),
    (0.0, None, True),
    ([0.0, 1.5, -0.7], None, False),
    ([0.0, 1.5, 0.0], -1, False),
    ([0.0, 0.0, 0.0, 2.0], 0, False),
    (_with_zeros(2, 3), 0, False),
    (_with_zeros(2, 2), None, True),
    (_with_zeros(2, 2, 2), (2, 0), False),
]:
    sample("prod", lambda x, axis=_axis, keep=_keep: mg.prod(x, axis=axis, keepdims=keep), _x,
           reference=lambda x, axis=_axis, keep=_keep: np.prod(x, axis=axis, keepdims=keep))  # fmt: skip
for _x, _axis in [
    (anywhere(), None),
    (anywhere(4), 0),
    (anywhere(2, 2), None),
    (anywhere(2, 3), -1),
    ([0.0, 1.5, -0.7], 0),
    ([1.2, 0.0, 0.7, 0.0], None),
    (_with_zeros(3, 2), 0),
    (_with_zeros(2, 2), None),
]:
    sample("cumprod", lambda x, axis=_axis: mg.cumprod(x, axis=axis), _x,
           reference=lambda x, axis=_axis: np.cumprod(x, axis=axis))  # fmt: skip


def _products_of_others(x: Any) -> Any:
    places = range(x.shape[-1])
    return np.stack([np.prod(x[..., [j for j in places if j != i]], axis=-1) for i in places], axis=-1)


def _recurrence(a: Any, b: Any) -> Any:
    h = [b[..., 0]]
    for k in range(1, b.shape[-1]):
        h.append(a[..., k - 1] * h[-1] + b[..., k])
    return np.stack(h, axis=-1)


for _x in (anywhere(1), anywhere(2, 3), _with_zeros(4)):
    sample("products_of_others", PRIMITIVES["products_of_others"], _x, reference=_products_of_others)
for _shape in [(1,), (2,), (5,), (2, 3)]:
    _a, _b = anywhere(*_shape[:-1], _shape[-1] - 1), anywhere(*_shape)
    sample("recurrence", PRIMITIVES["recurrence"], _a, _b, reference=_recurrence)
