"""The weights with which mean losses of batches add up to that of all targets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from nn.losses.target_weight import target_weight

SCORES = np.random.default_rng(0).normal(size=(12, 3))
CLASSES = np.array([0, 1, 2, -1, 0, 2, 2, 1, -1, -1, 0, 1])


@pytest.mark.parametrize("weight", [None, np.array([0.5, 2.0, 3.0])])
@pytest.mark.parametrize("ignored", [-1, 0, 2])
def test_batches_add_up_to_the_loss_of_all(weight: Any, ignored: int) -> None:
    loss, target = nn.CrossEntropyLoss(weight, ignore_index=ignored), np.where(CLASSES < 0, ignored, CLASSES)
    total = [
        (target_weight(loss, t), loss(y, t)) for y, t in zip(SCORES.reshape(3, 4, 3), target.reshape(3, 4), strict=True)
    ]
    weights, losses = np.array(total).T
    assert weights @ losses / weights.sum() == pytest.approx(loss(SCORES, target))
    assert weights.sum() == pytest.approx(target_weight(loss, target))


def test_classes_that_are_not_there_weigh_nothing() -> None:
    """The loss itself refuses them."""
    assert target_weight(nn.CrossEntropyLoss(np.array([1.0, 3.0])), np.array([0, 1, 2, -2])) == 4
