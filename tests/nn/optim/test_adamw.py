"""AdamW."""

from __future__ import annotations

import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import minimize


def test_adamw_follows_the_paper():
    w = mg.Tensor(1.0, requires_grad=True)
    optimizer = nn.optim.AdamW([w], lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.5)
    theta, m, v = 1.0, 0.0, 0.0
    for t in range(1, 4):
        minimize(optimizer, lambda: w**3)
        g = 3 * theta**2
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g * g
        theta -= 0.1 * ((m / (1 - 0.8**t)) / ((v / (1 - 0.95**t)) ** 0.5 + 1e-3) + 0.5 * theta)
        assert float(w.data) == pytest.approx(theta, rel=1e-12)


def test_a_parameter_decays_as_fast_with_a_large_gradient_as_with_a_small_one():
    """Adam's steps are ±lr here, whatever the size of the gradient, to which it adds that of the decay."""
    for optimizer, expected in ((nn.optim.AdamW, 1 - 0.01 - 0.01 * 0.5), (nn.optim.Adam, 1 - 0.01)):
        small, large = (mg.Tensor(1.0, requires_grad=True) for _ in range(2))
        minimize(optimizer([small, large], lr=0.01, weight_decay=0.5), lambda s=small, b=large: 0.1 * s + 100 * b)
        assert small.data == pytest.approx(expected, rel=1e-6)
        assert large.data == pytest.approx(expected, rel=1e-6)
