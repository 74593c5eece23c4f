"""Convolutional layers: their arguments, parameters, output sizes and errors."""

from __future__ import annotations

import re

import numpy as np
import pytest

import minigrad as mg
import nn

CONVOLUTIONS = [
    (nn.Conv1d, mg.conv1d, 1),
    (nn.Conv2d, mg.conv2d, 2),
    (nn.Conv3d, mg.conv3d, 3),
    (nn.ConvTranspose1d, mg.conv_transpose1d, 1),
    (nn.ConvTranspose2d, mg.conv_transpose2d, 2),
    (nn.ConvTranspose3d, mg.conv_transpose3d, 3),
]


@pytest.mark.parametrize(("layer", "function", "axes"), CONVOLUTIONS, ids=lambda part: getattr(part, "__name__", ""))
def test_convolutions_pass_on_all_arguments(layer, function, axes):
    how = {"stride": 2, "padding": 1, "dilation": (3, 2, 1)[:axes], "groups": 2}
    if "transpose" in function.__name__:
        how["output_padding"] = 1
    else:
        how |= {"padding_mode": "reflect", "strict": True}
        how["dilation"] = 1
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 7, 9)[: 2 + axes])
    conv = layer(4, 6, 3, **how, dtype=np.float64, rng=0)
    assert np.array_equal(conv(x).data, function(x, conv.weight, conv.bias, **how).data)
    assert repr(conv).startswith(f"{layer.__name__}(4, 6, kernel_size=3, stride=2, padding=1, ")
    assert repr(eval(repr(conv), vars(nn))) == repr(conv)
    assert all(f"{name}={value!r}" in repr(conv) for name, value in how.items() if value != 1 or name == "padding")


@pytest.mark.parametrize(("layer", "function", "axes"), CONVOLUTIONS, ids=lambda part: getattr(part, "__name__", ""))
def test_initial_parameters_are_like_those_of_pytorch(layer, function, axes):
    conv = layer(4, 6, 3, groups=2, rng=0)
    assert conv.weight.shape == ((4, 3) if "transpose" in function.__name__ else (6, 2)) + (3,) * axes
    assert conv.bias.shape == (6,)
    bound = 1 / np.sqrt(conv.weight.data[0].size)
    for p in conv.parameters():
        assert p.dtype == np.float32
        assert 0.5 * bound < np.abs(p.data).max() <= bound
    assert list(conv.state_dict()) == ["weight", "bias"]
    twin = layer(4, 6, (3,) * axes, (1,) * axes, (0,) * axes, groups=2, rng=1)
    twin.load_state_dict(conv.state_dict())
    x = np.ones((1, 4, *(5, 6, 7)[:axes]), dtype=np.float32)
    assert twin(x).dtype == np.float32
    assert np.array_equal(twin(x).data, conv(x).data)
    assert repr(twin) == f"{layer.__name__}(4, 6, kernel_size={(3,) * axes}, groups=2)"
    assert repr(layer(1, 2, 3, bias=False)) == f"{layer.__name__}(1, 2, kernel_size=3, bias=False)"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Conv2d(0, 6, 5), "Conv2d: in_channels must be a whole number ≥ 1; got 0"),
        (lambda: nn.Conv1d(1, 2.0, 5), "Conv1d: out_channels must be a whole number ≥ 1; got 2.0"),
        (lambda: nn.ConvTranspose2d(1, 2, 5, groups=-1), "ConvTranspose2d: groups must be a whole number ≥ 1; got -1"),
        (
            lambda: nn.Conv2d(4, 6, 3, groups=4),
            "Conv2d: groups=4 does not divide both in_channels=4 and out_channels=6; groups that do: 1, 2",
        ),
        (
            lambda: nn.Conv1d(1, 2, 0),
            "Conv1d: kernel_size must be a whole number ≥ 1, or a tuple of one; got 0",
        ),
        (lambda: nn.Conv2d(1, 2, (3, 3, 3)), "or a pair (rows, columns); got (3, 3, 3)"),
        (lambda: nn.ConvTranspose3d(1, 2, "3"), "or a triple (planes, rows, columns); got '3'"),
    ],
)
def test_impossible_arguments(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("layer", "size", "positions"),
    [
        (nn.Conv2d(3, 6, 5), 32, 28),  # six 5×5 filters on 32×32×3: 28×28×6
        (nn.Conv2d(3, 10, 5, padding=2), 32, 32),
        (nn.Conv2d(1, 1, 3, strict=True), 7, 5),
        (nn.Conv2d(1, 1, 3, stride=2, strict=True), 7, 3),
        (nn.Conv2d(1, 1, 3, stride=3, padding=1, strict=True), 7, 3),  # 9 after padding
        (nn.Conv2d(1, 1, 3), 5, 3),
        (nn.Conv2d(1, 1, 3, padding=1), 5, 5),
        (nn.Conv2d(1, 1, 3, stride=2, padding=1), 5, 3),
        (nn.Conv2d(3, 96, 11, stride=4, strict=True), 227, 55),
    ],
    ids=str,
)
def test_convolutions_have_the_sizes_of_the_lectures(layer, size, positions):
    filters, channels = layer.weight.shape[:2]
    assert layer(np.zeros((1, channels, size, size), dtype=np.float32)).shape == (1, filters, positions, positions)


@pytest.mark.parametrize(
    ("size", "stride", "message"),
    [
        (7, 3, r"\(7 − 3 \+ 2·0\) / 3 \+ 1 = 2\.333 is not a whole number; with stride 3 a padding of 1 fits"),
        (10, 2, r"\(10 − 3 \+ 2·0\) / 2 \+ 1 = 4\.5 is not a whole number"),
    ],
)
def test_strict_refuses_what_the_lectures_refuse(size, stride, message):
    image = np.zeros((1, 1, size, size), dtype=np.float32)
    with pytest.raises(ValueError, match=message):
        nn.Conv2d(1, 1, 3, stride=stride, strict=True)(image)
    floor = (size - 3) // stride + 1
    assert nn.Conv2d(1, 1, 3, stride=stride)(image).shape == (1, 1, floor, floor)


def test_convolutions_have_the_parameters_of_the_lectures():
    assert sum(p.size for p in nn.Conv2d(3, 10, 5, padding=2).parameters()) == 760
    first = nn.Conv2d(3, 96, 11, stride=4)  # of AlexNet
    shared = sum(p.size for p in first.parameters())
    assert shared == 96 * (11 * 11 * 3 + 1) == 34_944
    assert 55 * 55 * shared == 55 * 55 * 96 * (11 * 11 * 3 + 1) == 105_705_600
