"""recorded_operations: all that was computed within record, inputs before outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg


def _names(*outputs: Any) -> list[str]:
    return [operation.primitive.name for operation in mg.recorded_operations(*outputs)]


def test_constants_are_there_too() -> None:
    x, w = mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0], requires_grad=True)
    with mg.record():
        y = mg.exp(x) * w
        with mg.no_grad():
            z = mg.tanh(y.detach()) + 1
    assert _names(y) == ["exp", "multiply"]
    assert _names(z) == ["exp", "multiply", "detach", "tanh", "add"]
    assert [operation.primitive.name for operation in mg.operations(y)] == ["multiply"]


def test_every_operation_is_there_once_and_after_its_inputs() -> None:
    x = mg.Tensor([1.0, 2.0], requires_grad=True)
    with mg.record():
        a = mg.exp(x)
        b, c = a + 1, a * 2
        d = b * c
    found = mg.recorded_operations(d, b, a)
    assert [operation.output for operation in found] == [a, b, c, d]
    computed: set[int] = {id(x)}
    for operation in found:
        assert all(id(value) in computed for value in operation.inputs if isinstance(value, mg.Tensor))
        computed.add(id(operation.output))


def test_comparisons_are_those_of_numpy() -> None:
    x = mg.Tensor([1.0, -2.0])
    with mg.record():
        mask = x > 0
        y = mg.where(mask, x, np.floor(x))
        largest = np.argmax(y, axis=0)
    found = mg.recorded_operations(y, largest)
    named = {(operation.primitive.name, operation.primitive.__module__.split(".")[0]) for operation in found}
    arrays = {("greater", "numpy"), ("floor", "numpy"), ("argmax", "numpy")}
    assert named == arrays | {
        ("where", "minigrad"),
        ("detach", "minigrad"),
    }  # the array of floor is a constant to where
    assert next(operation.output for operation in found if operation.primitive.name == "greater") is mask


def test_an_index_is_the_tensor_whose_values_it_has() -> None:
    table, index = mg.Tensor(np.eye(3)), mg.Tensor([2, 0])
    with mg.record():
        y = table[index]
        z = table[:, index]
    (first,), (second,) = mg.recorded_operations(y), mg.recorded_operations(z)
    assert first.params["index"] is index
    assert second.params["index"][1] is index


def test_a_function_in_checkpoint_is_recorded_as_any_other() -> None:
    x = mg.Tensor([1.0], requires_grad=True)
    with mg.record():
        y = mg.checkpoint(mg.tanh)(x)
    assert _names(y) == ["tanh"]


def test_outside_of_record_it_is_what_the_backward_pass_needs() -> None:
    x = mg.Tensor([1.0], requires_grad=True)
    y = mg.exp(2 * x)
    assert _names(y) == [operation.primitive.name for operation in mg.operations(y)] == ["multiply", "exp"]
    assert _names(x) == []


def test_other_things_are_refused() -> None:
    with pytest.raises(TypeError, match="recorded_operations: got float, expected Tensors and arrays"):
        mg.recorded_operations(1.0)
    x = mg.Tensor([1.0], requires_grad=True)
    y = mg.exp(x).sum()
    y.backward()
    with pytest.raises(RuntimeError, match="was freed"):
        mg.recorded_operations(y)


@pytest.mark.parametrize("record_first", [True, False])
def test_lines_are_known_within_detect_anomaly(record_first: bool) -> None:
    x = mg.Tensor([1.0], requires_grad=True)
    watch = mg.detect_anomaly()
    first, second = (mg.record(), watch) if record_first else (watch, mg.record())
    with first, second:
        y = mg.exp(x)  # the line
        constant = mg.exp(x.detach())
    assert "test_recorded_operations.py, line " in watch.line_of(y)
    assert watch.line_of(y).endswith("y = mg.exp(x)  # the line")
    assert watch.line_of(constant) == watch.line_of(x) == ""


@pytest.mark.parametrize(
    "function",
    [
        lambda x: mg.softplus(x, 2.0, 3.0),
        lambda x: mg.lp_pool1d(x, 2.0, 2),
        lambda x: mg.lp_pool1d(x, 0.5, 2),
        lambda x: mg.lp_pool1d(x, 3.0, 2),
    ],
)
def test_what_is_recorded_of_a_layer_does_not_depend_on_the_numbers(function: Any) -> None:
    recorded = []
    for x in (np.array([[[0.1, 0.2]]]), np.array([[[0.0, 0.0]]]), np.array([[[5.0, -1.0]]])):
        with mg.record():
            y = function(mg.Tensor(x))
        recorded.append(_names(y))
        np.testing.assert_allclose(y.data, function(x))
    assert recorded[0] == recorded[1] == recorded[2]
