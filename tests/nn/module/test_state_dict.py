"""`load_state_dict` takes all of a state or nothing, and a parameter is not replaced by what is not one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


class Model(nn.Module):
    """Its parameters differ in shape and dtype; the last is the one that a test spoils."""

    def __init__(self) -> None:
        self.first = nn.Linear(2, 3, rng=0)
        self.scale = nn.Parameter(2.0)
        self.last = nn.Parameter([1.0, 2.0, 3.0], dtype=np.float16)


def changed(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: array + 1 for name, array in state.items()}


def same_state(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    return all(a[name].dtype == b[name].dtype and np.array_equal(a[name], b[name]) for name in a)


STRANGE = {
    "text": np.array(["1.0", "2.0", "x"]),
    "numbers as text": np.array(["1", "2", "3"]),
    "bytes": np.array([b"1", b"2", b"3"]),
    "objects": np.array([1.0, None, 3.0], dtype=object),
    "numbers as objects": np.array([1.0, 2.0, 3.0], dtype=object),
    "dates": np.array(["2026-01-01"] * 3, dtype="datetime64[D]"),
    "durations": np.array([1, 2, 3], dtype="timedelta64[s]"),
    "records": np.zeros(3, dtype=[("a", float)]),
    "masked": np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]),
    "masked in a list": [1.0, np.ma.masked, 3.0],
    "subclass": np.ones(3).view(type("Lengths", (np.ndarray,), {})),
    "complex": np.array([1j, 2, 3]),
    "complex without imaginary part": np.array([1, 2, 3], dtype=complex),
    "None": None,
    "a string": "abc",
    "a list of Tensors": [mg.Tensor(1.0), 2.0, 3.0],
    "a dictionary": {"a": 1.0},
    "other shape": np.ones((3, 1)),
    "a number": 1.0,
    "empty": np.ones(0),
    "ragged": [[1.0], [1.0, 2.0], 3.0],
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("name", ["first.weight", "scale", "last"])
def test_a_state_with_one_unfit_array_changes_nothing(name: str, strange: Any) -> None:
    if name == "scale" and isinstance(strange, float):
        strange = "2.0"
    model = Model()
    before = model.state_dict()
    with pytest.raises((TypeError, ValueError), match=rf"^load_state_dict: (the state .*)?{name}"):
        model.load_state_dict({**changed(before), name: strange})
    assert same_state(model.state_dict(), before)


@pytest.mark.parametrize(
    "state", [None, "weights.npz", Path("weights.npz"), [("scale", 1.0)], np.ones(3), Model(), 3], ids=repr
)
def test_a_state_is_a_dictionary(state: Any) -> None:
    with pytest.raises(TypeError, match="load_state_dict: expected a dictionary"):
        Model().load_state_dict(state)


def test_a_state_that_cannot_be_read_changes_nothing() -> None:
    class Broken(Mapping[str, Any]):
        state = changed(Model().state_dict())

        def __getitem__(self, name: str) -> Any:
            if name == "last":
                raise OSError("unreadable")
            return self.state[name]

        def __iter__(self) -> Iterator[str]:
            return iter(self.state)

        def __len__(self) -> int:
            return len(self.state)

    model = Model()
    before = model.state_dict()
    with pytest.raises(OSError, match="unreadable"):
        model.load_state_dict(Broken())
    assert same_state(model.state_dict(), before)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.float16, np.float32, np.float64, np.longdouble])
def test_real_numbers_of_any_dtype_are_converted(dtype: Any) -> None:
    model = Model()
    dtypes = [p.dtype for p in model.parameters()]
    model.load_state_dict({name: np.ones_like(array, dtype=dtype) for name, array in model.state_dict().items()})
    assert [p.dtype for p in model.parameters()] == dtypes
    assert all(np.all(p.data == 1) for p in model.parameters())


def test_states_may_come_from_files_lists_and_tensors(tmp_path: Path) -> None:
    state = changed(Model().state_dict())
    np.savez(tmp_path / "w.npz", **state)
    with np.load(tmp_path / "w.npz") as stored:
        states: list[Mapping[str, Any]] = [dict(stored)]
        model = Model()
        model.load_state_dict(stored)
        assert same_state(model.state_dict(), state)
    np.save(tmp_path / "w.npy", state["first.weight"])
    states += [
        OrderedDict(state),
        {name: array.tolist() for name, array in state.items()},
        {name: mg.Tensor(array) for name, array in state.items()},
        {name: mg.Tensor(array, requires_grad=True) * 1.0 for name, array in state.items()},
        {**state, "first.weight": np.load(tmp_path / "w.npy", mmap_mode="r")},
    ]
    for given in states:
        model = Model()
        model.load_state_dict(given)
        assert same_state(model.state_dict(), state)
        assert all(p.data.flags.writeable for p in model.parameters() if p.ndim)


@pytest.mark.parametrize(
    ("value", "remark"),
    [
        ([np.nan, 1.0, np.nan], "last has NaN in 2 of 3 elements$"),
        ([1e6, 1.0, 2.0], "last has an overflow of float16 in 1 of 3 elements$"),
        ([1e30, 1, -1e30], "last has an overflow of float16 in 2 of 3 elements$"),
        (
            [np.inf, -np.inf, 1e9],
            "last has infinity in 2 of 3 elements; last has an overflow of float16 in 1 of 3",
        ),
    ],
)
def test_values_that_are_not_finite_are_loaded_with_a_warning(value: list[float], remark: str) -> None:
    model = Model()
    with pytest.warns(RuntimeWarning, match=f"load_state_dict: {remark}") as caught:
        model.load_state_dict({**model.state_dict(), "last": np.array(value)})
    assert [w.filename for w in caught] == [__file__]
    np.testing.assert_array_equal(np.isfinite(model.last.data), np.abs(value) < 65504)


def test_as_an_error_the_warning_comes_before_any_change() -> None:
    model = Model()
    before = model.state_dict()
    with pytest.raises(RuntimeWarning):  # which the settings of the tests make an error
        model.load_state_dict({**changed(before), "last": np.full(3, np.nan)})
    assert same_state(model.state_dict(), before)


@pytest.mark.parametrize("value", [mg.Tensor([1.0]), np.ones(1), 2.0, 1, np.float32(1), True], ids=repr)
def test_a_parameter_is_not_replaced_by_what_is_none(value: Any) -> None:
    model = Model()
    with pytest.raises(TypeError, match=r"scale is a parameter.*m\.scale\.data = .*nn\.Parameter"):
        model.scale = value
    assert len(list(model.parameters())) == 4


def test_a_computed_update_does_not_take_a_parameter_out_of_its_model() -> None:
    model = Model()
    with mg.no_grad(), pytest.raises(TypeError, match="scale is a parameter"):
        model.scale = model.scale - 0.1
    model.scale = new = nn.Parameter(1.0)
    assert any(p is new for p in model.parameters())
    model.scale = None  # type: ignore[assignment]
    assert len(list(model.parameters())) == 3
    model.scale = mg.Tensor(1.0)  # type: ignore[assignment]
