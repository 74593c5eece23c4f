"""Samples of max-pooling."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.helpers.spatial import naive
from tests.samples.registry import (
    PRIMITIVES,
    anywhere,
    beside,
    sample,
)

#: (images, window): alone, overlapping, apart, padded on one side and on both, dilated; along one axis, two, three.
WINDOWS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((2, 2, 5), {"kernel": (2,), "stride": (1,), "padding": ((1, 0),), "dilation": (1,)}),
    ((1, 1, 6), {"kernel": (2,), "stride": (2,), "padding": ((0, 0),), "dilation": (3,)}),
    ((1, 1, 4, 4), {"kernel": (2, 2), "stride": (2, 2), "padding": ((0, 0), (0, 0)), "dilation": (1, 1)}),
    ((2, 2, 3, 3), {"kernel": (2, 2), "stride": (1, 1), "padding": ((0, 0), (0, 0)), "dilation": (1, 1)}),
    ((1, 2, 5, 4), {"kernel": (3, 2), "stride": (2, 1), "padding": ((1, 1), (1, 0)), "dilation": (1, 2)}),
    ((1, 1, 5, 5), {"kernel": (2, 2), "stride": (3, 3), "padding": ((0, 1), (0, 0)), "dilation": (1, 1)}),
    (
        (1, 1, 2, 3, 4),
        {"kernel": (2, 2, 2), "stride": (1, 1, 2), "padding": ((0, 0), (0, 0), (1, 1)), "dilation": (1,) * 3},
    ),
]


def pooled(x: Any, how: dict[str, Any]) -> Any:
    return getattr(mg, f"max_pool{x.ndim - 2}d")(x, how["kernel"], how["stride"], how["padding"], how["dilation"])


for _x, _how in WINDOWS:
    _axes, _pixels = len(_x) - 2, anywhere(*_x)
    _, _switches = naive.max_pool(_pixels, **_how)
    sample(
        f"max_pool{_axes}d",
        lambda x, how=_how: pooled(x, how),
        _pixels,
        reference=lambda x, how=_how: naive.max_pool(x, **how)[0],
    )
    sample(
        f"unpool{_axes}d",
        lambda y_bar, how=_how | {"size": _x[2:]}, switches=_switches, unpool=PRIMITIVES[f"unpool{_axes}d"]: unpool(
            y_bar, switches=beside(switches, y_bar), **how
        ),
        anywhere(*_switches.shape),
        reference=lambda y_bar, how=_how | {"switches": _switches, "size": _x[2:]}: naive.unpool(y_bar, **how),
    )
    sample(
        f"pick{_axes}d",
        lambda x, how=_how, switches=_switches, pick=PRIMITIVES[f"pick{_axes}d"]: pick(
            x, switches=beside(switches, x), **how
        ),
        anywhere(*_x),
        reference=lambda x, how=_how | {"switches": _switches}: naive.pick(x, **how),
    )
for _shape in [(2, 3, 4), (1, 2, 2, 3), (1, 1, 2, 2, 2)]:
    sample(
        "global_max_pool",
        mg.global_max_pool,
        anywhere(*_shape),
        reference=partial(np.max, axis=tuple(range(2, len(_shape)))),
    )
