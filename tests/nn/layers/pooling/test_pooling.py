"""Pooling layers compute the functions of their names, and their repr shows their arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

IMAGES = {axes: np.random.default_rng(0).normal(size=(2, 3, *(6, 5, 4)[:axes])) for axes in (1, 2, 3)}

#: (layer, its arguments, those of the function after the images, the arguments in its repr)
LAYERS: list[tuple[str, dict[str, Any], tuple[Any, ...], str]] = [
    ("MaxPool", {"kernel_size": 2}, (2,), "2"),
    ("MaxPool", {"kernel_size": 2, "stride": 2, "padding": 0, "dilation": 1}, (2,), "2"),
    (
        "MaxPool",
        {"kernel_size": 2, "stride": 1, "padding": 1, "dilation": 2, "return_indices": True, "ceil_mode": True},
        (2, 1, 1, 2, True, True),
        "2, stride=1, padding=1, dilation=2, return_indices=True, ceil_mode=True",
    ),
    ("AvgPool", {"kernel_size": 3}, (3,), "3"),
    (
        "AvgPool",
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False},
        (3, 2, 1, True, False),
        "3, stride=2, padding=1, ceil_mode=True, count_include_pad=False",
    ),
    ("LPPool", {"norm_type": 2, "kernel_size": 2}, (2, 2), "2, 2"),
    ("LPPool", {"norm_type": 1.5, "kernel_size": 2, "stride": 1, "ceil_mode": True}, (1.5, 2, 1, True),
     "1.5, 2, stride=1, ceil_mode=True"),
    ("AdaptiveAvgPool", {"output_size": 3}, (3,), "3"),
    ("AdaptiveMaxPool", {"output_size": None}, (None,), "None"),
    ("AdaptiveMaxPool", {"output_size": 3, "return_indices": True}, (3, True), "3, return_indices=True"),
]  # fmt: skip

FUNCTIONS = {
    "MaxPool": "max_pool", "AvgPool": "avg_pool", "LPPool": "lp_pool", "AdaptiveAvgPool": "adaptive_avg_pool",
    "AdaptiveMaxPool": "adaptive_max_pool",
}  # fmt: skip


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(("layer", "how", "args", "text"), LAYERS)
def test_layers_compute_the_functions(layer: str, how: dict[str, Any], args: Any, text: str, axes: int) -> None:
    made = getattr(nn, f"{layer}{axes}d")(**how)
    found, expected = made(IMAGES[axes]), getattr(mg, f"{FUNCTIONS[layer]}{axes}d")(IMAGES[axes], *args)
    if isinstance(expected, tuple):
        np.testing.assert_array_equal(found[1], expected[1])
        found, expected = found[0], expected[0]
    np.testing.assert_array_equal(found, expected)
    assert repr(made) == f"{layer}{axes}d({text})"


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_unpooling_layers(axes: int) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, *(6, 4, 2)[:axes]))
    y, indices = getattr(nn, f"MaxPool{axes}d")(2, return_indices=True)(x)
    unpool = getattr(nn, f"MaxUnpool{axes}d")(2)
    larger = tuple(n + 1 for n in x.shape[2:])
    for size in (None, x.shape, larger):
        expected = getattr(mg, f"max_unpool{axes}d")(y, indices, 2, output_size=size)
        assert expected.shape[2:] == (larger if size == larger else x.shape[2:])
        np.testing.assert_array_equal(unpool(y, indices, size), expected)
    assert repr(unpool) == f"MaxUnpool{axes}d(2)"
    assert repr(getattr(nn, f"MaxUnpool{axes}d")(3, 2, 1)) == f"MaxUnpool{axes}d(3, stride=2, padding=1)"


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_global_layers(axes: int) -> None:
    np.testing.assert_array_equal(nn.GlobalAvgPool()(IMAGES[axes]), mg.global_avg_pool(IMAGES[axes]))
    np.testing.assert_array_equal(nn.GlobalMaxPool()(IMAGES[axes]), mg.global_max_pool(IMAGES[axes]))
    assert repr(nn.GlobalAvgPool()) == "GlobalAvgPool()"


def test_a_divisor_and_arguments_equal_for_all_axes() -> None:
    layer = nn.AvgPool2d((2, 2), 2, (0, 0), divisor_override=3)
    assert repr(layer) == "AvgPool2d((2, 2), divisor_override=3)"
    np.testing.assert_array_equal(layer(IMAGES[2]), mg.avg_pool2d(IMAGES[2], 2, divisor_override=3))
    with pytest.raises(TypeError, match="divisor_override"):
        nn.AvgPool1d(2, divisor_override=3)  # type: ignore[call-arg]
    assert repr(nn.MaxPool2d(2, padding=((0, 1), (1, 0)))) == "MaxPool2d(2, padding=((0, 1), (1, 0)))"
    assert repr(nn.MaxPool2d([2, 2], padding=[[0, 0], [0, 0]])) == "MaxPool2d([2, 2])"  # type: ignore[arg-type]
    assert repr(nn.MaxPool2d(3, 1, "same")) == "MaxPool2d(3, stride=1, padding='same')"
    assert repr(nn.MaxPool2d((2, 3), (2, 3))) == "MaxPool2d((2, 3))"


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(("layer", "args"), [("MaxPool", (2,)), ("AvgPool", (2,)), ("LPPool", (2, 2))])
def test_strict_layers_refuse_images_that_do_not_fit(layer: str, args: Any, axes: int) -> None:
    made = getattr(nn, f"{layer}{axes}d")(*args, strict=True)
    assert repr(made) == f"{layer}{axes}d({', '.join(map(str, args))}, strict=True)"
    even = np.ones((1, 2, *(6,) * axes))
    np.testing.assert_array_equal(made(even), getattr(nn, f"{layer}{axes}d")(*args)(even))
    with pytest.raises(ValueError, match=r"does not fit evenly into 7 .* = 3\.5 is not a whole number"):
        made(np.ones((1, 2, *(7,) * axes)))


class Autoencoder(nn.Module):
    """It unpools the maxima to where they came from."""

    def __init__(self) -> None:
        self.pool = nn.MaxPool2d(2, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2)

    def forward(self, x: Any) -> Any:
        """x with only the maximum of each window."""
        return self.unpool(*self.pool(x))


def test_a_layer_with_two_outputs_among_others() -> None:
    shown = nn.summary(Autoencoder(), (3, 4, 6))
    assert [layer.output_shape for layer in shown.layers] == [(3, 2, 3), (3, 4, 6)]
    x = mg.Tensor(np.arange(8.0).reshape(1, 1, 2, 4), requires_grad=True)
    Autoencoder()(x).sum().backward()
    np.testing.assert_array_equal(x.grad[0, 0], [[0, 0, 0, 0], [0, 1, 0, 1]])
