"""The state of a training as arrays and a text: it comes back equal to the bit, and of the same types."""

from __future__ import annotations

import json
from typing import Any

import hypothesis.extra.numpy as npst
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import minigrad as mg
import nn
from nn.serialization.nested_state import pack, unpack
from nn.serialization.safetensors import read_safetensors, write_safetensors
from tests.nn.serialization.files import same

DTYPES = ["?", "u1", "i1", "i2", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]
ARRAYS = npst.arrays(st.sampled_from(DTYPES), npst.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=2))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.binary(max_size=4),
    ARRAYS,
    ARRAYS.filter(lambda array: array.size).map(lambda array: array.reshape(-1)[0]),
)
KEYS = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), st.integers(), st.just("$array"))
STATES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple), st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(STATES)
def test_any_state_comes_back(state: Any) -> None:
    tensors, text = pack(state)
    assert same(unpack(tensors, text), state)
    assert pack(state)[1] == text


def test_the_state_of_models_optimizers_and_schedules(tmp_path: Any) -> None:
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.BatchNorm1d(3), nn.Dropout(0.5, rng=0), nn.Linear(3, 1, rng=1))
    adam = nn.optim.Adam([{"params": model[0].parameters(), "betas": (0.8, 0.9)}, {"params": model[3].parameters()}])
    model(np.ones((4, 2))).sum().backward()
    adam.step()
    plateau = nn.optim.ReduceLROnPlateau()
    state = {"model": model.state_dict(), "optimizer": adam.state_dict(), "schedule": plateau.state_dict()}
    tensors, text = pack(state)
    path = write_safetensors(tmp_path / "file", tensors, {"state": text})
    tensors, metadata = read_safetensors(path)
    again = unpack(tensors, metadata["state"])
    assert same(again, state)
    adam.load_state_dict(again["optimizer"])
    plateau.load_state_dict(again["schedule"])
    assert {"model.0.weight", "optimizer.state.0.exp_avg"} <= set(tensors)


def test_names_that_two_arrays_would_have() -> None:
    state = {"a": {"b": np.zeros(1)}, "a.b": np.ones(1), "a.b~2": np.full(1, 2.0), "__metadata__": np.full(1, 3.0)}
    tensors, text = pack(state)
    assert len(tensors) == 4
    assert "__metadata__" not in tensors
    assert same(unpack(tensors, text), state)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"model": {"w": mg.Tensor(1.0)}}, r"state\['model'\]\['w'\] is a Tensor, .*write \.data"),
        ({"a": [{1, 2}]}, r"state\['a'\]\[0\] is a set, expected dictionaries"),
        ({"a": nn.Linear(1, 1)}, r"state\['a'\] is a Linear, .*state_dict\(\)"),
        ({("a", 1): 2}, r"state has the key \('a', 1\), expected texts and whole numbers"),
        ({True: 2}, "state has the key True"),
        ({"a": np.array(["x"])}, r"state\['a'\] is of <U1"),
        ({"a": np.array([None])}, r"state\['a'\] is of object"),
        ({"a": np.longdouble(1)}, r"state\['a'\] is of (float128|float96|longdouble)"),
        ({"a": np.ma.masked_array([1.0])}, r"state\['a'\] is a MaskedArray"),
        ({"a": 1j}, r"state\['a'\] is a complex"),
    ],
)
def test_what_cannot_be_stored_is_named_with_its_place(state: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        pack(state)


def test_a_list_that_contains_itself() -> None:
    state: list[Any] = []
    state.append(state)
    with pytest.raises(ValueError, match=r"state\[0\]\[0\]\[0\] is nested more than 64 deep; does it contain itself\?"):
        pack({"a": 1, "b": state}["b"])


@pytest.mark.parametrize(
    "text",
    [
        *("{", "[" * 100_000, '{"$array":"y"}', '{"$array":3}', '{"$what":"x"}', '{"$int":"z"}', '{"$tuple":3}'),
        *('{"$dict":[[1]]}', '{"$array":["x"]}', '{"$array":"x","dtype":"float128x"}', '{"$dict":[[[1],2]]}'),
    ],
)
def test_texts_that_are_not_those_of_a_state(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  json's own, and those of unpack
        unpack({"x": np.zeros(2)}, text)


def test_the_text_is_json_that_others_can_read() -> None:
    state = {"epoch": 3, "lr": 0.1, "stopped": None, "history": {"loss": [1.5, 0.25]}}
    assert json.loads(pack(state)[1]) == state
