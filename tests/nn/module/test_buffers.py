"""Buffers: Tensors without gradient that belong to the state of a module."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


class Center(nn.Module):
    """Subtracts a running mean, and counts its calls."""

    def __init__(self) -> None:
        self.scale = nn.Parameter(np.ones(2, np.float32))
        self.mean = nn.Buffer(np.zeros(2, np.float32))
        self.register_buffer("steps", np.array(0))
        self.register_buffer("ones", np.ones(3, np.float32), persistent=False)
        self.register_buffer("nothing", None)

    def forward(self, x: Any) -> Any:
        self.steps.data = self.steps.data + 1
        return self.scale * (x - self.mean)


def test_a_buffer_is_found_by_its_path_and_is_not_a_parameter() -> None:
    model = nn.Sequential(Center(), nn.Linear(2, 2))
    model.extra = [nn.Buffer(np.ones(1))]
    model.again = model[0].mean
    assert [name for name, _ in model.named_buffers()] == ["extra.0", "again", "0.steps", "0.ones"]
    assert [name for name, _ in model.named_parameters()] == ["0.scale", "1.weight", "1.bias"]
    assert [name for name, _ in model.named_buffers("m", recurse=False)] == ["m.extra.0", "m.again"]
    assert list(model.state_dict()) == ["extra.0", "again", "0.scale", "0.steps", "1.weight", "1.bias"]
    assert not any(b.requires_grad for b in model.buffers())
    assert Center().nothing is None


def test_a_state_keeps_the_values_and_dtypes_of_buffers() -> None:
    model, twin = Center(), Center()
    model.mean.data = np.array([1.0, 2.0])
    model(np.ones((1, 2), np.float32))
    state = model.state_dict()
    assert {name: array.dtype for name, array in state.items()} == {
        "scale": np.float32, "mean": np.float32, "steps": np.int64,
    }  # fmt: skip
    twin.load_state_dict(state)
    assert (twin.mean.data.tolist(), twin.steps.item(), twin.steps.dtype) == ([1.0, 2.0], 1, np.int64)
    model.mean.data[0] = 7  # a state is a copy
    assert state["mean"][0] == twin.mean.data[0] == 1


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_has_buffers_of_its_own_and_shares_what_was_shared(copied: Any) -> None:
    model = nn.Sequential(Center(), Center())
    model[1].mean = model[0].mean
    twin = copied(model)
    assert type(twin[0].mean) is nn.Buffer
    assert twin[1].mean is twin[0].mean is not model[0].mean
    assert (twin[0].mean.persistent, twin[0].ones.persistent) == (True, False)
    twin[0].mean.data += 1
    assert model[0].mean.data.tolist() == [0, 0]


@pytest.mark.parametrize("value", [mg.Tensor([1.0, 2.0]), np.ones(2), 2.0], ids=["Tensor", "array", "number"])
def test_a_buffer_is_not_replaced_by_what_is_none(value: Any) -> None:
    model = Center()
    with pytest.raises(TypeError, match=r"mean is a buffer.*m\.mean\.data = .*nn\.Buffer"):
        model.mean = value
    model.mean = nn.Buffer(np.ones(2))
    assert model.mean.data.tolist() == [1, 1]
    model.mean = None  # type: ignore[assignment]
    assert "mean" not in dict(model.named_buffers())


def test_a_buffer_is_a_constant_in_derivations_and_has_its_name() -> None:
    model = nn.Sequential(Center())
    x = mg.Tensor(np.ones((1, 2), np.float32), requires_grad=True, name="x")
    y = model(x)
    assert "(x − 0.mean)" in str(mg.explain(mg.sum(y)))
    assert model[0].mean.grad is None


def test_in_drawings_a_buffer_is_a_part_of_its_module() -> None:
    x = mg.Tensor(np.ones((1, 2), np.float32), requires_grad=True, name="x")
    y = mg.sum(nn.Sequential(Center())(x))
    assert "mean" not in str(mg.draw(y))
    assert "0.mean" in str(mg.draw(y, level="operations"))
