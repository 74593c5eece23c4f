"""The gradient of a large leaf is the array that the rule made, where nothing else refers to it; else a copy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from weakref import ref

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.gradients import sole_reference
from minigrad.core.gradients.sole_reference import LARGE, pop_owned

N = LARGE // 8
FLOAT = np.dtype(np.float64)


def numbers(*shape: int) -> Any:
    return np.arange(float(np.prod(shape))).reshape(shape).copy()


def leaf(n: int = N) -> mg.Tensor:
    return mg.Tensor(numbers(n), requires_grad=True)


def address(array: Any) -> int:
    return int(array.__array_interface__["data"][0])


def doubling(note: Callable[[Any], Any]) -> Any:
    """An operation 2 x, whose rule shows to `note` the array that it returns."""

    def rule(y_bar: Any, *_: Any) -> Any:
        x_bar = 2 * y_bar
        note(x_bar)
        return x_bar

    return mg.Primitive("doubling", lambda x: 2 * x, rule)


# ---------------------------------------------------------------- taken over
def test_what_a_rule_made_becomes_the_gradient() -> None:
    made: list[int] = []
    x = leaf()
    doubling(lambda x_bar: made.append(address(x_bar)))(x).backward(np.ones(N))
    assert [address(x.grad)] == made
    np.testing.assert_array_equal(x.grad, np.full(N, 2.0))
    x.grad *= 0.5  # as when gradients are clipped
    np.testing.assert_array_equal(x.grad, np.ones(N))


def test_a_view_of_the_whole_of_what_a_rule_made_becomes_the_gradient() -> None:
    made: list[int] = []
    x = leaf()
    y = doubling(lambda x_bar: made.append(address(x_bar)))(x.reshape(2, -1))
    y.backward(np.ones((2, N // 2)))
    assert [address(x.grad)] == made


def test_the_last_of_two_leaves_has_the_array_that_both_were_given() -> None:
    made: list[int] = []
    a, b = leaf(), leaf()
    doubling(lambda x_bar: made.append(address(x_bar)))(a + b).backward(np.ones(N))
    assert not np.shares_memory(a.grad, b.grad)
    assert {address(a.grad), address(b.grad)} > set(made)
    a.grad[:] = np.nan
    np.testing.assert_array_equal(b.grad, np.full(N, 2.0))


def test_smaller_arrays_are_copied() -> None:
    """To look takes longer than to copy."""
    made: list[int] = []
    x = leaf(N - 1)
    doubling(lambda x_bar: made.append(address(x_bar)))(x).backward(np.ones(N - 1))
    assert [address(x.grad)] != made


# ---------------------------------------------------------------- copied
KEEP = {
    "the array": lambda a: a,
    "in a list": lambda a: [a],
    "a view": lambda a: a[::7],
    "a view of a view": lambda a: a[2:].reshape(-1, 2),
    "its buffer": memoryview,
    "a weak reference": ref,
    "its address with ctypes": lambda a: a.ctypes,
    "an iterator": iter,
    "a function": lambda a: lambda: a,
}


@pytest.mark.parametrize("keep", KEEP.values(), ids=KEEP)
@pytest.mark.parametrize("reshaped", [False, True])
def test_what_is_kept_is_copied(keep: Callable[[Any], Any], reshaped: bool) -> None:
    """By a rule, as a workspace, or by whatever it called; of the array that a view belongs to, too."""
    kept: list[Any] = []
    made: list[int] = []

    def note(x_bar: Any) -> None:
        made.append(address(x_bar))
        kept.append(keep(x_bar))

    x = leaf()
    y = doubling(note)(x.reshape(2, -1) if reshaped else x)
    y.backward(np.ones(y.shape))
    assert [address(x.grad)] != made


def test_what_a_hook_keeps_is_copied() -> None:
    kept: list[Any] = []
    x = leaf()
    hook = x.register_hook(kept.append)
    (x * 2).backward(np.ones(N))
    hook.remove()
    x.grad[:] = np.nan
    np.testing.assert_array_equal(kept[0], np.full(N, 2.0))


def test_what_a_hook_returns_and_keeps_is_copied() -> None:
    mine = np.full(N, 3.0)
    x = leaf()
    hook = x.register_hook(lambda _: mine)
    (x * 2).backward(np.ones(N))
    hook.remove()
    x.grad[:] = np.nan
    np.testing.assert_array_equal(mine, np.full(N, 3.0))


@pytest.mark.parametrize("f", [lambda x: x, lambda x: x + 1, lambda x: x.reshape(2, -1), lambda x: x[::-1]])
def test_the_signal_that_a_user_gives_stays_theirs(f: Callable[[Any], Any]) -> None:
    x = leaf()
    y = f(x)
    given = numbers(*y.shape)
    y.backward(given)
    assert not np.shares_memory(x.grad, given)
    x.grad[:] = np.nan
    np.testing.assert_array_equal(given, numbers(*y.shape))


def test_a_graph_that_is_kept_keeps_what_its_rules_return() -> None:
    """A rule that returns what its forward pass saved, as that of a product with a constant 1 could."""
    p = mg.Primitive("saving", lambda x: (x, 3 * x), lambda y_bar, y, x, saved: saved, saves=("saved",))
    x = leaf()
    y = p(x)
    for _ in range(2):
        x.grad = None
        y.backward(np.ones(N), retain_graph=True)
        np.testing.assert_array_equal(x.grad, 3 * x.data)
        x.grad[:] = np.nan


def test_detect_anomaly_reads_the_same_values_afterwards() -> None:
    x = leaf()
    with mg.detect_anomaly():
        y = mg.exp(x / N)
        y.backward(np.ones(N), retain_graph=True)
        first = x.grad.copy()
        x.grad[:] = np.nan
        x.grad = None
        y.backward(np.ones(N))
    np.testing.assert_array_equal(x.grad, first)


# ---------------------------------------------------------------- which arrays are their own
def popped(array_of: Callable[[], Any], dtype: Any = FLOAT) -> tuple[bool, Any]:
    """Whether `pop_owned` takes over an array, and what it returns."""
    signals = {0: array_of()}
    before = address(signals[0])
    after = pop_owned(signals, 0, dtype)
    assert signals == {}
    assert after.flags.owndata or after.base.flags.owndata
    assert after.flags.writeable
    assert after.dtype == dtype
    return address(after) == before, after


def read_only() -> Any:
    array = numbers(N)
    array.flags.writeable = False
    return array


def view_of_read_only() -> Any:
    array = numbers(N)
    view = array[:]
    array.flags.writeable = False
    return view


class Subclass(np.ndarray):
    pass


@pytest.mark.parametrize("whole", [lambda: numbers(N), lambda: numbers(2, 3).T.copy("K"), lambda: numbers(6)[::1]])
def test_arrays_that_are_their_own(whole: Callable[[], Any]) -> None:
    assert popped(whole)[0]


NOT_ITS_OWN = {
    "read-only": read_only,
    "a view of what is read-only": view_of_read_only,
    "of another library": lambda: np.frombuffer(bytearray(8 * N)),
    "a view of another library's": lambda: np.frombuffer(bytearray(8 * N))[:],
    "a part": lambda: numbers(N + 1)[1:],
    "every second": lambda: numbers(2 * N)[::2],
    "reversed": lambda: numbers(N)[::-1],
    "repeated": lambda: np.broadcast_to(numbers(1), (N,)),
    "repeated and writeable": lambda: np.lib.stride_tricks.as_strided(numbers(1), (N,), (0,)),
    "a subclass": lambda: numbers(N).view(Subclass),
    "a view of a subclass": lambda: np.asarray(numbers(N).view(Subclass).copy()),
    "of another byte order": lambda: numbers(N).astype(">f8"),
    "of another precision": lambda: numbers(N).astype(np.float32),
}


@pytest.mark.parametrize("array_of", NOT_ITS_OWN.values(), ids=NOT_ITS_OWN)
def test_arrays_that_are_copied(array_of: Callable[[], Any]) -> None:
    taken, array = popped(array_of)
    assert not taken
    np.testing.assert_array_equal(array, array_of())


def test_one_reference_more_is_counted() -> None:
    array = np.empty(1)
    assert sole_reference._pop({0: array}, 0)[1] == sole_reference._ONE + 1
    assert sole_reference._base(array[:])[1] == sole_reference._ONE_VIEW + 1
    for _ in range(1000):  # Python specializes code that runs often: the count stays
        assert sole_reference._pop({0: np.empty(1)}, 0)[1] == sole_reference._ONE
        assert sole_reference._base(np.empty(1)[:])[1] == sole_reference._ONE_VIEW


@pytest.mark.parametrize(
    "inexact",
    [
        {"implementation": SimpleNamespace(name="pypy")},
        {"version": "3.14.0 free-threading build (main)"},
        {"_jit": SimpleNamespace(is_enabled=lambda: True)},
    ],
)
def test_where_python_does_not_count_exactly_everything_is_copied(
    inexact: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in inexact.items():
        monkeypatch.setattr(sys, name, value, raising=False)
    count = sole_reference._counter()
    monkeypatch.undo()
    monkeypatch.setattr(sole_reference, "_count", count)
    monkeypatch.setattr(sole_reference, "_ONE", sole_reference._pop({0: np.empty(1)}, 0)[1] or -1)
    assert not popped(lambda: numbers(N))[0]


def test_where_python_counts_exactly_it_is_asked() -> None:
    assert sys.implementation.name != "cpython" or sole_reference._counter() is sys.getrefcount
