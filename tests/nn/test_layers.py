"""What each layer computes, in which dtype, and what it says to a wrong input."""

from __future__ import annotations

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


def test_layers_without_bias():
    assert [name for name, _ in nn.Conv2d(1, 2, 3, bias=False).named_parameters()] == ["weight"]
    layer = nn.Linear(2, 2, bias=False, dtype=np.float64)
    assert np.array_equal(layer(np.eye(2)).data, layer.weight.data.T)
    assert repr(layer) == "Linear(2, 2, bias=False)"


def test_lenet_has_the_sizes_of_the_lecture():
    shapes = [row.output_shape for row in nn.summary(nn.LeNet(), (1, 28, 28)).layers]
    assert shapes[:7] == [(6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 10, 10), (16, 5, 5), (400,)]
    assert sum(p.size for p in nn.LeNet().parameters()) == 61_706


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
        (nn.MaxPool2d(3), (1, 1, 2, 8), r"window of 3 rows does not fit into 2 rows"),
    ],
)
def test_errors_teach(layer, shape, message):
    with pytest.raises(ValueError, match=message):
        layer(np.ones(shape, dtype=np.float32))
