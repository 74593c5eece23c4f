"""Gains of activations: PyTorch's table."""

from __future__ import annotations

import math

import pytest

import nn


@pytest.mark.parametrize(
    ("nonlinearity", "gain"),
    [
        *((f"{kind}{n}d", 1) for kind in ("conv", "conv_transpose") for n in (1, 2, 3)),
        *(("linear", 1), ("sigmoid", 1), ("tanh", 5 / 3), ("selu", 0.75), ("relu", math.sqrt(2))),
    ],
)
def test_gains(nonlinearity: str, gain: float) -> None:
    assert nn.init.calculate_gain(nonlinearity) == gain


def test_the_gain_of_leaky_relu_depends_on_its_slope() -> None:
    assert [nn.init.calculate_gain("leaky_relu", slope) for slope in (0, 1, 7)] == [math.sqrt(2), 1, 0.2]
    assert nn.init.calculate_gain("leaky_relu") == nn.init.calculate_gain("leaky_relu", 0.01)
