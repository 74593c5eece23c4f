"""What each layer computes, in which dtype, and what it says to a wrong input."""

from __future__ import annotations

import re

import numpy as np
import pytest

import minigrad as mg
import nn


@pytest.mark.parametrize("layer", [nn.Linear(4, 3), nn.Conv2d(4, 3, 2)], ids=lambda layer: type(layer).__name__)
def test_parameters_are_float32_within_one_over_root_fan_in(layer):
    fan_in = layer.weight.data[0].size
    for p in layer.parameters():
        assert p.dtype == np.float32
        assert np.abs(p.data).max() <= 1 / np.sqrt(fan_in)
    assert np.abs(nn.Linear(100, 100, rng=0).weight.data).max() > 0.09  # and they use the room


def test_the_same_seed_gives_the_same_layer():
    assert np.array_equal(nn.Conv2d(2, 3, 3, rng=5).weight.data, nn.Conv2d(2, 3, 3, rng=5).weight.data)
    assert not np.array_equal(nn.Linear(2, 3, rng=5).weight.data, nn.Linear(2, 3, rng=6).weight.data)


CONVOLUTIONS = [
    (nn.Conv1d, mg.conv1d, 1),
    (nn.Conv2d, mg.conv2d, 2),
    (nn.Conv3d, mg.conv3d, 3),
    (nn.ConvTranspose1d, mg.conv_transpose1d, 1),
    (nn.ConvTranspose2d, mg.conv_transpose2d, 2),
    (nn.ConvTranspose3d, mg.conv_transpose3d, 3),
]


