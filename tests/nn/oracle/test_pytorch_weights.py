"""Weights go from PyTorch to minigrad and back by name: ResNet-18 with torchvision's names, and a batch-norm CNN.

Both then predict the same, and one training step changes parameters and running values in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle


class TorchBlock(torch.nn.Module):
    """torchvision's BasicBlock."""

    def __init__(self, in_channels: int, channels: int, stride: int = 1) -> None:
        super().__init__()
        layers = torch.nn
        self.conv1 = layers.Conv2d(in_channels, channels, 3, stride, padding=1, bias=False)
        self.bn1 = layers.BatchNorm2d(channels)
        self.relu = layers.ReLU(inplace=True)
        self.conv2 = layers.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = layers.BatchNorm2d(channels)
        self.downsample = None
        if stride > 1:
            projection = layers.Conv2d(in_channels, channels, 1, stride, bias=False)
            self.downsample = layers.Sequential(projection, layers.BatchNorm2d(channels))

    def forward(self, x: Any) -> Any:
        residual = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(residual + (x if self.downsample is None else self.downsample(x)))


class TorchResNet18(torch.nn.Module):
    """torchvision's resnet18."""

    def __init__(self) -> None:
        super().__init__()
        layers = torch.nn
        self.conv1 = layers.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = layers.BatchNorm2d(64)
        self.relu = layers.ReLU(inplace=True)
        self.maxpool = layers.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = layers.Sequential(TorchBlock(64, 64), TorchBlock(64, 64))
        self.layer2 = layers.Sequential(TorchBlock(64, 128, 2), TorchBlock(128, 128))
        self.layer3 = layers.Sequential(TorchBlock(128, 256, 2), TorchBlock(256, 256))
        self.layer4 = layers.Sequential(TorchBlock(256, 512, 2), TorchBlock(512, 512))
        self.avgpool = layers.AdaptiveAvgPool2d(1)
        self.fc = layers.Linear(512, 1000)

    def forward(self, x: Any) -> Any:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def batch_norm_cnn(nn: Any, **seed: int) -> Any:
    """A convolutional network with batch normalization of images and of vectors, for both libraries."""
    return nn.Sequential(
        *(nn.Conv2d(3, 8, 3, padding=1, bias=False, **seed), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(8, 16, 3, padding=1, **seed), nn.BatchNorm2d(16, momentum=None), nn.ReLU(), nn.MaxPool2d(2)),
        nn.AdaptiveAvgPool2d(2),
        *(
            nn.Flatten(),
            nn.Linear(16 * 2 * 2, 32, **seed),
            nn.BatchNorm1d(32, affine=False),
            nn.ReLU(),
            nn.Linear(32, 10, **seed),
        ),
    )


PAIRS: dict[str, tuple[Callable[[], nn.Module], Callable[[], Any], tuple[int, ...]]] = {
    "ResNet-18": (lambda: nn.ResNet18(rng=0), TorchResNet18, (2, 3, 64, 64)),
    "batch-norm CNN": (lambda: batch_norm_cnn(nn, rng=0), lambda: batch_norm_cnn(torch.nn), (8, 3, 16, 16)),
}


@pytest.fixture(params=PAIRS)
def pair(request: pytest.FixtureRequest) -> tuple[nn.Module, Any, Any]:
    """A model, its twin in PyTorch with random parameters and running values, and images."""
    ours, theirs, shape = PAIRS[request.param]
    torch.manual_seed(0)
    twin = theirs()
    with torch.no_grad():
        for name, value in twin.state_dict().items():
            if name.endswith("running_mean"):
                value.normal_(0, 0.1)
            elif name.endswith("running_var"):
                value.uniform_(0.5, 1.5)
    return ours(), twin, np.random.default_rng(0).normal(size=shape).astype(np.float32)


def close(ours: Any, theirs: Any, to: float, name: str = "") -> None:
    """Equal, but for a fraction of the largest element."""
    expected = theirs.detach().numpy()
    assert ours.shape == expected.shape, name
    np.testing.assert_allclose(ours, expected, rtol=to, atol=to * np.abs(expected).max(), err_msg=name)


def test_pytorchs_state_loads_by_name_and_predicts_the_same(pair: Any) -> None:
    model, twin, x = pair
    state = {name: value.numpy() for name, value in twin.state_dict().items()}
    model.load_state_dict(state)
    assert list(model.state_dict()) == list(state)
    close(nn.predict(model, x), twin.eval()(torch.tensor(x)), to=1e-5)


def test_ours_loads_into_pytorch(pair: Any) -> None:
    model, twin, x = pair
    model.train()(x)  # so that its running values are its own
    twin.load_state_dict({name: torch.tensor(value) for name, value in model.state_dict().items()})
    close(nn.predict(model, x), twin.eval()(torch.tensor(x)), to=1e-5)


def test_a_training_step_is_the_same_with_the_running_values(pair: Any) -> None:
    """In double precision: normalizing few values magnifies differences of rounding."""
    model, twin, x = pair
    model.load_state_dict({name: value.numpy() for name, value in twin.state_dict().items()})
    x, t = x[:, :, ::2, ::2].astype(np.float64), np.arange(len(x)) % 10
    for library, optim, network, batch in (
        (nn, nn.optim, model, (x, t)),
        (torch.nn, torch.optim, twin, tuple(map(torch.tensor, (x, t)))),
    ):
        optimizer = optim.SGD(network.double().train().parameters(), lr=0.01)
        optimizer.zero_grad()
        library.CrossEntropyLoss()(network(batch[0]), batch[1]).backward()
        optimizer.step()
    state = model.state_dict()
    for name, expected in twin.state_dict().items():
        close(state[name], expected, 1e-9, name)
