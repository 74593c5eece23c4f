"""Lion, which PyTorch lacks: the program of the paper in NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
import nn

shares = st.floats(0, 0.99)


@given(lr=st.floats(0.001, 0.3), betas=st.tuples(shares, shares), decay=st.floats(0, 0.5), maximize=st.booleans())
def test_lion_follows_the_paper(lr, betas, decay, maximize):
    """Chen et al. 2023, algorithm 2."""
    rng = np.random.default_rng(0)
    theta, m = rng.normal(size=(3, 2)), np.zeros((3, 2))
    w = mg.Tensor(theta, requires_grad=True)
    optimizer = nn.optim.Lion([w], lr, betas, decay, maximize=maximize)
    beta1, beta2 = betas
    for _ in range(20):
        w.grad = rng.normal(size=(3, 2))
        g = -w.grad if maximize else w.grad
        optimizer.step()
        update = np.sign(beta1 * m + (1 - beta1) * g)
        theta = theta - lr * (update + decay * theta)
        m = beta2 * m + (1 - beta2) * g
    np.testing.assert_allclose(w.data, theta, rtol=1e-10, atol=1e-12)
