"""A backward pass on record: the error signals of all layers, and a model that is left as it was."""

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.analysis.backward_record import record_backward


class Branches(nn.Module):
    """A layer used twice, and a sum: the error signals of several uses add up."""

    def __init__(self):
        self.layer = nn.Linear(3, 3, rng=0)
        self.tanh = nn.Tanh()

    def forward(self, x):
        y = self.tanh(self.layer(x))
        return y + self.layer(y)


X = np.random.default_rng(0).normal(size=(2, 3))


def weighted(y, y_bar):
    return mg.sum(y * y_bar)


def test_signals_are_those_of_numeric_differentiation():
    """∂L/∂y of the tanh, whose output is used twice, and of the input, by central differences."""
    model, target = Branches(), np.random.default_rng(1).normal(size=(2, 3))
    for parameter in model.parameters():
        parameter.dtype = np.float64
    record = record_backward("test", model, X, target, weighted)
    assert [layer.path for layer in record.layers] == ["layer", "tanh", "layer", ""]

    def loss_from(y):
        return float(np.sum((y + model.layer(y)) * target))

    y, h = record.layers[1].y, 1e-6
    numeric = np.zeros_like(y)
    for place in np.ndindex(y.shape):
        step = np.zeros_like(y)
        step[place] = h
        numeric[place] = (loss_from(y + step) - loss_from(y - step)) / (2 * h)
    np.testing.assert_allclose(record.layers[1].y_bar, numeric, rtol=1e-6)
    np.testing.assert_allclose(record.layers[0].y_bar, numeric * (1 - y**2), rtol=1e-6)
    w = model.layer.weight.data
    back = w if np.allclose(model.layer(np.eye(3)).data - model.layer.bias.data, w.T) else w.T
    np.testing.assert_allclose(record.x_bar, record.layers[0].y_bar @ back, rtol=1e-6)
    np.testing.assert_array_equal(record.layers[3].y_bar, target)


def test_after_an_error_gradients_and_modes_are_as_before_and_no_hook_is_left():
    model = Branches().train()
    model.layer.weight.grad = before = np.ones((3, 3), np.float32)

    class Stop(Exception):
        pass

    def stop(_):
        raise Stop

    hook = model.layer.bias.register_hook(stop)
    with pytest.raises(Stop):
        record_backward("test", model, X, np.ones((2, 3)), weighted)
    assert model.layer.weight.grad is before
    assert model.layer.bias.grad is None
    assert model.training
    hook.remove()
    seen = record_backward("test", model, X, np.ones((2, 3)), weighted)
    assert seen.layers[-1].y_bar is not None


def test_without_a_target_nothing_is_recorded():
    record = record_backward("test", Branches(), X)
    assert (record.loss, record.x_bar, record.operations) == (None, None, [])
    assert all(layer.y_bar is None for layer in record.layers)
