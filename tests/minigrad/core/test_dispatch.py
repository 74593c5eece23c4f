"""NumPy's functions on Tensors reach minigrad's primitives, or say why not."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.dispatch import numpy_functions
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.for_each import for_each
from tests.helpers.parametrized.ids import shown

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


def defaults(function: Any) -> dict[str, Any]:
    try:
        parameters = signature(function).parameters
    except (TypeError, ValueError):  # no function at all, or one in C that does not say
        return {}
    return {name: p.default for name, p in parameters.items() if p.default not in (Parameter.empty, np._NoValue)}


@for_each("function", list(numpy_functions))
def test_what_is_left_out_means_what_it_means_to_numpy(function: Any) -> None:
    theirs = defaults(function)
    other = getattr(np, function.__name__, function) is not function  # mg.cross is np.cross, and not np.linalg.cross
    namesake = None if other else getattr(mg, function.__name__, None)
    for ours in map(defaults, (numpy_functions[function], namesake)):
        assert {name: ours[name] for name in theirs if name in ours} == {n: theirs[n] for n in theirs if n in ours}


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


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (np.nextafter, "np.nextafter"),
        (np.frompyfunc(lambda x, y: x, 2, 1), "<lambda>"),
    ],
    ids=shown,
)
def test_what_has_no_rule_is_refused_by_name(function: Any, name: str) -> None:
    with pytest.raises(TypeError, match=rf"^{name}.* has no derivative.*t\.numpy\(\)"):
        function(t, t)


@pytest.mark.parametrize(
    "call",
    [
        lambda: np.copyto(a, t),
        lambda: np.put(t, 0, 1.0),
        lambda: np.place(a, a > 5, t),
        lambda: np.putmask(t, t > 1, 0),
        lambda: np.put_along_axis(a, np.array([[0]]), t, 0),
        lambda: np.fill_diagonal(t, 0),
    ],
)
def test_functions_that_write_say_what_to_do_instead(call: Any) -> None:
    before, value = a.copy(), t.numpy().copy()
    with pytest.raises(TypeError, match=r"np\.\w+ writes into an array.*mg\.where.*t\.numpy\(\)"):
        call()
    np.testing.assert_array_equal(a, before)
    np.testing.assert_array_equal(t.numpy(), value)


def test_arrays_like_a_tensor_are_refused() -> None:
    with pytest.raises(TypeError, match=r"np\.zeros does not take like= a Tensor; write like=t\.data"):
        np.zeros(3, like=t)


# ---------------------------------------------------------------- methods of ufuncs


@pytest.mark.parametrize("ufunc", [np.add, np.maximum, np.minimum], ids=str)
@pytest.mark.parametrize("how", [{}, {"axis": 1}, {"axis": None}, {"axis": (0, 1), "keepdims": True}], ids=str)
def test_a_reduction_by_a_ufunc_records(ufunc: np.ufunc, how: dict[str, Any]) -> None:
    y = ufunc.reduce(t, **how)
    assert y.requires_grad
    np.testing.assert_array_equal(y.data, ufunc.reduce(t.data, **how))


@pytest.mark.parametrize("ufunc", [np.add, np.subtract, np.multiply, np.divide, np.maximum], ids=str)
@pytest.mark.parametrize("other", [a, t, [1.0, 2.0, 3.0], 2.0], ids=["array", "Tensor", "list", "number"])
def test_every_element_with_every_other(ufunc: np.ufunc, other: Any) -> None:
    for left, right in [(t, other), (other, t)]:
        y = ufunc.outer(left, right)
        assert y.requires_grad
        np.testing.assert_array_equal(y.data, ufunc.outer(np.asarray(left), np.asarray(right)))
    x = Tensor([1.0, 2.0], requires_grad=True)
    np.multiply.outer(x, [1.0, 10.0, 100.0]).sum().backward()
    np.testing.assert_array_equal(x.grad, [111, 111])


def test_questions_have_methods_too() -> None:
    np.testing.assert_array_equal(np.logical_and.reduce(t), [True, True])
    np.testing.assert_array_equal(np.logical_or.reduce(t, axis=1), [True, True])
    np.testing.assert_array_equal(np.greater.outer(t, [1.5, 3.5]), np.greater.outer(t.data, [1.5, 3.5]))


def test_other_methods_of_ufuncs_are_refused_by_name() -> None:
    """All but `at` work: tests/minigrad/rules/functional/test_ufunc_methods.py."""
    for call in (lambda: np.maximum.at(a, 0, t[0]), lambda: np.maximum.at(t, 0, 1.0)):
        with pytest.raises(TypeError, match=r"np\.maximum\.at writes into .*build a new Tensor.*t\.numpy\(\)"):
            call()


def test_a_method_refuses_keywords_as_its_function_does() -> None:
    with pytest.raises(TypeError, match=r"np\.add\.reduce does not take out="):
        np.add.reduce(t, out=np.zeros(2))


# ---------------------------------------------------------------- keywords


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


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: np.exp(t, where=a > 6), r"np\.exp does not take where=.*mg\.where"),
        (lambda: np.exp(t, dtype=np.float32), r"np\.exp does not take dtype=.*t\.astype"),
        (lambda: np.add(t, a, casting="unsafe"), r"np\.add does not take casting="),
        (lambda: np.multiply(a, t, subok=False), r"np\.multiply does not take subok="),
    ],
)
def test_other_keywords_are_refused_by_name(call: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        call()


def test_keywords_that_say_nothing_are_heard() -> None:
    for y, expected in [
        (np.exp(t, out=None, where=True, casting="same_kind", dtype=None), np.exp(t.data)),
        (np.sum(t, axis=0, dtype=None, out=None), t.data.sum(0)),
        (np.max(t, keepdims=np._NoValue, initial=np._NoValue), t.data.max()),
        (np.reshape(t, (4,), order="C"), t.data.reshape(4)),
    ]:
        assert y.requires_grad
        np.testing.assert_array_equal(y.data, expected)


def test_arguments_come_by_numpys_names_and_places() -> None:
    for y, expected in [
        (np.sum(a=t, axis=1), t.data.sum(1)),
        (np.sum(t, 0, None, None, True), t.data.sum(0, keepdims=True)),
        (np.transpose(a=t, axes=(1, 0)), t.data.T),
    ]:
        assert y.requires_grad
        np.testing.assert_array_equal(y.data, expected)


def test_matrices_of_the_old_kind_are_refused() -> None:
    """Their ``*`` is a matrix product, and the rule of multiplication is not."""
    with pytest.warns(PendingDeprecationWarning):
        m = np.matrix(a)
    for call in (lambda: m * t, lambda: t * m, lambda: t - m, lambda: np.exp(t) + m, lambda: mg.matmul(m, t)):
        with pytest.raises(TypeError, match=r"np\.matrix.*np\.asarray\(m\)"):
            call()


def test_names_of_minigrad_work_on_plain_arrays() -> None:
    for y, expected in [(mg.exp(a), np.exp(a)), (mg.sum(a, axis=0), a.sum(0)), (mg.where(a > 6, a, 0), a * (a > 6))]:
        assert type(y) is np.ndarray
        np.testing.assert_array_equal(y, expected)
