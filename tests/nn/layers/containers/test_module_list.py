"""ModuleList and ModuleDict: modules that are called by the module that holds them."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X = np.ones((2, 3), np.float32)


class Blocks(nn.Module):
    """Layers in a list, and one of two heads."""

    def __init__(self) -> None:
        self.layers = nn.ModuleList(nn.Linear(3, 3, rng=i) for i in range(3))
        self.heads = nn.ModuleDict({"class": nn.Linear(3, 2, rng=3), "mask": nn.Linear(3, 1, rng=4)})
        self.gains = nn.ParameterList([np.ones(3, np.float32), nn.Parameter(np.ones(3, np.float32))])

    def forward(self, x: Any, head: str = "class") -> Any:
        for layer in self.layers:
            x = mg.relu(layer(x))
        return self.heads[head](x * self.gains[0] * self.gains[1])


def test_all_that_they_hold_is_trained() -> None:
    model = Blocks()
    assert list(model.state_dict())[:2] == ["layers.0.weight", "layers.0.bias"]
    assert list(model.state_dict())[-4:] == ["heads.mask.weight", "heads.mask.bias", "gains.0", "gains.1"]
    before = model.state_dict()
    mg.sum(model(X) ** 2 + model(X, head="mask")).backward()
    nn.optim.SGD(model.parameters(), lr=0.1).step()
    assert all(not np.array_equal(before[name], array) for name, array in model.state_dict().items())


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies(copied: Any) -> None:
    model = Blocks()
    model.layers[2] = model.layers[0]
    twin = copied(model)
    assert repr(twin) == repr(model)
    assert twin.layers[2] is twin.layers[0] is not model.layers[0]
    assert twin(X).tolist() == model(X).tolist()
    assert list(twin.heads) == ["class", "mask"]


def test_repr() -> None:
    assert repr(Blocks()).split("\n")[-7:] == [
        "    (mask): Linear(3, 1)",
        "  )",
        "  (gains): ParameterList(",
        "    (0): Parameter of shape (3,), float32",
        "    (1): Parameter of shape (3,), float32",
        "  )",
        ")",
    ]
    assert repr(nn.ModuleList()) == "ModuleList()"


def test_a_list_is_changed_as_lists_are() -> None:
    layers = nn.ModuleList([nn.Linear(1, 1), nn.ReLU()])
    first, relu = layers
    assert layers.append(nn.Tanh()) is layers
    layers.insert(0, nn.Flatten())
    assert [type(m).__name__ for m in layers] == ["Flatten", "Linear", "ReLU", "Tanh"]
    assert layers.pop(1) is first
    assert first not in layers
    assert relu in layers
    assert [name for name, _ in layers[1:].named_children()] == ["0", "1"]  # a slice is counted anew, as in PyTorch
    assert type(layers[::-1]) is nn.ModuleList
    assert [type(m).__name__ for m in reversed(layers)] == ["Tanh", "ReLU", "Flatten"]
    assert len(layers + nn.ModuleList([first])) == 4
    assert len(layers) == 3


def test_a_dictionary_is_changed_as_dictionaries_are() -> None:
    left, right = nn.Linear(1, 1), nn.ReLU()
    d = nn.ModuleDict([("left", left)])
    d["right"] = right
    d.update({"left": right}, other=left)
    assert dict(d) == {"left": right, "right": right, "other": left}
    assert d.pop("right") is right
    assert (list(d.keys()), list(d.values()), "right" in d) == (["left", "other"], [right, left], False)
    assert d.pop("right", None) is None
    assert d == d
    assert d != nn.ModuleDict(d.items())  # a module is itself, and a key of dictionaries
    assert {d: 1}[d] == 1
    d.clear()
    assert (len(d), list(d.parameters())) == (0, [])


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: nn.ModuleList(nn.ReLU()), TypeError, r"expected a list, got a ReLU; write \[element\]"),
        (lambda: nn.ModuleList([nn.ReLU]), TypeError, r"got type for '0'; construct the class: ReLU\(…\)"),
        (lambda: nn.ModuleList([mg.relu]), TypeError, "make a module of the function relu"),
        (lambda: nn.ModuleList({"a": nn.ReLU()}), TypeError, "expected a list, got a dict"),
        (lambda: nn.ModuleList([nn.ReLU()])[1], IndexError, "there is no module 1 among 1"),
        (lambda: nn.ModuleList([nn.ReLU()])(X), NotImplementedError, r"not called; .*nn\.Sequential\(\*self\.layers\)"),
        (lambda: nn.ModuleDict({"a": nn.ReLU()})(X), NotImplementedError, "is not called; call one of its modules"),
        (lambda: nn.ModuleDict({1: nn.ReLU()}), TypeError, "the name is 1, expected a string, as '1'"),
        (lambda: nn.ModuleDict({"a.b": nn.ReLU()}), ValueError, "has no dot"),
        (lambda: nn.ModuleDict({"": nn.ReLU()}), ValueError, "the name is ''"),
        (lambda: nn.ModuleDict({"pop": nn.ReLU()}), ValueError, "'pop' is a method of every ModuleDict"),
        (lambda: nn.ModuleDict({"train": nn.ReLU()}), ValueError, "'train' is a method of every module"),
        (lambda: nn.ModuleDict({"left": nn.ReLU()})["letf"], KeyError, "did you mean 'left'"),
        (lambda: nn.ModuleDict({"left": nn.ReLU()}).pop("x"), KeyError, "it has 'left'"),
        (lambda: nn.ModuleDict({"a": {"b": nn.ReLU()}}), TypeError, "got dict for 'a'; write nn.ModuleDict"),
        (lambda: nn.ParameterList([1.0]), TypeError, r"got float for '0'; write nn\.Parameter\(…\)"),
        (lambda: nn.ParameterList([np.ones(1)])(X), NotImplementedError, "compute with its parameters"),
        (lambda: nn.ParameterDict({"a": np.ones(1)})(X), NotImplementedError, "compute with its parameters"),
        (lambda: nn.ParameterDict({"a": np.arange(3)}), TypeError, "only floating types may require gradients"),
    ],
)
def test_what_does_not_fit(make: Any, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        make()


def test_arrays_become_parameters() -> None:
    weights = nn.ParameterList([np.ones(2), mg.Tensor([1.0])])
    weights[0] = np.zeros(3)
    scales = nn.ParameterDict({"a": nn.Parameter([1.0]), "b": np.ones(2)})
    scales["c"] = mg.Tensor([2.0])
    assert [p.shape for p in weights] == [(3,), (1,)]
    assert all(isinstance(p, nn.Parameter) for p in (*weights, *scales.values()))
    assert list(scales.state_dict()) == ["a", "b", "c"]
    assert weights[1] in weights
    assert nn.Parameter([1.0]) not in weights  # by identity
    assert weights.pop().shape == (1,)
