"""Activation layers."""

from __future__ import annotations

import numpy as np

import nn


def test_activations():
    x = np.array([-2.0, 0.0, 3.0])
    assert np.array_equal(nn.ReLU()(x), [0, 0, 3])
    assert np.allclose(nn.Sigmoid()(x), 1 / (1 + np.exp(-x)))
    assert np.array_equal(nn.Tanh()(x), np.tanh(x))
