"""Samples of pooling."""

from __future__ import annotations

import minigrad as mg
from tests import naive
from tests.samples.registry import PRIMITIVES, anywhere, beside, sample

for _x, _how in [
    ((1, 1, 4, 4), {"kernel": (2, 2), "stride": (2, 2), "padding": (0, 0)}),
    ((2, 2, 3, 3), {"kernel": (2, 2), "stride": (1, 1), "padding": (0, 0)}),
    ((1, 2, 5, 4), {"kernel": (3, 2), "stride": (2, 1), "padding": (1, 1)}),
    ((1, 1, 5, 5), {"kernel": (2, 2), "stride": (3, 3), "padding": (0, 0)}),
]:
    _pixels = anywhere(*_x)
    _, _switches = naive.max_pool2d(_pixels, **_how)
    sample(
        "max_pool2d",
        lambda x, how=_how: mg.max_pool2d(x, how["kernel"], how["stride"], how["padding"]),
        _pixels,
        reference=lambda x, how=_how: naive.max_pool2d(x, **how)[0],
    )
    sample(
        "unpool",
        lambda y_bar, how=_how | {"size": _x[2:]}, switches=_switches: PRIMITIVES["unpool"](
            y_bar, switches=beside(switches, y_bar), **how
        ),
        anywhere(*_switches.shape),
        reference=lambda y_bar, how=_how | {"switches": _switches, "size": _x[2:]}: naive.unpool(y_bar, **how),
    )
    sample(
        "pick",
        lambda x, how=_how, switches=_switches: PRIMITIVES["pick"](x, switches=beside(switches, x), **how),
        anywhere(*_x),
        reference=lambda x, how=_how | {"switches": _switches}: naive.pick(x, **how),
    )
