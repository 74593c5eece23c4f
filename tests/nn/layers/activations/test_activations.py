"""Activation layers: their arguments, and what they refuse."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn


def test_activations() -> None:
    x = np.array([-2.0, 0.0, 3.0])
    assert np.array_equal(nn.ReLU()(x), [0, 0, 3])
    assert np.allclose(nn.Sigmoid()(x), 1 / (1 + np.exp(-x)))
    assert np.array_equal(nn.Tanh()(x), np.tanh(x))
    assert np.array_equal(nn.Tanhshrink()(x), x - np.tanh(x))
    assert np.allclose(nn.Softsign()(x.tolist()), [-2 / 3, 0, 3 / 4])
    assert np.allclose(nn.Softplus(2, math.inf)(x), np.log(1 + np.exp(2 * x)) / 2)


def test_reprs_are_those_of_pytorch() -> None:
    for layer, shown in (
        (nn.LeakyReLU(), "LeakyReLU(negative_slope=0.01)"),
        (nn.PReLU(), "PReLU(num_parameters=1)"),
        (nn.PReLU(3), "PReLU(num_parameters=3)"),
        (nn.ELU(0.5), "ELU(alpha=0.5)"),
        (nn.GELU(), "GELU(approximate='none')"),
        (nn.Softplus(), "Softplus(beta=1.0, threshold=20.0)"),
        (nn.Hardtanh(), "Hardtanh(min_val=-1.0, max_val=1.0)"),
        (nn.Softmax(dim=1), "Softmax(dim=1)"),
        (nn.Mish(), "Mish()"),
    ):
        assert repr(layer) == shown


def test_each_channel_of_prelu_learns_its_slope() -> None:
    layer = nn.PReLU(2, 0.5, dtype=np.float64)
    assert layer.state_dict()["weight"].tolist() == [0.5, 0.5]
    layer(np.array([[[-1.0, 2.0], [-3.0, -4.0]]])).sum().backward()
    assert layer.weight.grad.tolist() == [-1, -7]
    with pytest.raises(ValueError, match=r"prelu: weight has shape \(2,\) and x .* has 3 channels on axis 1"):
        layer(np.ones((1, 3, 4)))


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: nn.LeakyReLU("0.1"), TypeError, "LeakyReLU: negative_slope is '0.1', expected a number"),
        (lambda: nn.ELU(math.nan), ValueError, "ELU: alpha is nan, expected a finite number"),
        (lambda: nn.CELU(0), ValueError, "CELU: alpha is 0.*, expected a number greater than 0"),
        (lambda: nn.PReLU(0), ValueError, "PReLU: num_parameters is 0, expected at least 1"),
        (lambda: nn.Softplus(0), ValueError, "Softplus: beta is 0, expected another number"),
        (lambda: nn.Hardtanh(1, -1), ValueError, "min_val is 1 and max_val -1; min_val must be the smaller"),
        (lambda: nn.GELU("sigmoid"), ValueError, 'GELU: approximate is "none" or "tanh", got \'sigmoid\''),
        (lambda: nn.Softmax(dim=1.0), TypeError, "Softmax: dim is 1.0, expected a whole number"),
        (lambda: nn.Maxout(3, 2, 0), ValueError, "Maxout: pieces is 0, expected at least 1"),
        (lambda: nn.Maxout(3, 2)(np.ones((1, 4))), ValueError, r"input has shape \(1, 4\)"),
    ],
)
def test_what_is_refused(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make()
