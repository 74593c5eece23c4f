"""Stochastic gradient descent."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import minimize


def test_momentum_is_a_running_sum_of_gradients():
    w = mg.Tensor(0.0, requires_grad=True)
    optimizer = nn.optim.SGD([w], lr=1.0, momentum=0.5)
    positions = []
    for _ in range(3):
        minimize(optimizer, lambda: 1.0 * w)  # w̄ = 1 at every step
        positions.append(float(w.data))
    assert positions == [-1.0, -2.5, -4.25]


def test_weight_decay_pulls_towards_zero():
    w = mg.Tensor(2.0, requires_grad=True)
    optimizer = nn.optim.SGD([w], lr=0.1, weight_decay=0.5)
    minimize(optimizer, lambda: 3.0 * w)
    assert float(w.data) == pytest.approx(2 - 0.1 * (3 + 0.5 * 2))


@pytest.mark.parametrize("start", [1.0, [1.0, 1.0]])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"momentum": 0.8},
        {"momentum": 1.0},
        {"momentum": 0.8, "dampening": 0.3},
        {"momentum": 0.8, "nesterov": True},
    ],
)
def test_sgd_follows_its_formula(settings, start):
    w = mg.Tensor(start, requires_grad=True)
    optimizer = nn.optim.SGD([w], lr=0.1, weight_decay=0.2, **settings)
    m, d, nesterov = (settings.get(name, 0.0) for name in ("momentum", "dampening", "nesterov"))
    theta, v = 1.0, None
    for _ in range(4):
        minimize(optimizer, lambda: (w**3).sum())
        g = 3 * theta**2 + 0.2 * theta
        v = g if v is None else m * v + (1 - d) * g
        theta -= 0.1 * (g + m * v if nesterov else v)
        assert np.allclose(w.data, theta, rtol=1e-12)


def test_the_first_velocity_is_a_copy_of_the_gradient():
    """`backward` without `zero_grad` adds to the gradient in place."""
    w = mg.Tensor([1.0], requires_grad=True)
    optimizer = nn.optim.SGD([w], momentum=0.9)
    w.grad = np.array([2.0])
    optimizer.step()
    w.grad += 5
    assert optimizer.state[w]["momentum_buffer"] == 2.0


def test_an_optimizer_without_momentum_remembers_nothing():
    w = mg.Tensor([1.0], requires_grad=True)
    optimizer = nn.optim.SGD([w])
    minimize(optimizer, lambda: (w * w).sum())
    assert optimizer.state[w] == optimizer.state_dict()["state"] == {}


@pytest.mark.parametrize("settings", [{}, {"momentum": 0.5, "dampening": 0.1}, {"dampening": 0.1}])
def test_nesterovs_momentum_needs_a_momentum_and_no_dampening(settings):
    w = mg.Tensor([1.0], requires_grad=True)
    with pytest.raises(ValueError, match=r"^SGD: nesterov is True, momentum .*expected a momentum greater than 0"):
        nn.optim.SGD([w], nesterov=True, **settings)
    assert nn.optim.SGD([w], nesterov=True, momentum=0.1).nesterov
    for name in ("momentum", "dampening"):
        assert getattr(nn.optim.SGD([w], **{name: 1}), name) == 1
        with pytest.raises(ValueError, match=f"{name} is 1.1, expected at most 1"):
            nn.optim.SGD([w], **{name: 1.1})
