"""Sequential: a chain that is changed as a list is."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import nn


def chain() -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 3, rng=0), nn.ReLU(), nn.Linear(3, 1, rng=1))


def names(model: nn.Module) -> list[str]:
    return [name for name, _ in model.named_children()]


def test_sequential_refuses_what_is_not_a_module():
    with pytest.raises(TypeError, match=r"expected modules, got function for '1'"):
        nn.Sequential(nn.ReLU(), lambda x: x)
    with pytest.raises(ValueError, match="'forward' is a method of every module"):
        nn.Sequential(forward=nn.ReLU())
    with pytest.raises(ValueError, match="'insert' is a method of every Sequential"):
        nn.Sequential(insert=nn.ReLU())
    model = nn.Sequential(nn.ReLU(), nn.Flatten())
    assert len(model) == 2
    assert isinstance(model[1], nn.Flatten)
    with pytest.raises(TypeError, match="write Sequential\\(\\*layers\\)"):
        model.append([nn.ReLU()])
    with pytest.raises(TypeError, match="expected a list, got a ReLU"):
        model.extend(nn.ReLU())
    assert names(model) == ["0", "1"]


def test_a_slice_is_a_chain_that_shares_its_modules_and_keeps_their_names() -> None:
    model = chain()
    rest = model[1:]
    assert type(rest) is nn.Sequential
    assert names(rest) == ["1", "2"]
    assert rest[-1] is model[2]
    assert names(rest.append(nn.ReLU())) == ["1", "2", "3"]
    assert names(nn.Sequential(a=nn.ReLU(), b=nn.ReLU(), c=nn.Tanh())[::2]) == ["a", "c"]
    assert list(model[:2](np.ones((1, 2), np.float32)).shape) == [1, 3]


def test_elements_are_added_and_taken_out_and_counted_anew() -> None:
    model = chain()
    last = model[2]
    model.insert(1, nn.Tanh()).extend([nn.Flatten()])
    assert [type(m).__name__ for m in model] == ["Linear", "Tanh", "ReLU", "Linear", "Flatten"]
    assert names(model) == ["0", "1", "2", "3", "4"]
    assert model.pop(3) is last
    del model[1:3]
    assert [(n, type(m).__name__) for n, m in model.named_children()] == [("0", "Linear"), ("1", "Flatten")]
    model[-1] = nn.Tanh()
    model += [last]
    assert [type(m).__name__ for m in model] == ["Linear", "Tanh", "Linear"]
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert last in model
    assert nn.Linear(3, 1) not in model
    assert names(model + chain()) == ["0", "1", "2", "3", "4", "5"]
    assert len(model) == 3
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert names(twin.append(nn.ReLU())) == ["0", "1", "2", "3"]
        assert len(model) == 3


def test_names_stay_names() -> None:
    model = nn.Sequential(hidden=nn.Linear(2, 3), out=nn.Linear(3, 1)).append(nn.ReLU())
    assert names(model) == ["hidden", "out", "2"]
    del model[0]
    assert names(model) == ["out", "1"]


@pytest.mark.parametrize("index", [3, -4, "0", 1.0, None])
def test_an_index_that_is_none(index: object) -> None:
    with pytest.raises((IndexError, TypeError), match="Sequential: "):
        chain()[index]
    with pytest.raises((IndexError, TypeError), match="Sequential: "):
        del chain()[index]