@pytest.mark.parametrize(("layer", "function", "axes"), CONVOLUTIONS, ids=lambda part: getattr(part, "__name__", ""))
def test_convolutions_hand_all_their_arguments_on(layer, function, axes):
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
def test_convolutions_start_as_pytorch_lets_them(layer, function, axes):
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
def test_convolutions_that_cannot_be_made(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_layers_without_bias():
    assert [name for name, _ in nn.Conv2d(1, 2, 3, bias=False).named_parameters()] == ["weight"]
    layer = nn.Linear(2, 2, bias=False, dtype=np.float64)
    assert np.array_equal(layer(np.eye(2)).data, layer.weight.data.T)
    assert repr(layer) == "Linear(2, 2, bias=False)"


def test_lenet_has_the_sizes_of_the_lecture():
    shapes = [row.output_shape for row in nn.summary(nn.LeNet(), (1, 28, 28)).layers]
    assert shapes[:7] == [(6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 10, 10), (16, 5, 5), (400,)]
    assert sum(p.size for p in nn.LeNet().parameters()) == 61_706


def test_the_digit_recognizer_has_the_table_of_the_lecture():
    """The lecture writes channels last, and its last layer has 100 units, which it takes for 10 × 10."""
    shown = ("Conv2d", "MaxPool2d", "Dropout", "Flatten", "Linear")
    rows = [row for row in nn.summary(nn.DigitCNN(100), (1, 28, 28)).layers if row.kind in shown]
    assert [(row.output_shape, row.parameters) for row in rows] == [
        ((8, 28, 28), 208),
        ((8, 14, 14), 0),
        ((8, 14, 14), 0),
        ((16, 14, 14), 1_168),
        ((16, 7, 7), 0),
        ((16, 7, 7), 0),
        ((784,), 0),
        ((256,), 200_960),
        ((256,), 0),
        ((100,), 25_700),
    ]


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
def test_what_does_not_fit_is_refused_as_in_the_lectures(size, stride, message):
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


def test_summary_counts_a_shared_layer_once():
    shared = nn.Linear(3, 3)
    table = nn.summary(nn.Sequential(shared, nn.ReLU(), shared), (3,))
    assert [row.parameters for row in table.layers] == [12, 0, 0]
    assert table.total == 12
    assert "Total parameters: 12" in str(table)


def test_summary_leaves_modes_as_they_were():
    model = nn.Sequential(nn.Dropout(), nn.Linear(3, 3))
    model[0].eval()
    nn.summary(model, (3,))
    assert [module.training for _, module in model.named_modules()] == [True, False, True]


def test_dropout_keeps_the_expected_sum_and_the_dtype():
    x = np.ones((200, 200), dtype=np.float32)
    y = nn.Dropout(0.25, rng=0)(x)
    assert y.dtype == np.float32
    assert set(np.unique(y)) == {np.float32(0), np.float32(1 / 0.75)}
    assert abs(y.mean() - 1) < 0.01
    assert not nn.Dropout(1.0)(x).any()
    assert nn.Dropout(0.25).eval()(x) is x
    with pytest.raises(ValueError, match="p is a probability"):
        nn.Dropout(1.5)


def test_dropout_lets_the_error_signal_through_where_it_kept_the_value():
    x = mg.Tensor(np.ones(100), requires_grad=True)
    y = nn.Dropout(0.5, rng=0)(x)
    y.sum().backward()
    assert np.array_equal(x.grad, y.data)


def test_activations():
    x = np.array([-2.0, 0.0, 3.0])
    assert np.array_equal(nn.ReLU()(x), [0, 0, 3])
    assert np.allclose(nn.Sigmoid()(x), 1 / (1 + np.exp(-x)))
    assert np.array_equal(nn.Tanh()(x), np.tanh(x))


def test_losses():
    z = mg.Tensor([[1.0, 2.0, 0.5]], requires_grad=True)
    nn.CrossEntropyLoss()(z, np.array([1])).backward()
    assert np.allclose(z.grad, mg.softmax(z).data - [[0, 1, 0]])
    assert nn.MSELoss()(np.array([1.0, 2.0]), np.array([1.0, 5.0])) == 4.5
    equal, labels = np.zeros((2, 3)), np.array([0, 1])
    assert nn.CrossEntropyLoss("sum")(equal, labels) == pytest.approx(2 * np.log(3))
    assert np.allclose(nn.CrossEntropyLoss("none")(equal, labels), np.log(3))
    with pytest.raises(ValueError, match=r"output has shape \(2, 1\), but target \(2,\)"):
        nn.MSELoss()(np.ones((2, 1)), np.ones(2))


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (nn.Linear(4, 2), (3, 5), r"input has shape \(3, 5\) and weight \(2, 4\).*did you mean Linear\(5, 2\)"),
        (nn.Linear(4, 2), (3, 1, 2, 2), r"nn.Flatten\(\)"),
        (nn.Conv2d(3, 6, 5), (8, 1, 32, 32), r"did you mean Conv2d\(1, 6, 5\)"),
        (nn.Conv2d(1, 6, 5), (1, 32, 32), r"a single image needs a batch axis"),
        (nn.Conv2d(1, 6, 5), (1, 1, 4, 4), r"⌊\(4 − 5 \+ 2·0\) / 1⌋ \+ 1 = 0"),
        (nn.Conv2d(1, 6, 3, stride=0), (1, 1, 4, 4), r"conv2d: stride must be a whole number ≥ 1"),
        (nn.Conv2d(1, 6, 3, stride=2, strict=True), (1, 1, 10, 10), r"\(10 − 3 \+ 2·0\) / 2 \+ 1 = 4.5"),
        (nn.Conv1d(1, 6, 3), (1, 2, 10), r"did you mean Conv1d\(2, 6, 3\)"),
        (nn.ConvTranspose2d(4, 2, 3), (1, 3, 5, 5), r"did you mean ConvTranspose2d\(3, 2, 3\)"),
        (nn.MaxPool2d(3), (1, 1, 2, 8), r"window of 3 rows does not fit into 2 rows"),
    ],
)
def test_errors_teach(layer, shape, message):
    with pytest.raises(ValueError, match=message):
        layer(np.ones(shape, dtype=np.float32))
