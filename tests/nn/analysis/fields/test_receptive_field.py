"""Receptive fields against the truth: a NaN pixel makes exactly the units that see it NaN."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

import minigrad as mg
import nn


class Apply(nn.Module):
    """A function as a layer."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)


def conv(kernel: int, **how: Any) -> nn.Module:
    return Apply(lambda x: mg.conv2d(x, np.ones((x.shape[1], x.shape[1], kernel, kernel)), **how))


def conv_transpose(kernel: int, **how: Any) -> nn.Module:
    return Apply(lambda x: mg.conv_transpose2d(x, np.ones((x.shape[1], x.shape[1], kernel, kernel)), **how))


class Residual(nn.Module):
    """The sum of the outputs of layers and of a shortcut, by default x itself."""

    def __init__(self, layers: Any, short_cut: Any = lambda x: x) -> None:
        self.layers = layers
        self.short_cut = short_cut

    def forward(self, x: Any) -> Any:
        return self.layers(x) + self.short_cut(x)


class Branches(nn.Module):
    """The channels of several branches, one after the other."""

    def __init__(self, *branches: Any) -> None:
        self.branches = branches

    def forward(self, x: Any) -> Any:
        return mg.concatenate([branch(x) for branch in self.branches], axis=1)


def truth(model: nn.Module, shape: tuple[int, ...], axis: int, along: int) -> list[set[int]]:
    """For each unit along an axis of the output, the indices of the pixels that it sees along an axis of the image."""
    n = shape[1 + axis]
    images = np.zeros((n, *shape))
    for i in range(n):
        np.moveaxis(images[i], 1 + axis, 0)[i] = np.nan
    with mg.no_grad(), np.errstate(invalid="ignore"):
        is_nan = np.isnan(mg.to(model.eval()(mg.Tensor(images)), "cpu").numpy())
    others = tuple(k for k in range(1, is_nan.ndim) if k != along % is_nan.ndim)
    return [set(np.flatnonzero(unit)) for unit in is_nan.any(axis=others).T]


def assert_true(model: nn.Module, shape: tuple[int, ...]) -> Any:
    """No unit sees more than the last row says, and a unit far from the border sees all of it."""
    field = nn.receptive_field(model, shape).layers[-1]
    for axis, n in enumerate(shape[1:]):
        interval, jump = field.intervals[axis], field.jump[axis] or 0
        inside = []
        seen_by_units = truth(model, shape, axis, interval.axis or 2 + axis)
        last = max((pixel for seen in seen_by_units for pixel in seen), default=-1)
        for i, seen in enumerate(seen_by_units):
            part = field.region(*[i if k == axis else 0 for k in range(len(shape) - 1)])[axis]
            assert seen <= set(range(part.start, part.stop)), (axis, i)
            low, high = interval.of(i)
            cut = len(interval.low) > 1 and high > last  # a resampled size that is rounded down leaves pixels out
            if interval.axis is None or (jump <= low <= high < n - jump and not cut):
                assert (min(seen), max(seen)) == (low, high), (axis, i)
                inside.append(max(seen) - min(seen) + 1)
        if len(inside) >= len(interval.low):
            assert field.size[axis] == max(inside)
    return field


sizes = st.integers(1, 3)


