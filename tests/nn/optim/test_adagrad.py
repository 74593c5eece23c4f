"""Adagrad."""

from __future__ import annotations

import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import minimize


def test_adagrad_follows_the_paper():
    w = mg.Tensor(1.0, requires_grad=True)
    optimizer = nn.optim.Adagrad([w], 0.1, lr_decay=0.5, weight_decay=0.2, initial_accumulator_value=0.3, eps=1e-3)
    theta, s = 1.0, 0.3
    for t in range(1, 4):
        minimize(optimizer, lambda: w**3)
        g = 3 * theta**2 + 0.2 * theta
        s += g * g
        theta -= 0.1 / (1 + (t - 1) * 0.5) * g / (s**0.5 + 1e-3)
        assert float(w.data) == pytest.approx(theta, rel=1e-12)
