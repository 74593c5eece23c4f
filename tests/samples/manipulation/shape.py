"""Samples of changing the shape."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _shape, _to in [((6,), (2, 3)), ((2, 3), (3, -1)), ((2, 3), -1), ((), (1, 1)), ((1,), ()), ((2, 3), (2, 3))]:
    sample("reshape", lambda x, to=_to: x.reshape(to), anywhere(*_shape))
sample("reshape", lambda x: mg.reshape(x, (3, 2), copy=True), anywhere(2, 3), reference=lambda x: x.reshape(3, 2))
sample("reshape", lambda x: mg.reshape(x, 0, 2), anywhere(2, 0), reference=lambda x: x.reshape(0, 2))
for _shape, _to in [((2, 3), (3, 2)), ((2, 3), -1), ((2, 1, 3), (3, -1)), ((4,), (2, 2))]:
    sample("reshape", lambda x, to=_to: mg.reshape(x, to, order="F"), anywhere(*_shape),
           reference=lambda x, to=_to: np.reshape(x, to, order="F"))  # fmt: skip
sample("reshape", lambda x: mg.ravel(x, "F"), anywhere(2, 3), reference=lambda x: np.ravel(x, "F"))
for _shape, _to in [((), (2,)), ((3,), (3,)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1, 3, 1), (2, 2, 3, 2)), ((), ())]:
    sample(
        "broadcast_to",
        lambda x, to=_to: mg.broadcast_to(x, to),
        anywhere(*_shape),
        reference=lambda x, to=_to: x + np.zeros(to, x.dtype),
    )
for _shape, _axis in [((), 0), ((3,), -1), ((2, 3), (0, 2)), ((2,), [0, 1])]:
    sample("expand_dims", lambda x, axis=_axis: np.expand_dims(x, axis), anywhere(*_shape))
for _shape, _axis in [
    ((), None),
    ((1, 3, 1), None),
    ((1, 3, 1), -1),
    ((1, 3, 1), (0, 2)),
    ((1, 1), None),
    ((2, 3), ()),
]:
    sample("squeeze", lambda x, axis=_axis: np.squeeze(x, axis), anywhere(*_shape))
for _shape in [(), (3,), (2, 3), (1, 2, 3), (2, 0)]:
    sample("ravel", mg.ravel, anywhere(*_shape), reference=np.ravel)
    for _name in ("atleast_1d", "atleast_2d", "atleast_3d"):
        sample(_name, getattr(mg, _name), anywhere(*_shape), reference=getattr(np, _name))
for _a, _b in [((2, 1), (3,)), ((), (2,)), ((2,), (2,))]:
    sample(
        "broadcast_arrays",
        lambda a, b: mg.broadcast_arrays(a, b)[0] * mg.broadcast_arrays(a, b)[1],
        anywhere(*_a),
        anywhere(*_b),
        reference=lambda a, b: np.multiply(*np.broadcast_arrays(a, b)),
    )
