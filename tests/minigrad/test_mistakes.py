"""Strange arguments to every public function: a value, or an error that names the function and says what was given."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.cli.functions import FUNCTIONS, signature
from tests.helpers.parametrized.for_each import for_each

every_function = for_each("name", list(FUNCTIONS))

_t = mg.Tensor([1.0, 2.0], requires_grad=True)
_m = mg.Tensor([[2.0, 1.0], [0.5, 3.0]], requires_grad=True)

#: Arguments that are not arrays of numbers.
STRANGE: dict[str, Any] = {
    "a string": "abc",
    "None": None,
    "strings": ["a", "b"],
    "objects": np.array([1.0, None], dtype=object),
    "text": np.array(["a", "b"]),
    "a dictionary": {"a": 1},
    "a function": len,
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "rows of different lengths": [[1.0, 2.0], [3.0]],
    "Tensors in lists in a list": [[_t, _t], [_t, _t]],
}
if find_spec("ml_dtypes"):
    STRANGE["bfloat16"] = np.array([1.0, 2.0], np.dtype(import_module("ml_dtypes").bfloat16))

#: Functions of lists, of arguments that need not be arrays, or of any number of them.
MEANT = {
    "concat": {"rows of different lengths"},
    "concatenate": {"rows of different lengths"},
    "hstack": {"rows of different lengths"},
    "select": {"rows of different lengths"},
    "append": {"Tensors in lists in a list"},
    "block": {"Tensors in lists in a list"},
    "piecewise": {"Tensors in lists in a list"},  # conditions
    "choose": {"rows of different lengths"},
    "astype": {"None"},  # NumPy's word for float64
    "reshape": {"None"},  # NumPy's word for the same shape
    "where": {"Tensors in lists in a list"},  # a condition, through which no gradient flows
    **{key: {"a wrong number"} for key in ("meshgrid", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_arrays")},
}


def required(name: str) -> int:
    """How many arguments a function needs; one of those that take any number."""
    parameters = signature(name).parameters.values()
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    return (
        1
        if any(p.kind is p.VAR_POSITIONAL for p in needed) and len(needed) < 2
        else len([p for p in needed if p.kind is not p.VAR_POSITIONAL])
    )


def outcome(name: str, call: Callable[[], Any]) -> Any:
    """What a call gives, or the mistake that it named."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return call()
    except (TypeError, ValueError, IndexError, ZeroDivisionError) as error:
        own = FUNCTIONS[name].__name__  # mg.mod is mg.remainder, and says so
        if name not in str(error) and own not in str(error):
            raise AssertionError(f"{name} is not named") from error
        return error


def refused(name: str, what: str, call: Callable[[], Any]) -> None:
    found = outcome(name, call)
    assert isinstance(found, Exception) or what in MEANT.get(name, ()), f"{name} of {what} gave {found!r}"


@every_function
def test_what_is_no_array_of_numbers_is_refused(name: str) -> None:
    f, n = FUNCTIONS[name], required(name)
    for what, strange in STRANGE.items():
        refused(name, what, lambda s=strange: f(*[s] * n))
        for i in range(n):
            refused(name, what, lambda s=strange, i=i: f(*[s if j == i else _m for j in range(n)]))


@every_function
def test_a_wrong_number_of_arguments_is_refused(name: str) -> None:
    refused(name, "a wrong number", FUNCTIONS[name])
    refused(name, "a wrong number", lambda: FUNCTIONS[name](*[_m] * 9))


def axes_of(name: str) -> Iterator[str]:
    parameters = signature(name).parameters
    names = ["axis", "axes", "axis1", "axis2", "source", *["start"] * ("stop" not in parameters)]
    yield from (p for p in parameters if p in names)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if list(axes_of(name))])
def test_an_axis_that_there_is_not_is_refused(name: str) -> None:
    parameters = signature(name).parameters.values()
    others = [p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
    for axis in axes_of(name):
        for wrong in (7, -7, 0.5, "x", _t, [None]):
            if inspect.signature(FUNCTIONS[name]).parameters[axis].kind is inspect.Parameter.VAR_POSITIONAL:
                refused(name, "a wrong axis", lambda w=wrong: FUNCTIONS[name](_m, w))
                continue
            said = {axis: wrong} | {p: 0 if p in ("destination", "axis1", "axis2") else _m for p in others if p != axis}
            if "arrays" in said:
                said["arrays"] = [_m, _m]
            refused(name, "a wrong axis", lambda s=said: FUNCTIONS[name](**s))


#: What is an array of numbers, though not the usual one.
UNUSUAL: dict[str, Any] = {
    "a Python number": 3.0,
    "a whole number": 3,
    "a condition": np.True_,
    "booleans": np.array([True, False]),
    "whole numbers": np.array([[1, 2], [3, 4]]),
    "a 0-d array": np.array(0.5),
    "nothing": np.zeros((0, 3)),
    "half precision": np.array([0.5, 0.25], dtype=np.float16),
    "a matrix of one element": [[0.5]],
}


@every_function
def test_unusual_numbers_give_what_their_tensor_gives(name: str) -> None:
    f, n = FUNCTIONS[name], required(name)
    for what, unusual in UNUSUAL.items():
        plain = outcome(name, lambda u=unusual: f(*[u] * n))
        of_tensor = outcome(name, lambda u=unusual: f(mg.Tensor(u), *[u] * (n - 1)))
        if name == "copy" and not hasattr(unusual, "dtype"):
            continue
        assert isinstance(plain, Exception) == isinstance(of_tensor, Exception), (what, plain, of_tensor)
        if isinstance(plain, Exception):
            continue
        for a, b in zip(each(plain), each(of_tensor), strict=True):
            np.testing.assert_allclose(values(a), values(b), rtol=1e-3)


def each(found: Any) -> Any:
    return found if isinstance(found, list | tuple) else (found,)


def values(found: Any) -> Any:
    return found.data if isinstance(found, mg.Tensor) else found


@every_function
def test_shapes_that_do_not_fit_are_named(name: str) -> None:
    """Values where the shapes happen to fit; else the function is named."""
    f, n = FUNCTIONS[name], required(name)
    for shapes in [((2,), (3,)), ((2, 3), (2, 3)), ((), (2, 2)), ((1, 2, 3, 4), (5,)), ((0,), (2,))]:
        arrays = [mg.Tensor(np.ones(shapes[min(i, 1)])) for i in range(n)]
        outcome(name, lambda a=arrays: f(*a))


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if isinstance(FUNCTIONS[name], mg.Unary)])
def test_a_long_list_is_an_array(name: str) -> None:
    with np.errstate(invalid="ignore"):
        assert FUNCTIONS[name]([0.5] * 100_000).shape == (100_000,)


