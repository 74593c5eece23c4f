"""Layer, group, instance, root mean square and local response normalization: what their settings do, and errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.parametrized.ids import shown

DRAW = np.random.default_rng(0).normal
X = DRAW(size=(2, 4, 3, 5)).astype(np.float32)


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        (nn.LayerNorm((3, 5)), lambda x: mg.layer_norm(x, (3, 5))),
        (nn.LayerNorm(5, eps=0.1, elementwise_affine=False), lambda x: mg.layer_norm(x, 5, eps=0.1)),
        (nn.LayerNorm([4, 3, 5], bias=False), lambda x: mg.layer_norm(x, (4, 3, 5))),
        (nn.RMSNorm(5), lambda x: mg.rms_norm(x, 5)),
        (nn.RMSNorm((3, 5), eps=0.1, elementwise_affine=False), lambda x: mg.rms_norm(x, (3, 5), eps=0.1)),
        (nn.GroupNorm(2, 4), lambda x: mg.group_norm(x, 2)),
        (nn.GroupNorm(1, 4, eps=0.1, affine=False), lambda x: mg.group_norm(x, 1, eps=0.1)),
        (nn.InstanceNorm2d(4), mg.instance_norm),
        (nn.InstanceNorm2d(4, eps=0.1, affine=True, bias=False), lambda x: mg.instance_norm(x, eps=0.1)),
        (nn.LocalResponseNorm(3, 0.1, 0.5, 2.0), lambda x: mg.local_response_norm(x, 3, 0.1, 0.5, 2.0)),
    ],
    ids=shown,
)
def test_a_layer_is_its_function(layer: Any, function: Any) -> None:
    np.testing.assert_allclose(getattr(layer(X), "data", layer(X)), function(X), rtol=1e-6, atol=1e-6)
    for parameter in layer.parameters():
        parameter.data = 2 + DRAW(size=parameter.shape).astype(np.float32)
    y, x = layer(X), mg.Tensor(X, requires_grad=True)
    if layer.state_dict():
        names = list(layer.state_dict())
        assert names == ["weight", "bias"][: len(names)]
        assert not np.allclose(y.data, function(X))
        layer(x).sum().backward()
        assert layer.weight.grad.shape == layer.weight.shape
    layer.eval()
    np.testing.assert_array_equal(layer(x).data, getattr(y, "data", y))


def test_one_image_alone_is_normalized_as_in_a_batch() -> None:
    for axes, shape in ((1, (2, 5)), (2, (2, 3, 4)), (3, (2, 1, 3, 2))):
        x = DRAW(size=shape)
        layer = getattr(nn, f"InstanceNorm{axes}d")(2)
        np.testing.assert_array_equal(layer(x), layer(x[None])[0])


def test_running_values_of_instances() -> None:
    layer = nn.InstanceNorm1d(4, track_running_stats=True, momentum=None, dtype=np.float64)
    xs = DRAW(size=(3, 2, 4, 6))
    for x in xs:
        np.testing.assert_allclose(layer(x), mg.instance_norm(x))
    np.testing.assert_allclose(layer.running_mean.data, xs.mean(axis=(0, 1, 3)))
    np.testing.assert_allclose(layer.running_var.data, xs.var(axis=3, ddof=1).mean(axis=(0, 1)))
    y = layer.eval()(xs[0])
    mean, var = layer.running_mean.data[:, None], layer.running_var.data[:, None]
    np.testing.assert_allclose(y, (xs[0] - mean) / np.sqrt(var + 1e-5))


def test_alexnets_settings() -> None:
    """The formula of the paper, without a division by n."""
    a = DRAW(size=(1, 8, 2, 2))
    b = nn.LocalResponseNorm(5, alpha=5e-4, k=2)(a)
    for i in range(8):
        squares = (a[:, max(0, i - 2) : min(7, i + 2) + 1] ** 2).sum(axis=1)
        np.testing.assert_allclose(b[:, i], a[:, i] / (2 + 1e-4 * squares) ** 0.75, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.LayerNorm((4, 5))(X), ValueError, r"normalized_shape=\(4, 5\), expected .* has length 5"),
        (lambda: nn.LayerNorm(()), ValueError, "normalized_shape is empty"),
        (lambda: nn.LayerNorm(2.5), TypeError, "expected a whole number"),
        (lambda: nn.RMSNorm(4)(X), ValueError, r"got an input of shape \(2, 4, 3, 5\)"),
        (lambda: nn.GroupNorm(3, 4), ValueError, "num_groups that do: 1, 2, 4"),
        (lambda: nn.GroupNorm(2, 6)(X), ValueError, r"did you mean GroupNorm\(2, 4\)"),
        (lambda: nn.GroupNorm(4, 4)(np.ones((2, 4))), ValueError, "one value each"),
        (lambda: nn.InstanceNorm2d(3)(X), ValueError, r"did you mean InstanceNorm2d\(4\)"),
        (lambda: nn.InstanceNorm1d(4)(X), ValueError, "there is InstanceNorm2d"),
        (lambda: nn.InstanceNorm2d(4)(np.ones((2, 4, 1, 1))), ValueError, "several positions"),
        (lambda: nn.LocalResponseNorm(0), ValueError, "size is 0, expected at least 1"),
        (lambda: nn.LocalResponseNorm(3)(np.ones((2, 4))), ValueError, "at least one axis of positions"),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("layer", "sizes"),
    [
        (nn.LayerNorm((2, 6, 6)), [(3, 3), None, None]),
        (nn.GroupNorm(1, 2), [(3, 3), None, None]),
        (nn.InstanceNorm2d(2), [(3, 3), None, None]),
        (nn.LocalResponseNorm(3), [(3, 3), (3, 3), (5, 5)]),
    ],
    ids=repr,
)
def test_receptive_fields(layer: Any, sizes: Any) -> None:
    """Statistics over an image see all of it."""
    layers = nn.receptive_field(nn.Sequential(nn.Conv2d(1, 2, 3), layer, nn.Conv2d(2, 1, 3)), (1, 8, 8)).layers
    assert [found.size for found in layers] == [(8, 8) if size is None else size for size in sizes]


@pytest.mark.parametrize(
    "text",
    [
        "LayerNorm((3, 5))",
        "LayerNorm((5,), eps=0.1, elementwise_affine=False)",
        "LayerNorm((5,), bias=False)",
        "RMSNorm((5,))",
        "RMSNorm((5,), eps=0.1)",
        "GroupNorm(2, 4)",
        "GroupNorm(2, 4, affine=False)",
        "InstanceNorm2d(4)",
        "InstanceNorm2d(4, affine=True, track_running_stats=True)",
        "LocalResponseNorm(5, alpha=0.1, k=2.0)",
    ],
)
def test_how_they_are_shown(text: str) -> None:
    """The text constructs the layer again."""
    assert repr(eval(text, vars(nn).copy())) == text


def test_a_subclass_with_another_constructor_is_shown_by_the_settings_of_its_layer() -> None:
    class Norm(nn.BatchNorm2d):
        def __init__(self) -> None:
            super().__init__(8, momentum=0.5)

    assert repr(Norm()) == "Norm(8, momentum=0.5)"
