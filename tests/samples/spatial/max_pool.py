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
    on_device_of,
    sample,
)

#: (images, window): single, overlapping, apart, padded on one side and on both, dilated; along one axis, two, three.
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


def pooled(x: Any, params: dict[str, Any]) -> Any:
    return getattr(mg, f"max_pool{x.ndim - 2}d")(
        x, params["kernel"], params["stride"], params["padding"], params["dilation"]
    )


for _x, _params in WINDOWS:
    _axes, _pixels = len(_x) - 2, anywhere(*_x)
    _, _switches = naive.max_pool(_pixels, **_params)
    sample(
        f"max_pool{_axes}d",
        lambda x, params=_params: pooled(x, params),
        _pixels,
        reference=lambda x, params=_params: naive.max_pool(x, **params)[0],
    )
    sample(
        f"unpool{_axes}d",
        lambda y_bar, params=_params | {"size": _x[2:]}, switches=_switches, unpool=PRIMITIVES[f"unpool{_axes}d"]: (
            unpool(y_bar, switches=on_device_of(y_bar, switches), **params)
        ),
        anywhere(*_switches.shape),
        reference=lambda y_bar, params=_params | {"switches": _switches, "size": _x[2:]}: naive.unpool(y_bar, **params),
    )
    sample(
        f"pick{_axes}d",
        lambda x, params=_params, switches=_switches, pick=PRIMITIVES[f"pick{_axes}d"]: pick(
            x, switches=on_device_of(x, switches), **params
        ),
        anywhere(*_x),
        reference=lambda x, params=_params | {"switches": _switches}: naive.pick(x, **params),
    )
for _shape in [(2, 3, 4), (1, 2, 2, 3), (1, 1, 2, 2, 2)]:
    sample(
        "global_max_pool",
        mg.global_max_pool,
        anywhere(*_shape),
        reference=partial(np.max, axis=tuple(range(2, len(_shape)))),
    )
