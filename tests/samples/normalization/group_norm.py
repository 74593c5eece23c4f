"""Samples of group and instance normalization."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from tests.helpers.networks.standardized import standardized
from tests.samples.registry import anywhere, on_device_of, positive, sample


def _of_groups(x: Any, weight: Any = 1.0, bias: Any = 0.0, *, num_groups: int, eps: float) -> Any:
    groups = x.reshape(x.shape[0], num_groups, -1)
    x_hat = standardized(groups, axis=(2,), eps=eps).reshape(x.shape)
    weight, bias = (np.reshape(a, (-1, *(1,) * (x.ndim - 2))) for a in (weight, bias))
    return weight * x_hat + bias


for _x, _groups in [((2, 4), 2), ((1, 4, 3), 2), ((2, 2, 1, 2), 1), ((2, 2, 3), 2)]:
    _channels = _x[1]
    sample(
        "group_norm",
        partial(mg.group_norm, num_groups=_groups, eps=0.1),
        anywhere(*_x),
        reference=partial(_of_groups, num_groups=_groups, eps=0.1),
    )
    sample(
        "group_norm",
        lambda x, weight, bias, num_groups=_groups: mg.group_norm(x, num_groups, weight, bias, eps=0.1),
        *(anywhere(*_x), anywhere(_channels), anywhere(_channels)),
        reference=partial(_of_groups, num_groups=_groups, eps=0.1),
    )

for _x in [(2, 2, 3), (1, 2, 2, 2), (2, 1, 1, 2, 2)]:
    _channels = _x[1]
    sample(
        "instance_norm",
        partial(mg.instance_norm, eps=0.1),
        anywhere(*_x),
        reference=partial(_of_groups, num_groups=_channels, eps=0.1),
    )
    sample(
        "instance_norm",
        lambda x, weight, bias: mg.instance_norm(x, None, None, weight, bias, eps=0.1),
        *(anywhere(*_x), anywhere(_channels), anywhere(_channels)),
        reference=partial(_of_groups, num_groups=_channels, eps=0.1),
    )
_mean, _var = anywhere(2), positive(2)
sample(
    "instance_norm",
    lambda x: mg.instance_norm(x, on_device_of(x, _mean), on_device_of(x, _var), use_input_stats=False),
    anywhere(2, 2, 3),
    reference=lambda x: (x - _mean[:, None]) / np.sqrt(_var[:, None] + 1e-5),
)
