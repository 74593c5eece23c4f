"""Stochastic gradient descent."""

from __future__ import annotations

import pytest

import minigrad as mg
import nn


def test_momentum_is_a_running_sum_of_gradients():
    w = mg.Tensor(0.0, requires_grad=True)
    optimizer = nn.optim.SGD([w], lr=1.0, momentum=0.5)
    positions = []
    for _ in range(3):
        optimizer.zero_grad()
        (1.0 * w).backward()  # w̄ = 1 at every step
        optimizer.step()
        positions.append(float(w.data))
    assert positions == [-1.0, -2.5, -4.25]


def test_weight_decay_pulls_towards_zero():
    w = mg.Tensor(2.0, requires_grad=True)
    optimizer = nn.optim.SGD([w], lr=0.1, weight_decay=0.5)
    (3.0 * w).backward()
    optimizer.step()
    assert float(w.data) == pytest.approx(2 - 0.1 * (3 + 0.5 * 2))
