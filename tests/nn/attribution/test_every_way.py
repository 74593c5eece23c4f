"""What every function of nn.attribution promises: classes, dtypes, errors, and a model that is as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.classifiers import convolutional, images

WAYS: dict[str, Callable[..., Any]] = {
    "saliency": nn.attribution.saliency,
    "guided_backpropagation": nn.attribution.guided_backpropagation,
    "deconvnet": nn.attribution.deconvnet,
    "grad_cam": lambda model, x, target=None: nn.attribution.grad_cam(model, x, getattr(model, "relu2", ""), target),
    "occlusion": lambda model, x, target=None: nn.attribution.occlusion(model, x, target, patch_size=4),
}
every = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
SIGNED_PIXELS = ("guided_backpropagation", "deconvnet")


def test_all_are_tested_here() -> None:
    assert set(WAYS) == set(nn.attribution.__all__)


@pytest.mark.parametrize("name", WAYS)
def test_shapes_and_dtypes(name: str) -> None:
    for model, dtype in ((convolutional(), np.float64), (convolutional().float(), np.float32)):
        found = WAYS[name](model, images(3))
        assert type(found) is np.ndarray
        assert found.dtype == dtype
        assert found.shape == ((3, 2, 8, 8) if name in SIGNED_PIXELS else (3, 8, 8))
        assert np.any(found)


@every
def test_the_class_is_the_predicted_one_if_none_is_given(way: Any) -> None:
    model, x = convolutional(), images(6)
    model.fc.bias.data = -nn.predict(model, x).mean(axis=0)
    predicted = nn.predict(model, x).argmax(axis=1)
    assert len(set(predicted)) > 1
    np.testing.assert_array_equal(way(model, x), way(model, x, predicted))
    np.testing.assert_array_equal(way(model, x, 1), way(model, x, np.ones(6, np.int64)))
    assert np.any(way(model, x, 1) != way(model, x, 2))


@every
def test_tensors_and_whole_numbers_are_taken(way: Any) -> None:
    model, x = convolutional(), images(2).round()
    np.testing.assert_array_equal(way(model, mg.Tensor(x)), way(model, x))
    np.testing.assert_array_equal(way(model, x.astype(np.int8)), way(model, x))


class Careless(nn.Module):
    """Counts its calls, draws random numbers and writes into a buffer, also in evaluation mode."""

    def __init__(self, fails: bool = False) -> None:
        super().__init__()
        self.inner = convolutional()
        self.relu2 = self.inner.relu2
        self.norm = nn.BatchNorm2d(2)
        self.dropout = nn.Dropout(0.5, rng=0)
        self.seen = nn.Buffer(np.zeros(1))
        self.rng = np.random.default_rng(0)
        self.calls = 0
        self.fails = fails

    def forward(self, x: Any) -> Any:
        self.calls += 1
        self.rng.random()
        self.seen.data = self.seen.data + 1
        y = self.inner(self.dropout(self.norm(x)))
        if self.fails:
            raise ArithmeticError("after all of it")
        return y


@pytest.mark.parametrize("fails", [False, True], ids=["", "after an error"])
@every
def test_the_model_is_left_as_it_was(way: Any, fails: bool) -> None:
    model = Careless(fails)
    for parameter in model.parameters():
        parameter.grad = np.full(parameter.shape, 7.0, parameter.dtype)
    model.norm.eval()
    modes = {path: module.training for path, module in model.named_modules()}
    state = {name: value.copy() for name, value in model.state_dict().items()}
    grads = {name: parameter.grad for name, parameter in model.named_parameters()}
    generator = model.rng.bit_generator.state

    def call() -> Any:
        return way(model, images(2).astype(np.float32))

    if fails:
        with pytest.raises(ArithmeticError):
            call()
    else:
        np.testing.assert_array_equal(call(), call())
    assert {path: module.training for path, module in model.named_modules()} == modes
    for name, parameter in model.named_parameters():
        assert parameter.grad is grads[name]
        assert np.all(parameter.grad == 7)
        assert parameter.requires_grad
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, state[name])
    assert (model.calls, model.rng.bit_generator.state) == (0, generator)


@every
def test_frozen_parameters_and_no_grad_are_no_obstacle(way: Any) -> None:
    model, x = convolutional(), images(2)
    expected = way(model, x)
    for parameter in model.parameters():
        parameter.requires_grad = False
    with mg.no_grad():
        np.testing.assert_array_equal(way(model, x), expected)
    assert not any(parameter.requires_grad for parameter in model.parameters())


NAMES = pytest.mark.parametrize("name", WAYS)


@NAMES
@pytest.mark.parametrize(
    ("target", "kind", "message"),
    [
        (3, ValueError, "there is no class 3; the model has 3 outputs, 0 to 2"),
        (-1, ValueError, "there is no class -1"),
        ([0, 1, 2], ValueError, r"target has shape \(3,\), expected one class, or \(2,\)"),
        (np.eye(3)[:2].astype(int), ValueError, r"target has shape \(2, 3\), .*; of one-hot rows take target.argmax"),
        (np.eye(3)[:2], TypeError, "of one-hot rows take target.argmax"),
        (1.0, TypeError, "target is the number of a class, or one for each input, got float64"),
        ([True, False], TypeError, "got bool"),
    ],
    ids=["too large", "negative", "too many", "one-hot", "one-hot floats", "float", "bool"],
)
def test_wrong_classes(name: str, target: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=f"{name}: {message}" if kind is ValueError else message):
        WAYS[name](convolutional(), images(2), target)


@NAMES
def test_wrong_models_and_inputs(name: str) -> None:
    way = WAYS[name]
    with pytest.raises(TypeError, match=f"{name}: expected a model, an nn.Module, got"):
        way(lambda x: x, images())
    with pytest.raises(TypeError, match=r"expected a batch of inputs as an array, .* got a list; of one image write"):
        way(convolutional(), [[1.0]])
    with pytest.raises(TypeError, match=r"got shape \(3,\)"):
        way(convolutional(), np.ones(3))
    with pytest.raises(ValueError, match=r"the batch has shape \(0, 2, 8, 8\), without any input"):
        way(convolutional(), images()[:0])
    model = convolutional()
    model.fc.bias.data = np.full(3, np.nan)
    with pytest.raises(FloatingPointError, match=f"{name}: Sequential gave scores that are infinite or NaN"):
        way(model, images())
    headless = convolutional()[:5]
    headless.relu2 = headless[4]
    with pytest.raises(ValueError, match=r"gave shape \(3, 5, 4, 4\), expected a score of each class, \(N, K\)"):
        way(headless, images())


@pytest.mark.parametrize("name", [name for name in WAYS if name != "occlusion"])
def test_a_model_that_leaves_the_graph(name: str) -> None:
    class Cut(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = convolutional()
            self.relu2 = self.inner.relu2

        def forward(self, x: Any) -> Any:
            return mg.Tensor(np.asarray(self.inner(x).data))

    with pytest.raises(TypeError, match="nothing was recorded from the input to the output of this Cut"):
        WAYS[name](Cut(), images())


def test_inputs_of_an_embedding() -> None:
    model = nn.Sequential(nn.Embedding(5, 3, rng=0), nn.Flatten(), nn.Linear(6, 2, rng=0))
    with pytest.raises(TypeError, match="saliency: the inputs are whole numbers, as an Embedding takes them"):
        nn.attribution.saliency(model, np.array([[1, 2]]))
