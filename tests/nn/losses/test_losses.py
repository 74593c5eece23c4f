"""Losses as modules."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn


def test_losses():
    z = mg.Tensor([[1.0, 2.0, 0.5]], requires_grad=True)
    nn.CrossEntropyLoss()(z, np.array([1])).backward()
    assert np.allclose(z.grad, mg.softmax(z).data - [[0, 1, 0]])
    assert nn.MSELoss()(np.array([1.0, 2.0]), np.array([1.0, 5.0])) == 4.5
    equal, labels = np.zeros((2, 3)), np.array([0, 1])
    assert nn.CrossEntropyLoss("sum")(equal, labels) == pytest.approx(2 * np.log(3))
    assert np.allclose(nn.CrossEntropyLoss("none")(equal, labels), np.log(3))
    with pytest.raises(ValueError, match=r"output has shape \(2, 1\), but target \(2,\)"):
        nn.MSELoss()(np.ones((2, 1)), np.ones(2))
