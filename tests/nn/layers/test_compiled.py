"""A compiled layer computes what the layer computes, to the bit: values, gradients, draws, and its state afterwards."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.random import clear_position, set_position
from tests.helpers.networks.modules import LAYERS, example

every_layer = pytest.mark.parametrize("name", [*LAYERS, "DenoisingAutoencoder"])


def inputs(x: Any, count: int) -> list[Any]:
    rng = np.random.default_rng(3)
    if x.dtype.kind == "f":
        return [rng.normal(size=x.shape).astype(x.dtype) for _ in range(count)]
    return [rng.integers(0, 5, size=x.shape) for _ in range(count)]


def forward_and_backward(model: nn.Module) -> Callable[..., Any]:
    def step(x: Any, weights: Any) -> Any:
        model.zero_grad()
        y = model(x)
        L = mg.sum(y * weights)
        if isinstance(L, mg.Tensor) and L.requires_grad:
            L.backward()
        return y, L

    return step


def state(model: nn.Module) -> dict[str, Any]:
    gradients = {f"{name} grad": p.grad for name, p in model.named_parameters() if p.grad is not None}
    return {**model.state_dict(), **gradients}


def assert_same(found: Any, expected: Any) -> None:
    found, expected = (mg.to(getattr(a, "data", a), "cpu") for a in (found, expected))
    np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))
    assert np.asarray(found).dtype == np.asarray(expected).dtype


@every_layer
@pytest.mark.parametrize("training", [True, False])
def test_values_gradients_and_state(name: str, training: bool) -> None:
    own, x = example(name)
    own.train(training)
    eager = copy.deepcopy(own)
    compiled, step = mg.compile(forward_and_backward(own)), forward_and_backward(eager)
    weights = np.random.default_rng(2).normal(size=copy.deepcopy(own)(x).shape).astype(np.float32)
    for x_ in inputs(x, 3):
        for found, expected in zip(compiled(x_, weights), step(x_, weights), strict=True):
            assert_same(found, expected)
        assert state(own).keys() == state(eager).keys()
        for key, value in state(own).items():
            assert_same(value, state(eager)[key])
    assert sum(map(len, compiled._programs.values())) == 1 or name in ("MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d")


@every_layer
def test_gradients_of_the_input(name: str) -> None:
    own, x = example(name)
    if x.dtype.kind != "f":
        return
    eager = copy.deepcopy(own)
    weights = np.random.default_rng(2).normal(size=copy.deepcopy(own)(x).shape).astype(np.float32)

    def gradient(model: nn.Module) -> Callable[..., Any]:
        return mg.value_and_grad(lambda x: mg.sum(model(x) * weights))

    compiled = mg.compile(gradient(own))
    for x_ in inputs(x, 2):
        for found, expected in zip(compiled(x_), gradient(eager)(x_), strict=True):
            assert_same(found, expected)


@pytest.mark.parametrize("name", [name for name in LAYERS if "Dropout" in name] + ["DenoisingAutoencoder"])
def test_draws_at_a_position_of_training(name: str) -> None:
    own, x = example(name)
    model = nn.Sequential(own, copy.deepcopy(own))  # each has draws of its own
    eager = copy.deepcopy(model)
    compiled = mg.compile(lambda x: model(x))
    try:
        for step, samples in enumerate([[0, 1], [1, 0], [5, 7]]):
            set_position(model, 0, 0, np.array(samples), step)
            found = compiled(x)
            set_position(eager, 0, 0, np.array(samples), step)
            assert_same(found, eager(x))
    finally:
        clear_position()
    assert_same(compiled(x), eager(x))


def test_what_is_drawn_before_it_turns_out_that_another_program_is_needed() -> None:
    own = nn.Sequential(nn.Linear(4, 6, rng=0), nn.Dropout(0.5, rng=1), nn.Linear(6, 3, rng=2))
    eager, loss = copy.deepcopy(own), nn.CrossEntropyLoss()
    compiled = mg.compile(lambda x, t: loss(own(x), t))
    x = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    for t in ([0, 1, 2, 0, 1], [0, -100, 2, 0, 1], [1, 1, 2, 0, 0], [-100, -100, 2, 0, 1]):
        assert_same(compiled(x, np.array(t)), loss(eager(x), np.array(t)))
    assert sum(map(len, compiled._programs.values())) == 2