@st.composite
def windows(draw: Any) -> nn.Module:
    """A convolution or a pooling whose every position sees a pixel of the image."""
    kernel, stride, dilation = draw(st.integers(1, 4)), draw(sizes), draw(st.integers(1, 2))
    padding = draw(st.integers(0, kernel // 2))
    if draw(st.booleans()):
        return conv(kernel, stride=stride, padding=padding, dilation=dilation)
    return Apply(lambda x: mg.max_pool2d(x, kernel, stride, padding))


@given(st.lists(windows(), max_size=4))
def test_stacks_of_convolution_and_pooling(layers: Any) -> None:
    model = nn.Sequential(Apply(lambda x: 2 * x), *layers)
    try:
        model(np.zeros((1, 1, 50, 41)))
    except ValueError:
        reject()  # a window does not fit
    field = assert_true(model, (1, 50, 41))
    assert field.size[0] == field.size[1]


@st.composite
def resizings(draw: Any) -> nn.Module:
    """Resampling by scales whose products with the size are whole numbers or not."""
    match draw(st.sampled_from(["nearest", "bilinear", "aligned", "transposed", "shuffled"])):
        case "transposed":
            kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
            return conv_transpose(max(kernel, stride), stride=stride, padding=draw(st.integers(0, kernel // 2)))
        case "shuffled":
            r = draw(st.integers(1, 3))
            return Apply(lambda x: mg.pixel_shuffle(mg.concatenate([x] * r * r, axis=1), r))
        case "aligned":
            size = draw(st.integers(2, 30))
            return nn.Upsample(size=size, mode="bilinear", align_corners=True)
        case mode:
            return nn.Upsample(scale_factor=draw(st.sampled_from([0.5, 2, 3, 1.5, 0.75, 1.25])), mode=mode)


@given(st.lists(windows() | resizings(), min_size=1, max_size=3))
def test_windows_and_resampling(layers: Any) -> None:
    model = nn.Sequential(*layers)
    try:
        model(np.zeros((1, 1, 24, 24)))
    except ValueError:
        reject()  # a window does not fit
    assert_true(model, (1, 24, 24))


def bottleneck(x: Any) -> Any:
    return nn.Sequential(conv(1), nn.ReLU(), conv(3, padding=1), nn.ReLU(), conv(1))(x)


#: Models, an image that they take, and what the last layer's units see: size, jump and offset along its axes.
KNOWN: dict[str, tuple[nn.Module, tuple[int, ...], Any]] = {
    "one 7x7": (conv(7), (2, 12, 12), (7, 1, 3)),
    "three 3x3": (nn.Sequential(conv(3), conv(3), conv(3)), (2, 12, 12), (7, 1, 3)),
    "three 3x3 that keep the size": (nn.Sequential(*[conv(3, padding=1) for _ in range(3)]), (1, 12, 12), (7, 1, 0)),
    "dilation": (nn.Sequential(conv(3), conv(3, dilation=2), conv(3, dilation=4)), (1, 30, 30), (15, 1, 7)),
    "pooling": (nn.Sequential(conv(3), Apply(lambda x: mg.max_pool2d(x, 2)), conv(3)), (1, 20, 20), (8, 2, 3.5)),
    "one more pixel of padding after than before": (conv(4, padding="same"), (1, 9, 9), (4, 1, 0.5)),
    "mirrored": (conv(3, padding=1, padding_mode="reflect"), (1, 9, 9), (3, 1, 0)),
    "a residual block": (Residual(nn.Sequential(conv(3, padding=1), conv(3, padding=1))), (1, 9, 9), (5, 1, 0)),
    "with stride": (Residual(conv(3, stride=2, padding=1), conv(1, stride=2)), (1, 9, 9), (3, 2, 0)),
    "bottlenecks": (nn.Sequential(Residual(bottleneck), Residual(bottleneck)), (1, 9, 9), (5, 1, 0)),
    "inception": (
        Branches(conv(1), conv(3, padding=1), nn.Sequential(conv(1), conv(5, padding=2)), Apply(lambda x: x)),
        (2, 9, 9),
        (5, 1, 0),
    ),
    "shifted branches": (Branches(lambda x: x[:, :, :-2], lambda x: x[:, :, 2:]), (1, 9, 9), (None, 1, None)),
    "nearest": (nn.Upsample(scale_factor=2), (1, 8, 8), (1, Fraction(1, 2), 0)),
    "down and up": (
        nn.Sequential(Apply(lambda x: mg.max_pool2d(x, 2)), nn.Upsample(scale_factor=2), conv(3, padding=1)),
        (1, 12, 12),
        (4, 1, -0.5),
    ),
    "bilinear": (nn.Upsample(scale_factor=2, mode="bilinear"), (1, 8, 8), (2, Fraction(1, 2), -0.5)),
    "to a given size": (nn.Upsample(size=(12, 12)), (1, 9, 9), (1, Fraction(3, 4), 0)),
    "aligned": (nn.Upsample(size=9, mode="bilinear", align_corners=True), (1, 5, 5), (2, Fraction(1, 2), 0)),
    "transposed": (conv_transpose(4, stride=2, padding=1), (1, 8, 8), (2, Fraction(1, 2), -0.5)),
    "transposed, in steps": (conv_transpose(2, stride=2), (1, 8, 8), (1, Fraction(1, 2), 0)),
    "autoencoder": (
        nn.Sequential(conv(3, stride=2, padding=1), conv_transpose(4, stride=2, padding=1), conv(3)),
        (1, 24, 24),
        (7, 1, 0),
    ),
    "pixel shuffle": (
        Apply(lambda x: mg.pixel_shuffle(conv(3)(mg.concatenate([x] * 4, axis=1)), 2)),
        (1, 9, 9),
        (3, Fraction(1, 2), 1),
    ),
    "patches by reshape": (
        Apply(lambda x: x.reshape(len(x), 1, 4, 3, 4, 3).transpose(0, 3, 5, 1, 2, 4).reshape(len(x), 9, 4, 4)),
        (1, 12, 12),
        (3, 3, 1),
    ),
    "pooling by reshape": (Apply(lambda x: x.reshape(len(x), 1, 4, 3, 4, 3).max(axis=(3, 5))), (1, 12, 12), (3, 3, 1)),
    "slices": (Apply(lambda x: x[..., 1::2, 2:]), (1, 9, 9), ((1, 1), (2, 1), (1, 2))),
    "backwards": (Apply(lambda x: x[:, :, ::-1, ::-1]), (1, 9, 9), (1, -1, 8)),
    "changed axes": (Apply(lambda x: conv(3, stride=(2, 1))(x).transpose(0, 1, 3, 2)), (1, 9, 9), (3, (2, 1), 1)),
    "a border": (Apply(lambda x: mg.pad(x, ((0, 0), (0, 0), (2, 1), (2, 0)))), (1, 5, 5), (1, 1, -2)),
    "by einsum": (Apply(lambda x: mg.einsum("nchw,co->nohw", x, np.ones((2, 3)))), (2, 5, 5), (1, 1, 0)),
    "channels last": (
        Apply(lambda x: (x.transpose(0, 2, 3, 1) @ np.ones((2, 3))).transpose(0, 3, 1, 2)), (2, 5, 5), (1, 1, 0)
    ),
    "attention to channels": (
        Apply(lambda x: x * mg.sigmoid(x.mean(axis=(2, 3), keepdims=True))), (2, 6, 5), ((6, 5), (0, 0), (2.5, 2))
    ),
    "softmax over channels": (Apply(lambda x: mg.softmax(x, axis=1)), (2, 6, 5), (1, 1, 0)),
    "stacked": (Apply(lambda x: mg.stack([x, x], axis=2).sum(axis=2)), (2, 6, 5), (1, 1, 0)),
    "sound": (Apply(lambda x: mg.conv1d(x, np.ones((1, 1, 3)), stride=2)), (1, 16), (3, 2, 1)),
    "volumes": (Apply(lambda x: mg.conv3d(x, np.ones((1, 1, 1, 2, 3)))), (1, 3, 4, 5), ((1, 2, 3), 1, (0, 0.5, 1))),
}  # fmt: skip


def per_axis(value: Any, axes: int) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,) * axes


@pytest.mark.parametrize("name", KNOWN)
def test_known_models(name: str) -> None:
    model, shape, known = KNOWN[name]
    field = assert_true(model, shape)
    for found, expected in zip((field.size, field.jump, field.offset), known, strict=True):
        if expected is not None:
            assert found == per_axis(expected, len(shape) - 1)


def test_lenet_layer_by_layer() -> None:
    field = nn.receptive_field(nn.LeNet(), (1, 28, 28))
    assert [(row.name, row.size[0], row.jump[0], row.offset[0]) for row in field.layers][:7] == [
        ("conv1", 5, 1, 0),
        ("relu1", 5, 1, 0),
        ("pool1", 6, 2, 0.5),
        ("conv2", 14, 2, 4.5),
        ("relu2", 14, 2, 4.5),
        ("pool2", 16, 4, 5.5),
        ("flatten", 16, None, None),  # one pixel of one map each, in no order that the image knows
    ]
    assert {row.size for row in field.layers[7:]} == {(28, 28)}
    assert {(*row.jump, *row.offset) for row in field.layers[7:]} == {(0, 0, 13.5, 13.5)}
    assert field["pool2"].region(0, 4) == (slice(0, 14), slice(14, 28))
    assert field["fc3"].region(7, 9) == (slice(0, 28), slice(0, 28))
    assert field["conv1"].kind == "Conv2d"
    with pytest.raises(KeyError, match="there is no layer 'conv3'; there are conv1, relu1,"):
        field["conv3"]


def test_a_fully_connected_layer_sees_what_the_layer_before_does_and_no_more() -> None:
    """10 pixels, F = 3, S = 2: the last pixel is seen by nobody."""
    model = nn.Sequential(conv(3, stride=2), nn.Flatten(), nn.Linear(16, 2, dtype=np.float64))
    field = nn.receptive_field(model, (1, 10, 10)).layers[-1]
    assert (field.size, field.region(0, 0)) == ((9, 9), (slice(0, 9), slice(0, 9)))
    assert_true(nn.Sequential(model, Apply(lambda x: x.reshape(-1, 2, 1, 1))), (1, 10, 10))


def test_unordered_units_that_meet_others_see_everything() -> None:
    flat = Apply(lambda x: mg.relu(conv(3)(x).reshape(len(x), -1)) + x[:, :, 1:-1, 1:-1].reshape(len(x), -1))
    assert nn.receptive_field(flat, (1, 6, 6)).layers[-1].size == (3, 6)  # row by row the rows are in order
    one = Apply(lambda x: x * x[:, :, 2:3, 2:3])
    assert nn.receptive_field(one, (1, 6, 6)).layers[-1].size == (6, 6)


def test_an_operation_without_axes_sees_everything() -> None:
    model = nn.Sequential(conv(3), Apply(lambda x: mg.sort(x.reshape(len(x), 16)).reshape(-1, 1, 4, 4)), conv(3))
    assert [row.size for row in nn.receptive_field(model, (1, 6, 6)).layers] == [(3, 3), (6, 6), (6, 6)]
    assert nn.receptive_field(Apply(lambda x: mg.inv(x + np.eye(6))), (1, 6, 6)).layers[0].size == (6, 6)
    chosen = Apply(lambda x: x[:, :, [3, 0]])
    assert nn.receptive_field(chosen, (1, 6, 6)).layers[0].size == (6, 6)


def test_weights_that_depend_on_the_image_see_it() -> None:
    model = Apply(lambda x: mg.conv2d(x, mg.softmax(x[:1, :, :3, :3], axis=3)))
    assert nn.receptive_field(model, (1, 6, 6)).layers[0].size == (6, 6)


def test_a_container_is_listed_if_it_computes_something() -> None:
    model = nn.Sequential(first=Residual(nn.Sequential(conv(3, padding=1), nn.ReLU())), last=nn.Dropout())
    names = [row.name for row in nn.receptive_field(model, (1, 6, 6)).layers]
    assert names == ["first.layers.0", "first.layers.1", "first", "last"]
    assert [row.name for row in nn.receptive_field(nn.ReLU(), (1, 6, 6)).layers] == ["relu"]


def test_units_that_drift_apart_are_refused() -> None:
    """As in a U-Net whose image cannot be halved: 9 becomes 4, and 4 become 9 again."""
    around = nn.Sequential(Apply(lambda x: mg.max_pool2d(x, 2)), nn.Upsample(size=(9, 9)))
    with pytest.raises(ValueError, match=r"in add, of shape \(1, 1, 9, 9\), units with jumps of 8/9 and 1 pixels meet"):
        nn.receptive_field(Residual(around), (1, 9, 9))
    around = nn.Sequential(Apply(lambda x: mg.max_pool2d(x, 2)), nn.Upsample(size=(8, 8)))
    assert_true(Residual(around), (1, 8, 8))


def test_modes_are_restored_and_dropout_is_off() -> None:
    model = nn.Sequential(nn.Dropout(), conv(3))
    assert nn.receptive_field(model, (1, 6, 6))["1"].size == (3, 3)
    assert model.training


def test_the_table() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, (3, 5), stride=(1, 2), padding=1), nn.Upsample(scale_factor=2), nn.Flatten())
    assert str(nn.receptive_field(model, (1, 8, 9))) == (
        "Receptive fields of Sequential, in an image of 8 × 9\n"
        "───────────────────────────────────────────────────\n"
        "Layer (type)  Output shape    Size     Jump  Offset\n"
        "───────────────────────────────────────────────────\n"
        "0 (Conv2d)    (N, 2, 8, 4)   3 × 5    1 × 2   0 × 1\n"
        "1 (Upsample)  (N, 2, 16, 8)  3 × 5  1/2 × 1   0 × 1\n"
        "2 (Flatten)   (N, 256)       3 × 5        –       –"
    )


def test_errors() -> None:
    with pytest.raises(TypeError, match=r"expected a model composed of nn\.Modules, got function"):
        nn.receptive_field(lambda x: x, (1, 6, 6))
    with pytest.raises(ValueError, match=r"got input_shape \(6,\), expected the channels and the pixels of one sample"):
        nn.receptive_field(nn.Linear(6, 2), (6,))
    with mg.no_grad(), pytest.raises(RuntimeError, match="nothing was recorded"):
        nn.receptive_field(nn.ReLU(), (1, 6, 6))
    field = nn.receptive_field(nn.Sequential(nn.ReLU(), nn.Flatten()), (1, 6, 6))
    for row, place in [(field["0"], (1,)), (field["1"], (0, 0))]:
        with pytest.raises(
            ValueError, match=r"^region: got the position .* expected 2 numbers, and units arranged like the"
        ):
            row.region(*place)
