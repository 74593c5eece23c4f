"""RMSprop."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import minimize


@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("momentum", [0, 0.5])
def test_rmsprop_follows_its_formula(centered, momentum):
    w = mg.Tensor(1.0, requires_grad=True)
    optimizer = nn.optim.RMSprop([w], 0.1, 0.8, 1e-3, weight_decay=0.2, momentum=momentum, centered=centered)
    theta, s, mean, v = 1.0, 0.0, 0.0, 0.0
    for _ in range(3):
        minimize(optimizer, lambda: w**3)
        g = 3 * theta**2 + 0.2 * theta
        s, mean = 0.8 * s + 0.2 * g * g, 0.8 * mean + 0.2 * g
        v = momentum * v + g / ((s - centered * mean**2) ** 0.5 + 1e-3)
        theta -= 0.1 * v
        assert float(w.data) == pytest.approx(theta, rel=1e-12)


def test_the_variance_of_a_constant_gradient_is_0_and_not_the_root_of_what_rounding_leaves():
    w = mg.Tensor(np.zeros(1000), requires_grad=True)
    optimizer = nn.optim.RMSprop([w], lr=1e-9, alpha=0.5, centered=True)
    w.grad = np.random.default_rng(0).normal(size=1000)
    for _ in range(100):
        optimizer.step()
    assert np.isfinite(w.data).all()
