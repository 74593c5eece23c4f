"""Batch-norm layers: their running values, their modes, their errors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

DRAW = np.random.default_rng(0).normal


def test_the_state_is_pytorchs() -> None:
    state = nn.BatchNorm2d(3).state_dict()
    assert list(state) == ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
    assert {name: a.shape for name, a in state.items()} == {
        **dict.fromkeys(["weight", "bias", "running_mean", "running_var"], (3,)),
        "num_batches_tracked": (),
    }
    assert state["num_batches_tracked"].dtype == np.int64
    assert state["running_var"].tolist() == [1, 1, 1]
    assert not nn.BatchNorm2d(3, affine=False, track_running_stats=False).state_dict()
    assert list(nn.BatchNorm1d(3, bias=False, track_running_stats=False).state_dict()) == ["weight"]


@pytest.mark.parametrize("momentum", [0.1, 0.5, None])
def test_running_values_of_three_batches(momentum: float | None) -> None:
    layer = nn.BatchNorm2d(2, momentum=momentum, dtype=np.float64)
    mean, var = np.zeros(2), np.ones(2)
    for step in range(1, 4):
        x = step + DRAW(size=(4, 2, 3, 3))
        layer(x)
        weight = 1 / step if momentum is None else momentum
        mean = (1 - weight) * mean + weight * x.mean(axis=(0, 2, 3))
        var = (1 - weight) * var + weight * x.var(axis=(0, 2, 3), ddof=1)
    np.testing.assert_allclose(layer.running_mean.data, mean)
    np.testing.assert_allclose(layer.running_var.data, var)
    assert layer.num_batches_tracked.data == 3
    layer.eval()
    before = layer.state_dict()
    y = layer(x)
    np.testing.assert_allclose(y.data[:, 1], (x[:, 1] - mean[1]) / np.sqrt(var[1] + 1e-5))
    assert all((before[name] == array).all() for name, array in layer.state_dict().items())


def test_a_batch_that_is_refused_leaves_the_running_values() -> None:
    layer = nn.BatchNorm1d(3)
    with pytest.raises(ValueError, match="more than one value per channel"):
        layer(np.ones((1, 3), np.float32))
    layer(np.ones((0, 3), np.float32))
    assert layer.running_mean.data.tolist() == [0, 0, 0]
    assert layer.num_batches_tracked.data == 0
    assert layer.eval()(np.ones((1, 3), np.float32)).shape == (1, 3)


def test_without_running_values_evaluation_takes_those_of_the_batch() -> None:
    layer, x = nn.BatchNorm1d(2, track_running_stats=False).eval(), DRAW(size=(8, 2)).astype(np.float32)
    np.testing.assert_allclose(layer(x).data, mg.batch_norm(x, training=True), rtol=1e-6)
    plain = nn.BatchNorm1d(2, affine=False)
    np.testing.assert_allclose(plain(x), mg.batch_norm(x, training=True), rtol=1e-6)


def test_running_values_have_no_gradient_and_keep_their_dtype() -> None:
    layer = nn.BatchNorm1d(2)
    layer(DRAW(size=(8, 2))).sum().backward()
    assert [name for name, _ in layer.named_parameters()] == ["weight", "bias"]
    assert layer.running_mean.dtype == layer.running_var.dtype == np.float32
    assert layer.running_mean.grad is None
    assert layer.weight.grad.shape == (2,)


def test_the_momentum_of_keras_is_warned_of() -> None:
    with pytest.warns(RuntimeWarning, match=r"BatchNorm1d: momentum is 0\.99.*write momentum=0\.01") as caught:
        layer = nn.BatchNorm1d(2, momentum=0.99)
    assert caught[0].filename == __file__
    with pytest.warns(RuntimeWarning, match=r"momentum is 0\.9"):
        layer.momentum = 0.9
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer.momentum = 0.5
        layer.momentum = None


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.BatchNorm2d(3)(np.ones((3, 4, 4))), ValueError, "there is BatchNorm1d"),
        (lambda: nn.BatchNorm3d(3)(np.ones((3, 4, 4, 4))), ValueError, "there is BatchNorm2d"),
        (lambda: nn.BatchNorm1d(3)(np.ones(3)), ValueError, r"expected vectors \(N, C\) or sequences .*write x"),
        (lambda: nn.BatchNorm2d(3)(np.ones((2, 4, 5, 5))), ValueError, r"did you mean BatchNorm2d\(4\)"),
        (lambda: nn.BatchNorm2d(0), ValueError, "num_features is 0, expected at least 1"),
        (lambda: nn.BatchNorm2d(2.5), TypeError, "expected a whole number"),
        (lambda: nn.BatchNorm2d(3, eps=-1), ValueError, "must not be negative"),
        (lambda: nn.BatchNorm2d(3, momentum=1.5), ValueError, "expected at most 1"),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_a_receptive_field_passes_it_unchanged() -> None:
    layers = (nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Conv2d(2, 2, 3))
    sizes = [layer.size for layer in nn.receptive_field(nn.Sequential(*layers), (1, 8, 8)).layers]
    assert sizes == [(3, 3), (3, 3), (5, 5)]


def test_it_is_shown_by_what_is_not_the_default() -> None:
    assert repr(nn.BatchNorm2d(3)) == "BatchNorm2d(3)"
    assert repr(nn.BatchNorm1d(3, momentum=None, affine=False)) == "BatchNorm1d(3, momentum=None, affine=False)"
    assert repr(nn.BatchNorm3d(3, bias=False)) == "BatchNorm3d(3, bias=False)"


def test_derivatives_in_training_go_through_the_layer_though_it_has_written_its_running_values() -> None:
    """A sweep that is recorded asks whether the arrays of the graph are still those of its Tensors."""
    layer = nn.BatchNorm2d(2).double()
    mg.check_grads(lambda x: layer(2 * x), np.random.default_rng(0).normal(size=(3, 2, 2, 2)), order=2)
    assert layer.num_batches_tracked.item() > 0
