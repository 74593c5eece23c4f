"""LeNet's loss and the gradient of every parameter agree with PyTorch's on the same weights and batch."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle


def test_loss_and_gradients():
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(64, 1, 28, 28)).astype(np.float32), rng.integers(0, 10, size=64)
    model = nn.LeNet(rng=0)
    layers = torch.nn
    twin = layers.Sequential(
        *(layers.Conv2d(1, 6, 5, padding=2), layers.ReLU(), layers.MaxPool2d(2)),
        *(layers.Conv2d(6, 16, 5), layers.ReLU(), layers.MaxPool2d(2), layers.Flatten()),
        *(layers.Linear(400, 120), layers.ReLU(), layers.Linear(120, 84), layers.ReLU(), layers.Linear(84, 10)),
    )
    pairs = list(zip(model.named_parameters(), twin.parameters(), strict=True))
    with torch.no_grad():
        for (_, ours), theirs in pairs:
            theirs.copy_(torch.tensor(ours.data))

    loss = nn.CrossEntropyLoss()(model(x), t)
    loss.backward()
    rival = layers.CrossEntropyLoss()(twin(torch.tensor(x)), torch.tensor(t))
    rival.backward()

    assert loss.dtype == np.float32
    assert float(loss) == pytest.approx(rival.item(), rel=1e-5)
    for (name, ours), theirs in pairs:
        expected = theirs.grad.numpy()
        assert ours.grad.dtype == np.float32
        assert np.linalg.norm(ours.grad - expected) <= 1e-5 * np.linalg.norm(expected), name
