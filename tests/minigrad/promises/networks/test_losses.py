"""Losses and their targets."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg

X, Y = np.eye(4, dtype=np.float32), np.array([0, 1, 0, 1])


def test_swapped_arguments() -> None:
    """`cross_entropy(target, z)`, the arguments swapped"""
    with pytest.raises(ValueError, match="the logits come first"):
        mg.cross_entropy(Y, X)


def test_a_mean_over_ignored_targets() -> None:
    """the mean of `cross_entropy` and `nll_loss` where all targets are ignored, or have the weight 0"""
    for loss in (mg.cross_entropy, mg.nll_loss):
        with pytest.raises(ZeroDivisionError, match="every target is ignored"):
            loss(np.zeros((2, 3)), [-100, -100])
        with pytest.raises(ZeroDivisionError, match="has the weight 0"):
            loss(np.zeros((2, 3)), [0, 1], weight=[0.0, 0.0, 1.0])


def test_targets_do_not_widen_a_loss() -> None:
    """targets of whole numbers or of float64 for outputs of float32"""
    y = np.full(2, 0.5, np.float32)
    for loss in (mg.mse_loss, mg.l1_loss, mg.huber_loss, mg.binary_cross_entropy, mg.binary_cross_entropy_with_logits):
        for target in ([0, 1], [True, False], [0.0, 1.0]):
            assert loss(mg.Tensor(y), target).dtype == np.float32
