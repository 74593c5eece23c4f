"""Constants, and layers that return their input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


def test_constants_fill_the_parameter() -> None:
    for name, args, value in (("zeros_", (), 0.0), ("ones_", (), 1.0), ("constant_", (-2.5,), -2.5)):
        for shape in ((), (3,), (2, 2)):
            w = getattr(nn.init, name)(nn.Parameter(np.full(shape, 7.0)), *args)
            assert w.data.tolist() == np.full(shape, value).tolist()


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2)])
def test_eye_returns_the_input_as_far_as_there_is_room(shape: Any) -> None:
    layer = nn.Linear(*shape[::-1], init=nn.init.eye_, dtype=float)
    x = np.random.default_rng(0).normal(size=(5, shape[1]))
    n = min(shape)
    y = layer(x).data
    assert y[:, :n].tolist() == x[:, :n].tolist()
    assert not y[:, n:].any()


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(("channels", "filters", "groups"), [(3, 3, 1), (2, 4, 1), (4, 2, 1), (4, 4, 2), (2, 6, 2)])
def test_dirac_returns_each_channel_of_each_group(axes: int, channels: int, filters: int, groups: int) -> None:
    layer = getattr(nn, f"Conv{axes}d")(channels, filters, 3, padding=1, groups=groups, bias=False, dtype=float)
    nn.init.dirac_(layer.weight, groups)
    x = np.random.default_rng(0).normal(size=(2, channels, *(4,) * axes))
    y = layer(x).data
    per_group, filters_per_group = channels // groups, filters // groups
    for i in range(filters):
        group, j = divmod(i, filters_per_group)
        assert y[:, i].tolist() == (x[:, group * per_group + j] if j < per_group else 0 * x[:, 0]).tolist()
