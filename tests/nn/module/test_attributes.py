"""Where a module finds its parts: in attributes, lists, tuples and dictionaries, with dotted paths."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


def linear(seed: int = 0) -> nn.Linear:
    return nn.Linear(2, 2, rng=seed)


class Branches(nn.Module):
    """Layers and parameters in dictionaries, lists in them, and settings in dictionaries, too."""

    def __init__(self) -> None:
        self.branches = {"left": linear(0), "right": [linear(1), {"inner": linear(2)}], "none": None}
        self.scales = {"a": nn.Parameter(np.ones(2, np.float32)), "b": (nn.Buffer([1.0]),)}
        self.settings = {1: "one", "a.b": 2.0, None: {(): []}, "shape": (3, 4)}

    def forward(self, x: Any) -> Any:
        first, rest = self.branches["right"]
        return self.scales["a"] * (self.branches["left"](x) + rest["inner"](first(x)))


def test_what_is_in_dictionaries_is_found() -> None:
    model = Branches()
    assert [name for name, _ in model.named_modules()] == [
        *("", "branches.left", "branches.right.0", "branches.right.1.inner"),
    ]
    assert list(model.state_dict()) == [
        *("scales.a", "scales.b.0", "branches.left.weight", "branches.left.bias", "branches.right.0.weight"),
        *("branches.right.0.bias", "branches.right.1.inner.weight", "branches.right.1.inner.bias"),
    ]
    assert repr(model).split("\n")[3] == "  (branches.right.1.inner): Linear(2, 2)"
    assert not any(module.training for module in model.eval().modules())


def test_what_is_in_dictionaries_is_trained() -> None:
    model = Branches()
    before = model.state_dict()
    mg.sum(model(np.ones((1, 2), np.float32)) ** 2).backward()
    nn.optim.SGD(model.parameters(), lr=0.1).step()
    changed = [name for name, array in model.state_dict().items() if not np.array_equal(before[name], array)]
    assert changed == [name for name, _ in model.named_parameters()]


def test_calls_are_named_by_the_path() -> None:
    y = Branches()(np.ones((1, 2), np.float32))
    labels = {str(op.output.scope.label) for op in mg.operations(y) if op.output.scope is not None}
    assert "branches.right.1.inner: Linear(2, 2)" in labels


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (lambda: {1: linear()}, TypeError, "layers: a Linear is under the key 1; .* write '1'"),
        (lambda: {("a", 1): [linear()]}, TypeError, "strings without a dot"),
        (lambda: [{"conv.1": nn.Parameter([1.0])}], ValueError, "layers.0: a Parameter is under .* write 'conv_1'"),
        (lambda: {"": linear()}, ValueError, "under the key ''"),
        (lambda: {linear()}, TypeError, "layers: a Linear in a set is not found"),
        (lambda: {"a": deque([nn.Buffer([1.0])])}, TypeError, "layers.a: a Buffer in a deque is not found"),
        (lambda: {"a": linear()}.values(), TypeError, "in a dict_values is not found"),
    ],
)
def test_what_would_have_no_name_is_refused(value: Any, kind: type[Exception], said: str) -> None:
    model = nn.Module()
    with pytest.raises(kind, match=said):
        model.layers = value()
    assert not hasattr(model, "layers")


def test_a_dictionary_that_is_filled_later_is_checked_when_it_is_read() -> None:
    model = nn.Module()
    model.layers = {}
    model.layers["a"] = linear()
    assert list(model.state_dict()) == ["layers.a.weight", "layers.a.bias"]
    model.layers[1] = linear()
    with pytest.raises(TypeError, match="under the key 1"):
        list(model.parameters())


def test_two_tensors_of_one_name_are_refused() -> None:
    model = nn.Module()
    model.a = {"b": nn.Parameter([1.0])}
    setattr(model, "a.b", nn.Parameter([2.0]))
    assert len(list(model.parameters())) == 2
    with pytest.raises(ValueError, match="two Tensors have the name a"):
        model.state_dict()


def test_attributes_come_and_go() -> None:
    model = Branches()
    model.late = linear(3)
    assert model.get_submodule("late") is model.late
    model.late = nn.ReLU()
    assert not any("late" in name for name, _ in model.named_parameters())
    del model.branches, model.late
    model.scales = None
    assert [*model.parameters(), *model.children()] == []
