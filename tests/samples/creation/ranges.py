"""Samples of evenly and geometrically spaced numbers."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, positive, real_view, sample

for _start, _stop, _params in [
    ((), (), {"num": 4}),
    ((2,), (), {"num": 3, "endpoint": False}),
    ((2, 1), (3,), {"num": 2, "axis": -1}),
    ((), (2,), {"num": 1, "axis": 1}),
]:
    for _name, _domain in (("linspace", anywhere), ("logspace", anywhere), ("geomspace", positive)):
        _ours, _numpys = getattr(mg, _name), getattr(np, _name)
        sample(
            _name,
            lambda x, y, f=_ours, params=_params: f(x, y, **params),
            _domain(*_start),
            _domain(*_stop),
            reference=lambda x, y, f=_numpys, params=_params: f(x, y, **params),
        )
for _name in ("linspace", "logspace"):
    _ours, _numpys = getattr(mg, _name), getattr(np, _name)
    sample(_name, lambda x, f=_ours: f(x, 2.0, 3), anywhere(2), reference=lambda x, f=_numpys: f(x, 2.0, 3))
sample(
    "linspace",
    lambda x, y: mg.linspace(x, y, 4, retstep=True)[1],
    anywhere(),
    anywhere(2),
    reference=lambda x, y: np.linspace(x, y, 4, retstep=True)[1],
)
sample(
    "logspace",
    lambda x, y, base: mg.logspace(x, y, 3, base=base),
    anywhere(),
    anywhere(2),
    positive(2, 1),
    reference=lambda x, y, base: np.logspace(x, y, 3, base=base),
)
sample(
    "geomspace",
    lambda x, y: mg.geomspace(-x, -y, 4),
    positive(2),
    positive(),
    reference=lambda x, y: np.geomspace(-x, -y, 4),
)
sample(
    "geomspace",
    lambda x, y: real_view(mg.geomspace(x * (1 + 2j), y * (2 - 1j), 3)),
    positive(),
    positive(2),
    reference=lambda x, y: real_view(np.geomspace(x * (1 + 2j), y * (2 - 1j), 3)),
)
