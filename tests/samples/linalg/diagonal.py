"""Samples of diagonals."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import (
    PRIMITIVES,
    anywhere,
    sample,
)

for _shape, _offset, _axis1, _axis2 in [
    ((3, 3), 0, 0, 1),
    ((2, 3), 1, 0, 1),
    ((2, 3), -1, 0, 1),
    ((2, 3), 2, 1, 0),
    ((3, 2), -2, 0, 1),
    ((4, 2), -1, 0, 1),
    ((2, 3), 5, 0, 1),
    ((2, 3, 2), 0, -2, -1),
    ((2, 3, 2), 1, 2, 0),
]:
    _params = {"offset": _offset, "axis1": _axis1, "axis2": _axis2}
    for _name, _f, _reference in [("diagonal", mg.diagonal, np.diagonal), ("trace", mg.trace, np.trace)]:
        sample(
            _name,
            lambda x, f=_f, params=_params: f(x, **params),
            anywhere(*_shape),
            reference=lambda x, f=_reference, params=_params: f(x, **params),
        )

    def _written(values, params=_params, shape=_shape):  # type: ignore[no-untyped-def]
        """Number the elements of an array; those whose numbers are on its diagonal get the values."""
        numbers = np.arange(np.prod(shape)).reshape(shape)
        out = np.zeros(shape, values.dtype)
        for number, value in zip(np.diagonal(numbers, **params).ravel(), values.ravel(), strict=True):
            out.flat[number] = value
        return out

    sample(
        "on_diagonal",
        lambda v, params=_params | {"shape": _shape}: PRIMITIVES["on_diagonal"](v, **params),
        anywhere(*np.diagonal(np.zeros(_shape), **_params).shape),
        reference=_written,
    )
for _shape, _k in [((3,), 0), ((2,), 1), ((2,), -2), ((0,), 1), ((2, 3), 0), ((2, 3), 1), ((3, 2), -1)]:
    sample(
        "diagflat", lambda v, k=_k: mg.diagflat(v, k), anywhere(*_shape), reference=lambda v, k=_k: np.diagflat(v, k)
    )
    sample("diag", lambda v, k=_k: mg.diag(v, k), anywhere(*_shape), reference=lambda v, k=_k: np.diag(v, k))
