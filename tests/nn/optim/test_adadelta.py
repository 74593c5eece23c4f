"""Adadelta."""

from __future__ import annotations

import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import minimize


def test_adadelta_follows_the_paper():
    w = mg.Tensor(1.0, requires_grad=True)
    optimizer = nn.optim.Adadelta([w], lr=0.7, rho=0.8, eps=1e-2, weight_decay=0.2)
    theta, s, d = 1.0, 0.0, 0.0
    for _ in range(3):
        minimize(optimizer, lambda: w**3)
        g = 3 * theta**2 + 0.2 * theta
        s = 0.8 * s + 0.2 * g * g
        delta = (d + 1e-2) ** 0.5 / (s + 1e-2) ** 0.5 * g
        d = 0.8 * d + 0.2 * delta * delta
        theta -= 0.7 * delta
        assert float(w.data) == pytest.approx(theta, rel=1e-12)
