"""Multiply-adds: against the counts of papers and lectures, and against the weights between inputs and outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.modules import LAYERS, example


def count(model: nn.Module, shape: tuple[int, ...]) -> int:
    return nn.summary(model, shape).multiply_adds


class Forward(nn.Module):
    """A function as a layer."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)


def test_lenet_by_hand() -> None:
    rows = {row.name: row.multiply_adds for row in nn.summary(nn.LeNet(), (1, 28, 28)).layers}
    assert {name: n for name, n in rows.items() if n} == {
        "conv1": 28 * 28 * 6 * (5 * 5),
        "conv2": 10 * 10 * 16 * (5 * 5 * 6),
        "fc1": 400 * 120,
        "fc2": 120 * 84,
        "fc3": 84 * 10,
    }


def test_vgg_by_hand() -> None:
    pixels, channels, by_hand = 32 * 32, 3, 512 * 10
    for width in (64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"):
        if isinstance(width, int):
            by_hand += pixels * width * 9 * channels
            channels = width
        else:
            pixels //= 4
    model = nn.VGG(11, 10, 32)
    rows = nn.summary(model, (3, 32, 32)).layers
    assert sum(row.multiply_adds or 0 for row in rows if row.kind == "Conv2d") == by_hand - 512 * 10


def test_the_lectures_slice() -> None:
    """10 filters 5×5 over 32×32 pixels of 3 channels, padded by 2: each of 10,240 outputs sums 75 products."""
    assert count(nn.Conv2d(3, 10, 5, padding=2), (3, 32, 32)) == 10_240 * 75


linear_layers = {
    "convolution": (nn.Conv2d(2, 3, 3, bias=False), (2, 6, 5)),
    "stride": (nn.Conv2d(2, 3, (2, 3), stride=(2, 1), bias=False), (2, 7, 6)),
    "groups": (nn.Conv2d(4, 6, 3, groups=2, bias=False), (4, 5, 5)),
    "depthwise": (nn.Conv2d(4, 4, 3, groups=4, bias=False), (4, 5, 5)),
    "dilation": (nn.Conv1d(2, 3, 3, dilation=2, bias=False), (2, 9)),
    "volumes": (nn.Conv3d(1, 2, 2, bias=False), (1, 3, 4, 3)),
    "transposed": (nn.ConvTranspose2d(2, 3, 3, stride=2, bias=False), (2, 3, 4)),
    "transposed in groups": (nn.ConvTranspose1d(4, 6, 3, groups=2, bias=False), (4, 5)),
    "fully connected": (nn.Linear(5, 3, bias=False), (5,)),
    "fully connected, for each token": (nn.Linear(5, 3, bias=False), (4, 5)),
    "two layers": (nn.Sequential(nn.Conv2d(1, 1, 3, bias=False), nn.Flatten()), (1, 5, 5)),
    "matrix from the right": (Forward(lambda x: x @ np.arange(1.0, 7).reshape(2, 3)), (4, 2)),
    "matrix from the left": (Forward(lambda x: np.arange(1.0, 7).reshape(3, 2) @ x), (2, 4)),
    "einsum": (Forward(lambda x: mg.einsum("ntc,cd->ndt", x, np.arange(1.0, 7).reshape(2, 3))), (4, 2)),
    "tensordot": (Forward(lambda x: mg.tensordot(x, np.arange(1.0, 7).reshape(2, 3), axes=(2, 0))), (4, 2)),
    "full": (Forward(lambda x: mg.convolve(x[0], [1.0, 2.0, 3.0])[None]), (5,)),
    "valid": (Forward(lambda x: mg.correlate(x[0], [1.0, 2.0, 3.0], "valid")[None]), (5,)),
    "valid, within a longer one": (Forward(lambda x: mg.convolve(x[0], np.arange(1.0, 8), "valid")[None]), (5,)),
}  # fmt: skip


@pytest.mark.parametrize("name", linear_layers)
def test_one_for_each_weight_between_an_input_and_an_output(name: str) -> None:
    """Without padding a linear layer does one for each element of its Jacobian that is not zero."""
    model, shape = linear_layers[name]
    model = model.to(dtype=np.float64) if any(True for _ in model.parameters()) else model
    jacobian = mg.jacobian(lambda x: model(x[None])[0])(np.ones(shape))
    assert count(model, shape) == np.count_nonzero(jacobian)


@pytest.mark.parametrize(
    ("function", "products"),
    [
        (lambda x: mg.einsum("ni->n", x), 0),  # sums alone
        (lambda x: mg.einsum("ni,ij,j->n", x, np.ones((4, 3)), np.ones(3)), 2 * 4 * 3),
        (lambda x: mg.einsum("ni,ij,jk->nk", x, np.ones((4, 3)), np.ones((3, 5)), optimize=True), 4 * 3 + 3 * 5),
        (lambda x: mg.einsum("ni,oij,nj->no", x, np.ones((2, 4, 4)), x, optimize=True), 2 * 4 * 4 + 2 * 4),
        (lambda x: mg.outer(x[0], [1.0, 2.0])[None], 4 * 2),
        (lambda x: (x @ np.ones(4))[:, None], 4),
        (lambda x: x[:, :, None] @ x[:, None, :], 4 * 4),
        (lambda x: x * x + 3.0, 0),  # no products are summed
        (lambda x: mg.softmax(x, axis=1), 0),
    ],
)
def test_products_of_several_arrays(function: Any, products: int) -> None:
    assert count(Forward(function), (4,)) == products


@mg.primitive(axes=mg.Axes(multiply_adds=lambda operation: 7 * operation.output.size))
def own_products(x: Any) -> Any:
    return 7 * x


def test_an_operation_of_ones_own_states_them() -> None:
    assert count(Forward(own_products), (3, 2)) == 7 * 6
    assert count(Forward(own_products), (0,)) == 0


def test_a_container_has_those_that_it_computes_itself() -> None:
    class Attention(nn.Module):
        def __init__(self) -> None:
            self.keys = nn.Linear(4, 2)

        def forward(self, x: Any) -> Any:
            keys = self.keys(x)
            return mg.softmax(keys @ keys.transpose(0, 2, 1), axis=-1) @ keys

    table = nn.summary(nn.Sequential(Attention()), (5, 4))
    assert [(row.name, row.multiply_adds) for row in table.layers] == [
        ("0.keys", 5 * 4 * 2), ("0", 5 * 5 * 2 + 5 * 5 * 2)
    ]  # fmt: skip
    assert table.multiply_adds == 40 + 100


def test_each_call_of_a_shared_layer_counts() -> None:
    shared = nn.Linear(3, 3)
    table = nn.summary(nn.Sequential(shared, nn.ReLU(), shared), (3,))
    assert [row.multiply_adds for row in table.layers] == [9, 0, 9]
    assert table.multiply_adds == 18


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer(name: str) -> None:
    """Frozen or not; layers without products have none."""
    model, x = example(name)
    n = count(model, x.shape[1:])
    has_products = {"Bilinear", "Concat", "Linear", "MLP", "Maxout", "Residual", "Sequential"}
    assert (n > 0) == (name in has_products or name.startswith("Conv"))
    for p in model.parameters():
        p.requires_grad = False
    assert count(model, x.shape[1:]) == n


def test_bilinear() -> None:
    """Two vectors of 4 and 3 numbers, and 2 outputs: x₁ W first, then times x₂."""
    model, x = example("Bilinear")
    assert count(model, x.shape[1:]) == 2 * 4 * 3 + 2 * 3


def test_frozen_tables_of_numbered_inputs_hide_nothing() -> None:
    model = nn.Sequential(nn.Embedding(9, 3, rng=0), nn.Linear(3, 2, rng=0)).requires_grad_(False)
    assert count(model, (4,)) == 4 * 3 * 2
    assert not any(p.requires_grad for p in model.parameters())


def test_what_is_not_recorded_is_not_called_zero() -> None:
    class Features(nn.Module):
        def __init__(self) -> None:
            self.fixed, self.head = nn.Linear(4, 3), nn.Linear(3, 2)

        def forward(self, x: Any) -> Any:
            with mg.no_grad():
                features = self.fixed(x)
            return self.head(features)

    table = nn.summary(Features(), (4,))
    assert [row.multiply_adds for row in table.layers] == [None, 6]
    assert "at least 6 multiply-adds" in str(table)
    assert "?: not recorded" in str(table)
