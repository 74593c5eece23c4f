"""Adam."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import minimize


@pytest.mark.parametrize("start", [1.0, [1.0, 1.0]])
def test_adam_follows_the_paper(start):
    w = mg.Tensor(start, requires_grad=True)
    optimizer = nn.optim.Adam([w], lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.5)
    theta, m, v = 1.0, 0.0, 0.0
    for t in range(1, 4):
        minimize(optimizer, lambda: (w**3).sum())
        g = 3 * theta**2 + 0.5 * theta
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g * g
        theta -= 0.1 * (m / (1 - 0.8**t)) / ((v / (1 - 0.95**t)) ** 0.5 + 1e-3)
        assert np.allclose(w.data, theta, rtol=1e-12)


@pytest.mark.parametrize("start", [0.0, [0.0, 0.0]])
def test_amsgrad_keeps_the_largest_mean_square(start):
    w = mg.Tensor(start, requires_grad=True)
    optimizer = nn.optim.Adam([w], lr=0.1, betas=(0.5, 0.5), eps=1e-3, amsgrad=True)
    theta, m, v, largest = 0.0, 0.0, 0.0, 0.0
    for t, g in enumerate([4.0, 0.1, 0.1, 9.0, 1.0], start=1):
        minimize(optimizer, lambda g=g: (g * w).sum())
        m, v = 0.5 * m + 0.5 * g, 0.5 * v + 0.5 * g * g
        largest = max(largest, v)
        theta -= 0.1 * (m / (1 - 0.5**t)) / ((largest / (1 - 0.5**t)) ** 0.5 + 1e-3)
        assert np.allclose(w.data, theta, rtol=1e-12)
        assert np.allclose(optimizer.state[w]["max_exp_avg_sq"], largest)


def test_decay_rates():
    w = mg.Tensor([1.0], requires_grad=True)
    assert nn.optim.Adam([w], betas=[0, 0.5]).betas == (0.0, 0.5)
    for betas in ((1.0, 0.9), (0.9, 1)):
        with pytest.raises(ValueError, match=r"betas is .*, expected numbers of at least 0 and less than 1"):
            nn.optim.Adam([w], betas=betas)
    for betas in (0.9, (0.9,), (0.9, 0.9, 0.9), None, "ab", ("a", "b")):
        with pytest.raises(TypeError, match=r"betas is .*expected two numbers|expected a number"):
            nn.optim.Adam([w], betas=betas)
