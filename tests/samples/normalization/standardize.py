"""Samples of standardization, γ (x − μ)/σ + β, and of σ."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tests.helpers.networks.standardized import standardized
from tests.samples.registry import PRIMITIVES, anywhere, sample


def _rows(x: Any, groups: int) -> Any:
    """The elements of each group as a row, (N, G, ·)."""
    return x.reshape(len(x), groups, -1)


def _of_elements(numbers: Any, x: Any) -> Any:
    """A number of each group, (N, G, 1), in the place of each element of x."""
    return np.broadcast_to(numbers, _rows(x, numbers.shape[1]).shape).reshape(x.shape)


def _standardized_groups(x: Any, weight: Any = 1.0, bias: Any = 0.0, *, groups: int) -> Any:
    return weight * standardized(_rows(x, groups), axis=(2,), eps=0.1).reshape(x.shape) + bias


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

# ---------------------------------------------------------------- groups of channels
for _x, _groups in [((2, 4), 2), ((2, 6), 3), ((1, 4, 3), 2), ((2, 4, 1, 2), 2)]:
    _axis = tuple(range(1, len(_x)))
    _params = {"axis": _axis, "eps": 0.1, "centered": True, "groups": _groups}
    _weight = (_x[1], *(1,) * (len(_x) - 2))
    for _arrays in ((_x,), (_x, _weight), (_x, _weight, _weight)):
        sample(
            "standardize",
            partial(PRIMITIVES["standardize"], **_params),
            *(anywhere(*shape) for shape in _arrays),
            reference=partial(_standardized_groups, groups=_groups),
        )
    sample(
        "spread",
        partial(PRIMITIVES["spread"], **_params),
        anywhere(*_x),
        reference=lambda x, groups=_groups: np.sqrt(
            _of_elements(np.var(_rows(x, groups), axis=2, keepdims=True), x) + 0.1
        ),
    )
    sample(
        "group_mean",
        partial(PRIMITIVES["group_mean"], groups=_groups),
        anywhere(*_x),
        reference=lambda x, groups=_groups: _of_elements(np.mean(_rows(x, groups), axis=2, keepdims=True), x),
    )
