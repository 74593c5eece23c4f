"""Walks through the modules in a model, and what is reached by its path or registered by a name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


def model() -> nn.Sequential:
    inner = nn.Sequential(nn.Linear(2, 3, rng=0), nn.ReLU())
    return nn.Sequential(inner, nn.Linear(3, 1, rng=1), inner)


def test_each_child_and_module_comes_once() -> None:
    net = model()
    assert [name for name, _ in net.named_children()] == ["0", "1"]
    assert [type(m).__name__ for m in net.children()] == ["Sequential", "Linear"]
    assert [type(m).__name__ for m in net.modules()] == ["Sequential", "Sequential", "Linear", "ReLU", "Linear"]
    assert repr(net).count("ReLU()") == 2  # which shows the structure


def test_apply_goes_from_the_inside_out() -> None:
    net, seen = model(), list[str]()
    assert net.apply(lambda m: seen.append(type(m).__name__)) is net
    assert seen == ["Linear", "ReLU", "Sequential", "Linear", "Sequential"]
    with pytest.raises(TypeError, match="apply: got a str"):
        net.apply("relu")  # type: ignore[arg-type]


def test_apply_with_an_initialization() -> None:
    def zero(module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            module.weight.data[...] = 0

    assert all(not p.data.any() for name, p in model().apply(zero).named_parameters() if name.endswith("weight"))


def test_requires_grad_freezes_all() -> None:
    net = model().requires_grad_(False)
    assert not any(p.requires_grad for p in net.parameters())
    net[1].requires_grad_()
    assert [name for name, p in net.named_parameters() if p.requires_grad] == ["1.weight", "1.bias"]


def test_what_is_at_a_path() -> None:
    net = model()
    net.extra = {"steps": nn.Buffer(np.array(3))}
    assert net.get_submodule("") is net
    assert net.get_submodule("0.0") is net.get_submodule("2.0") is net[0][0]
    assert net.get_parameter("2.0.weight") is net[0][0].weight
    assert net.get_buffer("extra.steps").item() == 3


@pytest.mark.parametrize(
    ("get", "said"),
    [
        (lambda m: m.get_parameter("0.0.weigth"), r"no parameter '0\.0\.weigth'; did you mean 0\.0\.weight\?"),
        (lambda m: m.get_submodule("0.0.weight"), "no module .*; it is a Parameter"),
        (lambda m: m.get_submodule("conv1"), "Sequential has no module 'conv1'$"),
        (lambda m: m.get_buffer("0.0.weight"), "no buffer .*; it is a Parameter"),
    ],
)
def test_nothing_at_a_path(get: Any, said: str) -> None:
    with pytest.raises(AttributeError, match=said):
        get(model())
    with pytest.raises(TypeError, match="path of a module, a string, got a int"):
        model().get_submodule(0)  # type: ignore[arg-type]


def test_names_that_are_computed() -> None:
    net = nn.Module()
    for i in range(2):
        net.register_parameter(f"w{i}", nn.Parameter([float(i)]))
        net.add_module(f"layer{i}", nn.Linear(1, 1))
    net.register_module("act", nn.ReLU())
    net.register_parameter("bias", None)
    net.register_buffer("mean", np.zeros(2), persistent=False)
    net.register_buffer("mean", np.ones(2))  # a buffer may be replaced by another
    assert [name for name, _ in net.named_children()] == ["layer0", "layer1", "act"]
    assert [name for name in net.state_dict() if "." not in name] == ["w0", "w1", "mean"]


@pytest.mark.parametrize(
    ("register", "kind", "said"),
    [
        (lambda m: m.register_parameter("w", np.ones(2)), TypeError, r"got a ndarray for 'w'; write nn\.Parameter"),
        (lambda m: m.register_parameter("a.b", None), ValueError, "has no dot"),
        (lambda m: m.register_buffer("", np.ones(2)), ValueError, "the name is ''"),
        (lambda m: m.register_buffer("weight", np.ones(2)), ValueError, "Linear has another attribute 'weight'"),
        (lambda m: m.add_module("forward", nn.ReLU()), ValueError, "another attribute 'forward'"),
        (lambda m: m.add_module("act", nn.ReLU), TypeError, "got a type for 'act', expected a module"),
        (lambda m: m.add_module(0, nn.ReLU()), TypeError, "the name is 0, expected a string"),
    ],
)
def test_what_cannot_be_registered(register: Any, kind: type[Exception], said: str) -> None:
    layer = nn.Linear(1, 1)
    with pytest.raises(kind, match=said):
        register(layer)
    assert list(layer.state_dict()) == ["weight", "bias"]
