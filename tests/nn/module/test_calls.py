"""A call of a module passes its arguments on to forward, by position and by keyword, wherever modules are called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
IMAGE = np.random.default_rng(1).normal(size=(1, 1, 6, 6)).astype(np.float32)
MODULES = [cls for name in nn.__all__ if isinstance(cls := getattr(nn, name), type) and issubclass(cls, nn.Module)]


class Scaled(nn.Module):
    """With arguments of every sort."""

    def __init__(self) -> None:
        self.linear = nn.Linear(4, 2, rng=0)

    def forward(self, x: Any, /, shift: Any = 0.0, *others: Any, scale: Any = 1.0, **more: Any) -> Any:
        return scale * self.linear(x=x) + shift + sum(others) + sum(more.values())


@pytest.mark.parametrize("module", MODULES, ids=lambda cls: cls.__name__)
def test_no_module_has_a_call_of_its_own(module: type) -> None:
    assert "__call__" not in vars(module) or module is nn.Module


def test_arguments_arrive_as_they_were_given() -> None:
    model = Scaled()
    y = model(X).data
    np.testing.assert_allclose(model(X, scale=2.0).data, 2 * y)
    np.testing.assert_allclose(model(X, 1.0, 2.0, scale=2.0, more=3.0).data, 2 * y + 6, rtol=1e-6)
    np.testing.assert_allclose(model(X, shift=mg.Tensor(1.0)).data, y + 1)


def test_layers_and_losses_take_their_arguments_by_name() -> None:
    np.testing.assert_array_equal(nn.Linear(4, 2, rng=0)(x=X).data, nn.Linear(4, 2, rng=0)(X).data)
    np.testing.assert_array_equal(nn.Sequential(nn.ReLU(), nn.Flatten())(x=IMAGE), nn.Flatten()(nn.ReLU()(IMAGE)))
    labels = np.array([0, 1, 2])
    assert nn.CrossEntropyLoss()(X, target=labels) == nn.CrossEntropyLoss()(X, labels)
    y, indices = nn.MaxPool2d(2, return_indices=True)(x=IMAGE)
    unpool = nn.MaxUnpool2d(2)
    np.testing.assert_array_equal(unpool(y, indices=indices, output_size=(6, 6)), unpool(y, indices, (6, 6)))


def test_gradients_flow_through_keywords() -> None:
    model, scale = Scaled(), mg.Tensor(2.0, requires_grad=True)
    mg.sum(model(X, scale=scale)).backward()
    np.testing.assert_allclose(scale.grad, model.linear(X).data.sum(), rtol=1e-3)
    np.testing.assert_allclose(mg.grad(lambda s: mg.sum(model(X, scale=s)))(2.0), scale.grad, rtol=1e-6)
    light = mg.checkpoint(model)
    np.testing.assert_allclose(mg.grad(lambda s: mg.sum(light(X, scale=s)))(2.0), scale.grad, rtol=1e-6)


def test_what_watches_calls_sees_those_with_keywords() -> None:
    class Outer(nn.Module):
        def __init__(self) -> None:
            self.inner = Scaled()

        def forward(self, x: Any, gain: float = 3.0) -> Any:
            return self.inner(x, scale=gain)

    model, seen = Outer(), []
    with nn.observe(lambda module, y: seen.append(type(module).__name__)):
        y = model(x=X, gain=2.0)
    assert seen == ["Linear", "Scaled", "Outer"]
    assert y.scope.label.name == "inner"
    assert [layer.name for layer in nn.summary(model, (4,)).layers] == ["inner.linear", "inner"]
    np.testing.assert_array_equal(nn.predict(model, X), model(X).data)


def test_a_wrong_keyword_is_pythons_error_in_the_name_of_forward() -> None:
    with pytest.raises(TypeError, match=r"Linear\.forward\(\) got an unexpected keyword argument 'mask'"):
        nn.Linear(4, 2)(X, mask=None)
