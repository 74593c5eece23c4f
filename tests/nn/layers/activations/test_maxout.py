"""Maxout."""

from __future__ import annotations

import numpy as np

import minigrad as mg
import nn


def test_maxout_is_the_largest_of_its_pieces() -> None:
    layer = nn.Maxout(3, 4, pieces=5, dtype=np.float64, rng=0)
    x = np.random.default_rng(1).normal(size=(2, 6, 3))
    W, b = layer.weight.data.reshape(4, 5, 3), layer.bias.data.reshape(4, 5)
    expected = [[[max(W[i, k] @ v + b[i, k] for k in range(5)) for i in range(4)] for v in row] for row in x]
    np.testing.assert_allclose(layer(x).data, expected)
    mg.check_grads(lambda x: layer(x) ** 2, x)
    assert repr(nn.Maxout(3, 4, bias=False)) == "Maxout(3, 4, pieces=2, bias=False)"
    assert sum(p.size for p in nn.Maxout(3, 4, pieces=5).parameters()) == 5 * sum(
        p.size for p in nn.Linear(3, 4).parameters()
    )


def test_maxout_can_be_relu_and_shares_ties() -> None:
    layer = nn.Maxout(1, 1, pieces=2, init=nn.init.zeros_, dtype=np.float64)
    assert not layer.bias.data.any()
    layer(np.array([[2.0]])).sum().backward()
    assert layer.weight.grad.tolist() == [[1], [1]]
    layer.weight.data = [[1.0], [0.0]]
    assert layer(np.array([[-2.0], [3.0]])).data.tolist() == [[0], [3]]
