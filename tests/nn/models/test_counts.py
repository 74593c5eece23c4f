"""Networks have the parameters that their papers or the lectures count, layer by layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


def counts(model: nn.Module) -> dict[str, int]:
    """The parameters of each part of a model, where there are any."""
    sizes = {name: sum(p.size for p in part.parameters()) for name, part in model.named_children()}
    return {name: size for name, size in sizes.items() if size}


def total(model: nn.Module) -> int:
    return sum(p.size for p in model.parameters())


def test_alexnet() -> None:
    model = nn.AlexNet()
    assert counts(model) == {
        "conv1": 96 * (11 * 11 * 3 + 1),
        "conv2": 256 * (5 * 5 * 48 + 1),  # each of two groups sees 48 of 96 channels
        "conv3": 384 * (3 * 3 * 256 + 1),
        "conv4": 384 * (3 * 3 * 192 + 1),
        "conv5": 256 * (3 * 3 * 192 + 1),
        "fc6": 4096 * (6 * 6 * 256 + 1),
        "fc7": 4096 * (4096 + 1),
        "fc8": 1000 * (4096 + 1),
    }
    assert total(model) == 60_965_224
    maps = 55 * 55 * 96 * (11 * 11 * 3) + 27 * 27 * 256 * (5 * 5 * 48)
    maps += 13 * 13 * (384 * (3 * 3 * 256) + 384 * (3 * 3 * 192) + 256 * (3 * 3 * 192))
    multiply_adds = maps + 9216 * 4096 + 4096 * 4096 + 4096 * 1000
    assert nn.summary(model, (3, 227, 227)).multiply_adds == multiply_adds == 724_406_816
    with pytest.raises(ValueError, match="AlexNet: got images of 224×224 pixels, expected 227×227"):
        model(np.zeros((1, 3, 224, 224), np.float32))


def test_the_small_alexnet() -> None:
    model = nn.SmallAlexNet()
    shapes = {row.name: row.output_shape for row in nn.summary(model, (3, 32, 32)).layers}
    assert [shapes[f"pool{i}"] for i in (1, 2, 5)] == [(24, 15, 15), (64, 7, 7), (64, 3, 3)]
    assert counts(model) == {
        "conv1": 24 * (5 * 5 * 3 + 1),
        "conv2": 64 * (5 * 5 * 24 + 1),
        "conv3": 96 * (3 * 3 * 64 + 1),
        "conv4": 96 * (3 * 3 * 96 + 1),
        "conv5": 64 * (3 * 3 * 96 + 1),
        "fc6": 256 * (3 * 3 * 64 + 1),
        "fc7": 256 * (256 + 1),
        "fc8": 10 * (256 + 1),
    }
    assert total(model) == 450_154


#: torchvision's counts of vgg11, vgg11_bn …
VGG = {
    (11, False): 132_863_336,
    (11, True): 132_868_840,
    (13, False): 133_047_848,
    (13, True): 133_053_736,
    (16, False): 138_357_544,
    (16, True): 138_365_992,
    (19, False): 143_667_240,
    (19, True): 143_678_248,
}


@pytest.mark.parametrize(("depth", "batch_norm"), VGG)
def test_vgg(depth: int, batch_norm: bool) -> None:
    """For 32×32 pixels, with one fully connected layer in place of three, and the rest is as large."""
    model = nn.VGG(depth, classes=10, image_size=32, batch_norm=batch_norm)
    three = 4096 * (7 * 7 * 512 + 1) + 4096 * (4096 + 1) + 1000 * (4096 + 1)
    assert counts(model)["classifier"] == 10 * (512 + 1)
    assert counts(model)["features"] + three == VGG[depth, batch_norm]


def test_vgg_for_224_pixels_has_torchvisions_names() -> None:
    model = nn.VGG(11, batch_norm=True)
    assert total(model) == VGG[11, True]
    assert [name for name, _ in model.named_parameters() if name.endswith("weight")] == [
        *(f"features.{i}.weight" for i in (0, 1, 4, 5, 8, 9, 11, 12, 15, 16, 18, 19, 22, 23, 25, 26)),
        *(f"classifier.{i}.weight" for i in (0, 3, 6)),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"depth": 12}, "depth is 12, expected one of 11, 13, 16, 19"), ({"image_size": 64}, "expected 32 or 224")],
)
def test_what_is_no_vgg(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nn.VGG(**arguments)


def test_resnet18() -> None:
    model = nn.ResNet18()
    block = lambda i, o: 9 * i * o + 2 * o + 9 * o * o + 2 * o  # noqa: E731  two convolutions and their normalizations
    halving = lambda i, o: block(i, o) + i * o + 2 * o  # noqa: E731  with a projection as its shortcut
    assert counts(model) == {
        "conv1": 7 * 7 * 3 * 64,
        "bn1": 2 * 64,
        "layer1": 2 * block(64, 64),
        "layer2": halving(64, 128) + block(128, 128),
        "layer3": halving(128, 256) + block(256, 256),
        "layer4": halving(256, 512) + block(512, 512),
        "fc": 1000 * (512 + 1),
    }
    assert total(model) == 11_689_512
    summary = nn.summary(model, (3, 224, 224))
    assert summary.multiply_adds == 1_814_073_344  # torchinfo's count, too
    shapes = {row.name: row.output_shape for row in summary.layers}
    assert [shapes[name] for name in ("conv1", "maxpool", "layer2.1.conv2", "layer4.1.conv2")] == [
        *((64, 112, 112), (64, 56, 56), (128, 28, 28), (512, 7, 7))
    ]


def test_resnet20_has_shortcuts_without_parameters() -> None:
    model = nn.ResNet20()
    block = lambda i, o: 9 * i * o + 2 * o + 9 * o * o + 2 * o  # noqa: E731
    assert counts(model) == {
        "conv1": 9 * 3 * 16,
        "bn1": 2 * 16,
        "layer1": 3 * block(16, 16),
        "layer2": block(16, 32) + 2 * block(32, 32),
        "layer3": block(32, 64) + 2 * block(64, 64),
        "fc": 10 * (64 + 1),
    }
    assert total(model) == 269_722  # 0.27M in the paper
    convolutions = [row for row in nn.summary(model, (3, 32, 32)).layers if row.kind in ("Conv2d", "Linear")]
    assert len(convolutions) == 20


def test_the_shortcut_of_a_halving_block_in_resnet20_is_every_other_pixel_and_zeros() -> None:
    shortcut = nn.ResNet20().layer2[0].downsample
    x = np.random.default_rng(0).normal(size=(2, 16, 6, 5))
    y = shortcut(x)
    assert y.shape == (2, 32, 3, 3)
    assert np.array_equal(y[:, :16], x[:, :, ::2, ::2])
    assert not y[:, 16:].any()


def test_a_residual_block_adds_its_input() -> None:
    block = nn.BasicBlock(2, 2)
    block.bn2.weight.data = np.zeros(2, np.float32)  # no residual
    x = np.random.default_rng(0).normal(size=(3, 2, 4, 4)).astype(np.float32)
    assert np.array_equal(np.asarray(block(x)), np.maximum(x, 0))
    with pytest.raises(ValueError, match=r"cannot be added.*downsample=nn.Conv2d\(2, 4, 1, stride=2, bias=False\)"):
        nn.BasicBlock(2, 4, stride=2)
    with pytest.raises(ValueError, match=r"turns \(3, 2, 4, 4\) into \(3, 4, 1, 1\), which cannot be added to"):
        nn.BasicBlock(2, 4, 2, nn.Conv2d(2, 4, 4))(x)


def test_inception_3a() -> None:
    block = nn.Inception(192, 64, 96, 128, 16, 32, 32)
    assert counts(block) == {
        "branch1": 64 * (192 + 1),
        "branch2": 96 * (192 + 1) + 128 * (3 * 3 * 96 + 1),
        "branch3": 16 * (192 + 1) + 32 * (5 * 5 * 16 + 1),
        "branch4": 32 * (192 + 1),
    }
    assert total(block) == 163_696


def test_the_small_googlenet() -> None:
    def inception(i: int, c1: int, r3: int, c3: int, r5: int, c5: int, p: int) -> int:
        return (i + 1) * (c1 + r3 + r5 + p) + c3 * (9 * r3 + 1) + c5 * (25 * r5 + 1)

    model = nn.SmallGoogLeNet()
    assert counts(model) == {
        "conv1": 48 * (3 * 3 * 3 + 1),
        "inception3a": inception(48, 16, 24, 32, 4, 8, 8),
        "inception3b": inception(64, 32, 32, 48, 8, 24, 16),
        "inception4a": inception(120, 48, 24, 52, 4, 12, 16),
        "inception4e": inception(128, 64, 40, 80, 8, 32, 32),
        "inception5a": inception(208, 64, 40, 80, 8, 32, 32),
        "inception5b": inception(208, 96, 48, 96, 12, 32, 32),
        "fc": 10 * (256 + 1),
    }
    assert total(model) == 272_046
    shapes = {row.name: row.output_shape for row in nn.summary(model, (3, 32, 32)).layers}
    assert [shapes[name] for name in ("pool3", "pool4", "avgpool")] == [(120, 16, 16), (208, 8, 8), (256,)]


def test_autoencoders() -> None:
    assert total(nn.Autoencoder([784, 32])) == 784 * 32 + 32 + 32 * 784 + 784
    assert total(nn.Autoencoder([784, 1000, 500, 250, 30])) == 2_837_314  # the lecture's
    assert total(nn.ConvAutoencoder([1, 16, 8])) == 16 * 10 + 8 * (9 * 16 + 1) + 16 * (9 * 8 + 1) + 9 * 16 + 1


def test_receptive_fields_are_the_published_ones() -> None:
    """Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019."""
    alexnet = nn.receptive_field(nn.AlexNet()[:15], (3, 67, 67))
    small = nn.receptive_field(nn.SmallAlexNet()[:15], (3, 67, 67))
    vgg = nn.receptive_field(nn.VGG(16, 10, image_size=32).features, (3, 32, 32))
    assert alexnet["pool5"].size == (195, 195)
    assert small["pool5"].size == (51, 51)  # 5, 2 for the pooling, 2 · 4, 2 · 2, 3 · 4 · 2, and 4 · 2
    assert vgg.layers[-1].size == (212, 212)
    # 7, and 4 for the pooling; then 3×3 filters at distances of 4, 8, 16 and 32 pixels, the first before each stride
    by_hand = 7 + 4 + 4 * 8 + (8 + 3 * 16) + (16 + 3 * 32) + (32 + 3 * 64)
    assert nn.receptive_field(nn.ResNet18(), (3, 64, 64))["layer4.1.relu"].size == (by_hand, by_hand) == (435, 435)
