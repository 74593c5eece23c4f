"""Which arguments share a program, and which are refused: two kinds never collide."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.compiled.agrees import agrees, assert_identical

X = np.random.default_rng(0).normal(size=(4, 3))
Y = np.random.default_rng(1).normal(size=(4, 3))


class Colour(enum.Enum):
    RED = 1


class Number(enum.IntEnum):
    ONE = 1


def test_equal_constants_of_different_kinds_have_programs_of_their_own() -> None:
    ones = (1, True, 1.0, np.True_, np.int64(1), np.float32(1), np.float64(1), 1 + 0j, Number.ONE)
    agrees(lambda x, n: x * n, *[(np.float32(X), n) for n in ones])


@pytest.mark.parametrize(
    "keys",
    [(1, True, 1.0, np.int64(1), Number.ONE), (0.0, -0.0), ((1, 2), (True, 2), (1.0, 2)), (Colour.RED,), (None,)],
    ids=str,
)
def test_equal_keys_of_different_kinds_do_too(keys: Any) -> None:
    agrees(lambda p: {key: 2.0 * x for key, x in p.items()}, *[({key: X},) for key in keys])


def test_the_order_of_keys_and_keywords() -> None:
    agrees(lambda p: {**p, "sum": sum(p.values())}, ({"a": X, "b": Y},), ({"b": Y, "a": X},))
    compiled = mg.compile(lambda x, *, y=1.0, z=2.0: x * y - z)
    for words in ({}, {"y": 3.0}, {"y": 3.0, "z": 4.0}, {"z": 5.0, "y": 6.0}, {"z": np.float64(7.0)}):
        assert_identical(compiled(X, **words), X * words.get("y", 1.0) - words.get("z", 2.0))


def test_slices() -> None:
    agrees(lambda x, s: x[s], *[(X, slice(*limits)) for limits in ((2,), (1, 3), (None, None, -1), (np.int64(1),))])
    with pytest.raises(TypeError, match="a limit of argument s is a ndarray"):
        mg.compile(lambda x, s: x[s])(X, slice(np.array(1), None))


class Odd(float):
    def __mul__(self, other: object) -> float:
        return 42.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (X.sum, "builtin_function_or_method of a ndarray"),
        (Odd(2.0), "a Odd, which may compute otherwise than a number"),
        ({1, 2}, "argument y is a set"),
        ({frozenset({1}): X}, "a key of argument y is a frozenset"),
    ],
)
def test_what_may_hold_arrays_is_refused(given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        mg.compile(lambda x, y: x)(X, given)


def test_a_tree_that_contains_itself() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for given in (endless, {"a": endless}):
        with pytest.raises(ValueError, match="does a list or dictionary contain itself"):
            mg.compile(lambda x: 1.0)(given)


def f(x: Any, y: Any) -> Any:
    return mg.sum(mg.tanh(x) * y**2)


TRANSFORMS: dict[str, Callable[[Any], Callable[..., Any]]] = {
    "grad": lambda g: mg.grad(g, argnums=(0, 1)),
    "grad of grad": lambda g: mg.grad(lambda x, y: mg.sum(mg.grad(g)(x, y) ** 2)),
    "hessian": mg.hessian,
    "hvp": lambda g: lambda x, y: mg.hvp(lambda x: g(x, y), x, y),
    "jvp": lambda g: lambda x, y: mg.jvp(g, (x, y), (y, x)),
    "vjp": lambda g: lambda x, y: mg.vjp(g, x, y)[1](np.float64(2.0)),
    "checkpoint": lambda g: mg.value_and_grad(lambda x, y: mg.checkpoint(g)(x, y)),
    "checkpoint of a part": lambda g: mg.value_and_grad(mg.checkpoint(lambda x, y: 2.0 * g(x, y))),
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_derivatives_of_a_compiled_function_that_has_programs(name: str) -> None:
    """A program for a Tensor without gradients is not that of one that requires them."""
    transform = TRANSFORMS[name]
    compiled = mg.compile(f)
    compiled(X, Y)
    compiled(mg.Tensor(X), mg.Tensor(Y))
    again = mg.compile(transform(compiled))
    for args in ((X, Y), (Y, X), (mg.Tensor(X), mg.Tensor(Y)), (X, Y)):
        expected = transform(f)(*args)
        assert_identical(transform(compiled)(*args), expected)
        assert_identical(again(*args), expected)


def test_a_tensor_that_requires_gradients_after_one_that_does_not() -> None:
    compiled = mg.compile(f)
    compiled(mg.Tensor(X), mg.Tensor(Y))
    w = mg.Tensor(X, requires_grad=True)
    compiled(w, mg.Tensor(Y)).backward()
    assert_identical(w.grad, mg.grad(f)(X, Y))


def test_within_no_grad() -> None:
    def by_mode(x: Any) -> Any:
        return x * (2.0 if (mg.Tensor(x, requires_grad=True) * 1.0).requires_grad else 3.0)

    compiled = mg.compile(by_mode)
    for _ in range(2):
        assert_identical(compiled(X), X * 2.0)
        with mg.no_grad():
            assert_identical(compiled(X), X * 3.0)


def test_recursion() -> None:
    factorial = mg.compile(lambda x, n: x if n == 0 else factorial(x * float(n), n - 1))
    for x, n, product in ((X, 4, 24.0), (Y, 3, 6.0), (Y, 4, 24.0)):
        np.testing.assert_allclose(factorial(x, n), x * product)
