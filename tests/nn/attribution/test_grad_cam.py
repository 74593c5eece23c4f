"""Grad-CAM, compared with NumPy, and against class activation maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
import nn
from tests.helpers.networks.classifiers import convolutional, images


def enlarged(maps: Any) -> Any:
    """Twice as large: each new pixel lies a quarter from one old centre and three quarters from the next."""
    for axis in (1, 2):
        n = maps.shape[axis]
        at = (np.arange(2 * n) + 0.5) / 2 - 0.5
        low = np.clip(np.floor(at).astype(int), 0, n - 1)
        high = np.clip(low + 1, 0, n - 1)
        share = np.clip(at - low, 0, 1)
        share = share[:, None] if axis == 1 else share
        maps = maps.take(low, axis) * (1 - share) + maps.take(high, axis) * share
    return maps


@given(st.integers(0, 2**16), st.integers(0, 2))
def test_against_numpy(seed: int, target: int) -> None:
    model, x = convolutional(seed), images(3, seed)
    maps = np.maximum(nn.predict(model[:4], x), 0)
    signal = np.broadcast_to(model.fc.weight.data[target].reshape(5, 4, 4), maps.shape)
    small = np.maximum(np.einsum("nk,nkij->nij", signal.mean(axis=(2, 3)), maps), 0)
    found = nn.attribution.grad_cam(model, x, "relu2", target)
    np.testing.assert_allclose(found, enlarged(small), rtol=1e-10, atol=1e-12)


def test_with_global_pooling_and_one_linear_layer_it_is_the_class_activation_map() -> None:
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        conv=nn.Conv2d(2, 6, 3, padding=1, rng=rng),
        relu=nn.ReLU(),
        pool=nn.GlobalAvgPool(),
        fc=nn.Linear(6, 3, rng=rng),
    ).double()
    x = images(4)
    maps = np.maximum(nn.predict(model[:1], x), 0)
    classes = nn.predict(model, x).argmax(axis=1)
    activation = np.einsum("nk,nkij->nij", model.fc.weight.data[classes], maps)
    found = nn.attribution.grad_cam(model, x, "relu")
    np.testing.assert_allclose(found, np.maximum(activation, 0) / 64, rtol=1e-12, atol=1e-14)


def test_each_image_is_by_itself() -> None:
    model, x = convolutional(), images(3)
    together = nn.attribution.grad_cam(model, x, "relu1", [0, 1, 2])
    for n in range(3):
        alone = nn.attribution.grad_cam(model, x[n : n + 1], model.relu1, n)
        np.testing.assert_allclose(together[n], alone[0], rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "kind", "message"),
    [
        ("fc", ValueError, r"the layer fc gives shape \(1, 3\), expected feature maps \(N, K, h, w\)"),
        ("conv9", ValueError, "this Sequential has no layer 'conv9'; did you mean 'conv"),
        (nn.ReLU(), ValueError, "the layer ReLU is not in this Sequential"),
        (3, TypeError, 'a module of the model or its dotted name, such as "conv2", got int'),
    ],
)
def test_mistakes(layer: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        nn.attribution.grad_cam(convolutional(), images(1), layer)


def test_inputs_that_are_no_images() -> None:
    with pytest.raises(ValueError, match=r"x has shape \(2, 4\), expected images"):
        nn.attribution.grad_cam(nn.Sequential(nn.Linear(4, 2, rng=0)), np.ones((2, 4)), "0")


class Branches(nn.Module):
    """A layer that is called twice, one that is not, and one that the score does not use."""

    def __init__(self) -> None:
        super().__init__()
        self.twice = nn.Conv2d(2, 2, 3, padding=1, rng=0)
        self.unused = nn.Conv2d(2, 2, 3, padding=1, rng=0)
        self.lost = nn.Conv2d(2, 2, 3, padding=1, rng=0)
        self.cut = nn.Conv2d(2, 2, 3, padding=1, rng=0)
        self.pool = nn.GlobalAvgPool()

    def forward(self, x: Any) -> Any:
        self.lost(x)
        self.cut(mg.stop_gradient(x))
        return self.pool(self.twice(self.twice(x)))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("twice", "the layer twice is called 2 times in a forward pass, each time with another output"),
        ("unused", "the layer unused is not called in a forward pass"),
        ("lost", "the score of the class does not depend on the layer lost"),
        ("cut", "the output of the layer cut does not depend on the input"),
    ],
)
def test_layers_that_have_no_map_of_their_own(layer: str, message: str) -> None:
    model = Branches()
    if layer == "cut":
        for parameter in model.parameters():
            parameter.requires_grad = False
    with pytest.raises(ValueError, match=message):
        nn.attribution.grad_cam(model, images(1), layer)
