"""NumPy's functions on Tensors reach minigrad's primitives, or say why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.tensor import Tensor

t = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, name="t")
a = np.array([[5.0, 6.0], [7.0, 8.0]])

CALLS: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], str]] = [
    (np.exp, (t,), {}, "exp"),
    (np.log, (t,), {}, "log"),
    (np.sqrt, (t,), {}, "sqrt"),
    (np.tanh, (t,), {}, "tanh"),
    (np.negative, (t,), {}, "negative"),
    (np.add, (a, t), {}, "add"),
    (np.subtract, (t, a), {}, "subtract"),
    (np.multiply, (a, t), {}, "multiply"),
    (np.divide, (t, a), {}, "divide"),
    (np.true_divide, (t, 2), {}, "divide"),
    (np.power, (t, 2), {}, "power"),
    (np.maximum, (t, a), {}, "maximum"),
    (np.minimum, (a, t), {}, "minimum"),
    (np.abs, (t - 2,), {}, "abs"),
    (np.fabs, (t - 2,), {}, "abs"),
    (np.sign, (t - 2,), {}, "sign"),
    (np.positive, (t - 2,), {}, "subtract"),
    (np.radians, (t,), {}, "deg2rad"),
    (np.degrees, (t,), {}, "rad2deg"),
    (np.sinc, (t,), {}, "sinc"),
    (np.float_power, (t, 2), {}, "power"),
    (np.mod, (a, t), {}, "remainder"),
    (np.floor_divide, (a, t), {}, "floor_divide"),
    (np.clip, (t, 2, 3), {}, "at_most"),
    (np.clip, (t,), {"a_min": 2, "a_max": None}, "at_least"),
    (np.clip, (t,), {"max": 3}, "at_most"),
    (np.clip, (a, t, None), {}, "at_least"),
    (np.matmul, (a, t), {}, "matmul"),
    (np.sum, (t,), {"axis": 0}, "sum"),
    (np.sum, (t, 1), {"keepdims": True}, "sum"),
    (np.mean, (t,), {"axis": (0, 1)}, "mean"),
    (np.max, (t,), {}, "max"),
    (np.min, (t, -1), {}, "min"),
    (np.amax, (t,), {}, "max"),
    (np.amin, (t,), {}, "min"),
    (np.where, (t > 2, t, 0), {}, "where"),
    (np.where, (a > 6, a, t), {}, "where"),
    (np.reshape, (t, (4,)), {}, "reshape"),
    (np.reshape, (t, -1), {}, "reshape"),
    (np.expand_dims, (t, (0, -1)), {}, "reshape"),
    (np.transpose, (t,), {}, "transpose"),
    (np.transpose, (t, (1, 0)), {}, "transpose"),
    (np.swapaxes, (t, 0, -1), {}, "transpose"),
    (np.broadcast_to, (t, (3, 2, 2)), {}, "broadcast_to"),
]


@pytest.mark.parametrize(("function", "args", "params", "primitive"), CALLS)
def test_numpy_functions_record(function: Any, args: Any, params: Any, primitive: str) -> None:
    y = function(*args, **params)
    assert isinstance(y, Tensor)
    assert y._primitive.name == primitive
    np.testing.assert_allclose(y.data, function(*[x.data if isinstance(x, Tensor) else x for x in args], **params))


@pytest.mark.parametrize("scalar", [np.float64(2), np.float32(2), np.int64(2), np.array(2.0)], ids=repr)
@pytest.mark.parametrize("value", [[1.0, 3.0], 3.0], ids=["vector", "number"])
def test_numpy_scalars_and_arrays_in_front(scalar: Any, value: Any) -> None:
    x = Tensor(value, requires_grad=True)
    for y, factor in [(scalar * x, 2), (scalar + x, 1), (scalar - x, -1), (x * scalar, 2)]:
        assert isinstance(y, Tensor)
        x.zero_grad()
        y.sum().backward()
        np.testing.assert_array_equal(x.grad, np.full(x.shape, factor))


def test_a_float32_scalar_keeps_float32() -> None:
    x = Tensor([1.0, 3.0], requires_grad=True, dtype=np.float32)
    assert (np.float32(2) * x).dtype == np.float32


@pytest.mark.parametrize(
    "function",
    [np.isnan, np.isfinite, np.argmax, np.argmin, np.ones_like, np.zeros_like, np.shape, np.ndim, np.size],
    ids=lambda f: f.__name__,
)
def test_functions_without_derivative_give_plain_values(function: Any) -> None:
    found = function(t)
    assert not isinstance(found, Tensor)
    np.testing.assert_array_equal(found, function(t.data))


def test_comparisons_and_checks_give_plain_values() -> None:
    assert np.allclose(t, t.data)
    assert np.array_equal(t.data, t)
    assert type(np.greater(t, a)) is np.ndarray


@pytest.mark.parametrize("function", [np.i0, np.linalg.eigvals, np.isinf], ids=lambda f: f.__name__)
def test_what_has_no_rule_is_refused_by_name(function: Any) -> None:
    with pytest.raises(TypeError, match=rf"np\.{function.__name__} has no derivative.*t\.numpy\(\)"):
        function(t)


def test_methods_of_ufuncs_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"np\.add\.reduce.*mg\.sum"):
        np.add.reduce(t)


def test_nothing_is_written_into_an_array() -> None:
    out = np.zeros((2, 2))
    for call in (lambda: np.exp(t, out=out), lambda: np.add(a, t, out=out), lambda: np.sum(t, axis=0, out=out[0])):
        with pytest.raises(TypeError, match="out="):
            call()
    np.testing.assert_array_equal(out, 0)


def test_an_array_does_not_swallow_a_tensor() -> None:
    """`a += t` would write the value and lose the graph."""
    b = a.copy()
    with pytest.raises(TypeError, match=r"np\.add does not take out=.*z = x \+ t"):
        b += t
    np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("how", [{"where": True}, {"dtype": np.float32}], ids=str)
def test_other_keywords_are_refused_by_name(how: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=rf"np\.exp does not take {next(iter(how))}="):
        np.exp(t, **how)


def test_names_of_minigrad_work_on_plain_arrays() -> None:
    for y, expected in [(mg.exp(a), np.exp(a)), (mg.sum(a, axis=0), a.sum(0)), (mg.where(a > 6, a, 0), a * (a > 6))]:
        assert type(y) is np.ndarray
        np.testing.assert_array_equal(y, expected)
