"""What holds for every layer: dtypes, training, copies, repr, summary, receptive field, picture and derivation."""

from __future__ import annotations

import copy
import inspect
import pickle

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.module.calls import CallScope
from tests.helpers.networks.modules import ARGUMENTS, LAYERS, construct, example

every_layer = pytest.mark.parametrize("name", LAYERS)


@every_layer
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_stays(name: str, dtype: type) -> None:
    """In training and evaluation, and in the gradients."""
    model, x = example(name, dtype)
    for mode in (True, False):
        x_ = mg.Tensor(x, requires_grad=x.dtype.kind == "f")
        y = model.train(mode)(x_)
        assert y.dtype == dtype
        if y.requires_grad:
            y.sum().backward()
        for tensor in (x_, *model.parameters()):
            assert tensor.grad is None or tensor.grad.dtype == tensor.dtype


@every_layer
def test_a_step_changes_every_parameter(name: str) -> None:
    model, x = example(name)
    before = {path: p.data.copy() for path, p in model.named_parameters()}
    if not before:
        return
    weights = np.random.default_rng(2).normal(size=model(x).shape)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    mg.sum(model(x) * weights).backward()
    optimizer.step()
    for path, p in model.named_parameters():
        assert np.isfinite(p.data).all(), path
        assert (p.data != before[path]).any(), path


@every_layer
def test_evaluation_is_the_same_each_time_and_for_a_copy(name: str) -> None:
    model, x = example(name)
    model(x)  # of a training, which may change buffers
    twins = [copy.deepcopy(model), pickle.loads(pickle.dumps(model)), example(name)[0]]
    twins[-1].load_state_dict(model.state_dict())
    y = model.eval()(x)
    for twin in (model, *twins):
        np.testing.assert_array_equal(np.asarray(twin.eval()(x)), np.asarray(y))


@every_layer
def test_forward_mode_agrees_with_reverse_mode(name: str) -> None:
    """⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩, in training."""
    layer, x = example(name, np.float64)
    if x.dtype.kind != "f":
        return
    rng = np.random.default_rng(2)
    x_dot = rng.normal(size=x.shape)
    y, y_dot = mg.jvp(copy.deepcopy(layer), [x], [x_dot])
    y_bar = rng.normal(size=y.shape)
    (x_bar,) = mg.vjp(copy.deepcopy(layer), x)[1](y_bar)
    np.testing.assert_allclose(np.sum(y_bar * y_dot), np.sum(x_bar * x_dot), rtol=1e-9, atol=1e-9)


@every_layer
def test_sizes_may_be_as_small_as_one(name: str) -> None:
    def smallest(value: object) -> object:
        if isinstance(value, tuple | list):
            return type(value)(map(smallest, value))
        return min(value, 1) if isinstance(value, int) else value

    layer = getattr(nn, name)
    layer(*map(smallest, ARGUMENTS.get(name, ())))
    for setting in ("num_parameters", "pieces"):
        if setting in inspect.signature(layer).parameters:
            construct(name, **{setting: 1})


@pytest.mark.parametrize(("name", "sizes"), [("Bilinear", 3), ("Embedding", 2), ("Linear", 2), ("Maxout", 2)])
def test_sizes_of_vectors_may_be_zero(name: str, sizes: int) -> None:
    layer = getattr(nn, name)(*[0] * sizes)
    assert all(parameter.size == 0 for parameter in layer.parameters())


@every_layer
def test_an_empty_batch_gives_an_empty_batch(name: str) -> None:
    model, x = example(name)
    y = model.eval()(x)
    assert model(x[:0]).shape == (0, *y.shape[1:])


@every_layer
def test_the_layout_in_memory_changes_nothing(name: str) -> None:
    model, x = example(name)
    reversed_in_memory = np.flip(np.flip(x).copy())
    y = np.asarray(model.eval()(x))
    np.testing.assert_allclose(np.asarray(model(np.asfortranarray(x))), y, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(np.asarray(model(reversed_in_memory)), y, rtol=1e-6, atol=1e-6)


@every_layer
def test_repr_is_how_it_is_constructed(name: str) -> None:
    layer = construct(name)
    if not any(layer.named_children()):
        again = eval(repr(layer), {**vars(nn)})
        assert repr(again) == repr(layer)
        assert [p.shape for p in again.parameters()] == [p.shape for p in layer.parameters()]


@every_layer
def test_summary_and_receptive_field(name: str) -> None:
    model, x = example(name)
    y = model.eval()(x)
    counted = nn.summary(model, x.shape[1:])
    assert counted.total == sum(p.size for p in model.parameters())
    shapes = [layer.output_shape for layer in counted.layers]
    assert (y.shape[1:] in shapes) or not shapes or any(model.named_children())
    if x.ndim > 2 and x.dtype.kind == "f":
        fields = nn.receptive_field(model, x.shape[1:])
        assert fields.layers[-1].output_shape == y.shape[1:]
        assert all(size >= 1 for size in fields.layers[-1].size)


@every_layer
def test_the_picture_and_the_derivation(name: str) -> None:
    """In training; each line of the derivation is recomputed from its formula, and compared with finite differences."""
    model, x = example(name, np.float64)
    x_ = mg.Tensor(x, requires_grad=x.dtype.kind == "f", name="x")
    loss = mg.sum(model(x_) ** 3).named("L")  # the sum of squares of normalized values is constant
    derivation = mg.explain(loss)
    derivation.check()
    written = str(derivation)
    assert max(map(len, written.split("\n"))) <= 120
    assert ("x̄" in written) == x_.requires_grad
    parts = [CallScope(part).name for part in model.children()]  # in place of a frame that would hold all of them
    drawn = str(mg.draw(loss, level="modules"))
    assert type(model).__name__ in drawn or (parts and all(part in drawn for part in parts)) or name == "Identity"
    for text in (written, str(mg.draw(loss)), derivation.latex()):
        assert " at 0x" not in text


def test_the_derivation_of_a_residual_block() -> None:
    """Its error signal has the term that the shortcut hands on as it is."""
    x = mg.Tensor([[1.0, -1.0]], requires_grad=True, name="x")
    y = nn.Residual(nn.Linear(2, 2, dtype=np.float64, rng=0))(x).named("y")
    written = str(mg.explain(mg.sum(y * mg.Tensor([3.0, 4.0], name="c")).named("L")))
    for formula in ("f = x Wᵀ + b", "y = f + x", "f̄ = ȳ", "x̄ = f̄ W + ȳ"):
        assert formula in written
