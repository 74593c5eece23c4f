"""What a module notes of the arguments of its constructor: of any class, without keeping or changing the arguments."""

from __future__ import annotations

import copy
import json
import pickle
import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn.constructor_arguments import NotJSON, as_json, call_with, constructor_arguments

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


class Net(nn.Module):
    """Takes arguments of every kind."""

    def __init__(self, a: Any, /, b: Any = 2, *rest: Any, c: Any, d: Any = np.float32, **options: Any) -> None:
        self.given = {"a": a, "b": b, "rest": list(rest), "c": c, "d": d, "options": options}


class Narrow(nn.LeNet):
    """Calls the constructor of its base, which is not what it was constructed with."""

    def __init__(self, tens: int) -> None:
        super().__init__(10 * tens)


class AsItsBase(nn.LeNet):
    """Has no constructor of its own."""


class Plain(nn.Module):
    """Has no constructor at all."""


@given(
    VALUES, VALUES, st.lists(VALUES, max_size=2), VALUES, st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=2)
)
def test_a_constructor_is_called_again_with_the_same(a: Any, b: Any, rest: Any, c: Any, options: Any) -> None:
    net = Net(a, b, *rest, c=c, **options)
    arguments = json.loads(json.dumps(constructor_arguments(net)))
    again = call_with(Net, arguments)
    assert repr({**again.given, "d": None}) == repr({**net.given, "d": None})
    assert again.given["d"] == "float32"


def test_the_outermost_constructor_counts() -> None:
    assert constructor_arguments(Narrow(2)) == {"tens": 2}
    assert constructor_arguments(AsItsBase(classes=3)) == {"classes": 3, "classic": False, "rng": None}
    assert constructor_arguments(Plain()) == {}
    assert constructor_arguments(nn.LeNet().conv1)["out_channels"] == 6


def test_arguments_are_copied_when_they_are_given() -> None:
    widths: list[Any] = [16, [32]]
    net = Net(1, widths, c=(1, 2))
    widths[1].append(64)
    assert constructor_arguments(net)["b"] == [16, [32]]
    constructor_arguments(net)["b"].append(1)
    assert constructor_arguments(net)["c"] == [1, 2]


def test_nothing_that_is_not_plain_is_kept() -> None:
    """A layer among the arguments is not a part of the module, and dies when nothing else has it."""
    layer = nn.Linear(2, 3)
    seen = weakref.ref(layer)
    net = Net(layer, [layer], c={"layer": layer})
    assert len(list(net.parameters())) == 2
    net.given = {}
    del layer
    assert seen() is None
    assert list(net.named_modules()) == [("", net)]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copy_knows_them(again: Any) -> None:
    assert constructor_arguments(again(nn.LeNet(3, rng=0))) == {"classes": 3, "classic": False, "rng": 0}


def test_a_module_with_a_function_among_its_arguments_is_pickled() -> None:
    net = Net(lambda: None, c=1)
    net.given = {}
    pickle.loads(pickle.dumps(net))


class Seeded(nn.Module):
    def __init__(self, rng: Any) -> None:
        self.weight = nn.Parameter(rng.normal(size=3))


NOT_JSON: dict[str, tuple[Any, str]] = {
    "a complex number": (1j, "complex"),
    "an array": (np.ones(3), "ndarray"),
    "a layer": (nn.ReLU(), "ReLU"),
    "a class": (nn.ReLU, "ReLU"),
    "a function": (lambda: None, "function"),
    "a layer in lists": ([1, [nn.ReLU()]], "ReLU"),
    "a layer in a dictionary": ({"a": {"b": nn.ReLU()}}, "ReLU"),
    "keys that are numbers": ({1: 2}, "dict"),
    "a set": ({1}, "set"),
    "bytes": (b"a", "bytes"),
    "NaN": (float("nan"), "nan, a number that JSON does not have"),
    "infinity": ([np.float32("inf")], "inf, a number"),
    "half a letter": ("\ud800", "a text that UTF-8 does not have"),
    "half a letter as a key": ({"\ud800": 1}, "a text that UTF-8 does not have"),
    "a huge number": (10**400, "a number of more than 300 digits"),
    "a subclass of int": (type("Kind", (int,), {})(3), "Kind"),
    "a generator": ((n for n in range(3)), "generator"),
}


@pytest.mark.parametrize("case", NOT_JSON)
def test_what_json_does_not_have(case: str) -> None:
    value, kind = NOT_JSON[case]
    found = as_json(value)
    assert isinstance(found, NotJSON)
    assert found.kind.startswith(kind)
    with pytest.raises(TypeError, match=rf"the argument b of Net is or has a {kind}.*or nn\.save\(model, path\)"):
        constructor_arguments(Net(1, value, c=1))
    with pytest.raises(TypeError, match="the argument rest of Net is or has a"):
        constructor_arguments(Net(1, 2, 3, value, c=1))
    with pytest.raises(TypeError, match="the argument options of Net is or has a"):
        constructor_arguments(Net(1, c=1, x=value))


def test_a_list_that_contains_itself() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert as_json(endless) == NotJSON("list within more than 32 others")


def test_numpys_numbers_and_dtypes() -> None:
    values = (np.int8(3), np.float32(0.1), np.bool_(True), np.float64, np.dtype("int8"), (1, 2))
    assert repr(as_json(values)) == repr([3, float(np.float32(0.1)), True, "float64", "int8", [1, 2]])


def test_a_generator_of_random_numbers() -> None:
    """It is left out where there is a default; what it drew is in the weights."""
    rng = np.random.default_rng(0)
    assert constructor_arguments(nn.LeNet(rng=rng)) == {"classes": 10, "classic": False}
    with pytest.raises(TypeError, match="the argument rng of Seeded is or has a Generator"):
        constructor_arguments(Seeded(rng))


def test_a_constructor_that_was_not_seen() -> None:
    @dataclass(eq=False)
    class Data(nn.Module):
        width: int = 3

    with pytest.raises(TypeError, match="the arguments of Data are not known; define its __init__ in the body"):
        constructor_arguments(Data(4))
