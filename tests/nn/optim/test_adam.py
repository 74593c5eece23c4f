"""Adam."""

from __future__ import annotations

import pytest

import minigrad as mg
import nn


def test_adam_follows_the_paper():
    w = mg.Tensor(1.0, requires_grad=True)
    optimizer = nn.optim.Adam([w], lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.5)
    theta, m, v = 1.0, 0.0, 0.0
    for t in range(1, 4):
        optimizer.zero_grad()
        (w**3).backward()
        optimizer.step()
        g = 3 * theta**2 + 0.5 * theta
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g * g
        theta -= 0.1 * (m / (1 - 0.8**t)) / ((v / (1 - 0.95**t)) ** 0.5 + 1e-3)
        assert float(w.data) == pytest.approx(theta, rel=1e-12)