@pytest.mark.parametrize("dtype", [int, bool, np.uint8, complex])
def test_gradients_are_of_floating_types(dtype: Any) -> None:
    with pytest.raises(TypeError, match="Tensor: only floating types may require gradients"):
        mg.Tensor(np.ones(2, dtype), requires_grad=True)


@pytest.mark.parametrize("strange", ["abc", None, {"a": 1}, object()])
def test_operators_refuse_what_is_no_number(strange: Any) -> None:
    """In the name of the operation, whichever side it stands on; a whole number times a string is no string."""
    for x in (_t, mg.Tensor(2), mg.Tensor(2.0)):
        for operation, name in [
            (lambda a, b: a + b, "add"),
            (lambda a, b: a * b, "multiply"),
            (lambda a, b: a @ b, "matmul"),
            (lambda a, b: a**b, "power"),
        ]:
            with pytest.raises(TypeError, match=f"^{name}: got a {type(strange).__name__}"):
                operation(x, strange)
            with pytest.raises(TypeError, match=f"^{name}: got a {type(strange).__name__}"):
                operation(strange, x)


def test_what_is_wrong_with_lists() -> None:
    with pytest.raises(TypeError, match=r"^exp: got a list that holds Tensors.*mg\.stack"):
        mg.exp([[_t, _t], [_t, _t]])
    with pytest.raises(TypeError, match=r"^Tensor: got a list that holds Tensors"):
        mg.Tensor([[_t, 1.0]])
    with pytest.raises(ValueError, match=r"^Tensor: got a list that makes no array"):
        mg.Tensor([[1.0, 2.0], [3.0]])
    with pytest.raises(ValueError, match=r"^sum: got a list that makes no array"):
        mg.sum([[1.0, 2.0], [3.0]])


def test_a_function_made_of_others_speaks_for_itself() -> None:
    with pytest.raises(TypeError, match=r"^gelu: .*got a str, 'abc', expected a Tensor, an array or numbers$"):
        mg.gelu("abc", "tanh")
    with pytest.raises(TypeError, match=r"^exp\(\) missing 1 required positional argument"):
        mg.exp()
    with pytest.raises(np.exceptions.AxisError, match=r"^sum: axis 7 is out of bounds .*shape \(2,\) of float64"):
        mg.sum(_t, axis=7)
    with pytest.raises(ValueError, match=r"^multiply: .*\(2,\).*\(3,\)"):
        _t * [1.0, 2.0, 3.0]


# ---------------------------------------------------------------- a rule of one's own that is wrong


@pytest.mark.parametrize(
    ("rule", "error", "message"),
    [
        (lambda y_bar, y, x: np.sum(y_bar), ValueError, r"shape \(\) for an argument of shape \(3,\)"),
        (lambda y_bar, y, x: 2.0, ValueError, r"shape \(\) for an argument of shape \(3,\)"),
        (lambda y_bar, y, x: y_bar[:2], ValueError, r"shape \(2,\) for an argument of shape \(3,\)"),
        (lambda y_bar, y, x: None, TypeError, r"None, expected an error signal of shape \(3,\)"),
    ],
)
def test_a_rule_that_does_not_spread_its_error_signal(rule: Any, error: Any, message: str) -> None:
    @mg.primitive(rule)
    def tripled(x: Any) -> Any:
        return 3 * x

    x = mg.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    with pytest.raises(error, match=f"^tripled: its rule gave .*{message}"):
        mg.sum(tripled(x)).backward()
    with pytest.raises(error, match=f"^tripled: its rule gave .*{message}"):
        mg.sum(tripled(2 * x)).backward(create_graph=True)


def test_a_rule_for_each_argument_is_looked_at_too() -> None:
    @mg.primitive(each=lambda i, y_bar, y, *xs: y_bar if i == 0 else np.sum(y_bar))
    def added(*xs: Any) -> Any:
        return sum(xs)

    x = mg.Tensor([1.0, 2.0], requires_grad=True)
    mg.sum(added(x, np.ones(2))).backward()
    with pytest.raises(ValueError, match=r"^added: its rule gave"):
        mg.sum(added(np.ones(2), x)).backward()


def test_a_rule_may_give_a_number_for_a_number() -> None:
    @mg.primitive(lambda y_bar, y, x: 3.0)
    def slope_of_three(x: Any) -> Any:
        return 3 * x

    assert mg.grad(slope_of_three)(2.0) == 3.0
