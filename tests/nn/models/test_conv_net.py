"""The builder of networks in the lectures' typical form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


def kinds(model: nn.Module) -> str:
    names = {"Conv2d": "CONV", "BatchNorm2d": "BN", "ReLU": "RELU", "MaxPool2d": "POOL", "Flatten": "|", "Linear": "FC"}
    return " ".join(names[type(layer).__name__] for _, layer in model.named_children())


def test_it_has_the_form_of_the_lecture() -> None:
    """[(CONV-RELU)^2 POOL]^2 (FC-RELU)^1 and a last fully connected layer for SOFTMAX."""
    model = nn.ConvNet((1, 28, 28), blocks=[(8, 8), (16, 16)], hidden=[64], rng=0)
    assert kinds(model) == "CONV RELU CONV RELU POOL CONV RELU CONV RELU POOL | FC RELU FC"
    assert sum(p.size for p in model.parameters()) == 55_042
    x = np.random.default_rng(0).normal(size=(3, 1, 28, 28)).astype(np.float32)
    np.testing.assert_allclose(mg.softmax(model(x)).sum(axis=1), 1, rtol=1e-6)


def test_each_part_may_be_left_out() -> None:
    assert kinds(nn.ConvNet((3, 8, 8), blocks=[])) == "| FC"
    assert kinds(nn.ConvNet((3, 8, 8), blocks=[[4]], pool=False)) == "CONV RELU | FC"
    assert kinds(nn.ConvNet((3, 8, 8), [[4], []], 5)) == "CONV RELU POOL POOL | FC RELU FC"
    assert kinds(nn.ConvNet((3, 8, 8), [[4], [4, 4]], [5, 5], pool=[False, True])) == (
        "CONV RELU CONV RELU CONV RELU POOL | FC RELU FC RELU FC"
    )


def test_batch_normalization_replaces_the_biases_of_convolutions() -> None:
    model = nn.ConvNet((3, 8, 8), [[4, 4]], batch_norm=True)
    assert kinds(model) == "CONV BN RELU CONV BN RELU POOL | FC"
    assert model.conv1_1.bias is model.conv1_2.bias is None


def test_images_need_not_be_square_nor_their_sides_powers_of_two() -> None:
    model = nn.ConvNet((2, 13, 21), [[4], [6]], kernel_size=5, classes=3)
    assert model(np.zeros((2, 2, 13, 21), np.float32)).shape == (2, 3)
    with pytest.raises(ValueError, match="ConvNet: got images of 21×13 pixels, expected 13×21"):
        model(np.zeros((2, 2, 21, 13), np.float32))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (((28, 28), [[4]]), ValueError, r"input_shape is \(28, 28\), expected \(channels, rows, columns\)"),
        (((1, 28.0, 28), [[4]]), TypeError, "a length of input_shape is 28.0, expected a whole number"),
        (((1, 28, 28), [4, 8]), TypeError, r"blocks is \[4, 8\], expected for each block the filters of its convol"),
        (((1, 28, 28), 4), TypeError, r"blocks is 4, expected for each block the filters of its convolutions"),
        (((1, 28, 28), [[4]] * 5), ValueError, "images of 28×28 pixels cannot be halved 5 times; take fewer blocks"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        nn.ConvNet(*arguments)


def test_pool_is_said_once_or_for_each_block() -> None:
    with pytest.raises(ValueError, match="pool has 1 values for 2 blocks"):
        nn.ConvNet((1, 28, 28), [[4], [4]], pool=[True])
