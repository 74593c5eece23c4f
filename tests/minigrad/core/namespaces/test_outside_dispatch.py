"""What NumPy computes without handing Tensors over, and the methods of arrays: no gradient is lost without a word."""

from __future__ import annotations

import contextlib
import inspect
import itertools
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.minigrad.core.namespaces import kinds
from tests.minigrad.core.namespaces.kinds import holds_gradients

X = np.array([0.3, 0.6, 0.8])

#: Settings, information and files; and the classes whose arrays have not been filled yet.
_LEFT_OUT = (
    *("info", "memmap", "ndarray", "recarray", "set_printoptions", "setbufsize", "seterr", "seterrcall"),
    *("show_config", "show_runtime", "test"),
)


def others() -> Iterator[tuple[str, Any]]:
    """The public functions and classes of NumPy that ask no Tensor for an answer."""
    for space in (np, np.linalg, np.fft, np.emath):
        for name in sorted(set(dir(space)) - set(_LEFT_OUT)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                value = getattr(space, name)
            if name.startswith("_") or not callable(value) or value in kinds.NUMPY:
                continue
            if not (inspect.isclass(value) and issubclass(value, BaseException)):
                yield f"{space.__name__}.{name}", value


#: The argument, its first element, lists of them, a matrix; alone, and before and behind numbers.
PARTS = (lambda x: x, lambda x: x[0], lambda x: [x[0], x[1]], lambda x: mg.stack([x, x]))
PLACES = (lambda part: (part,), lambda part: (part, 2), lambda part: (2, part), lambda part: (3, part, 2))


def of_numbers(found: Any) -> Any:
    """What a result says of numbers; ``None`` if it says nothing: a dtype, a text, a truth value."""
    if isinstance(found, bool | np.bool | str | bytes | np.dtype | type(None)) or callable(found):
        return None
    if isinstance(found, np.nditer | np.broadcast | np.ndenumerate | np.flatiter):
        found = list(found)
    try:
        return np.asarray(found, float)
    except (TypeError, ValueError):
        return None


def outcome(function: Any, arguments: Any, x: Any) -> tuple[bool, Any]:
    """Whether it says what becomes of the gradient, by a recorded result, a warning or an error, and its numbers."""
    told, numbers = True, None

    def loss(x: Any) -> Any:
        nonlocal told, numbers
        with warnings.catch_warnings(record=True) as warned, contextlib.suppress(Exception):
            warnings.simplefilter("always")
            found = function(*arguments(x))
            told, numbers = holds_gradients(found), of_numbers(found)
            told |= any(issubclass(w.category, RuntimeWarning) for w in warned)
        return mg.sum(x)

    mg.grad(loss)(x)
    return told, numbers


OTHERS = dict(others())


@pytest.mark.parametrize("name", OTHERS)
def test_what_becomes_a_plain_number_is_warned_of(name: str) -> None:
    """In `mg.grad`, where the result depends on the numbers of an argument that is being differentiated."""
    for part, place in itertools.product(PARTS, PLACES):
        arguments = lambda x, part=part, place=place: place(part(x))  # noqa: E731
        told, numbers = outcome(OTHERS[name], arguments, X)
        if not told and numbers is not None:
            _, other = outcome(OTHERS[name], arguments, X + 0.05)
            assert np.array_equal(numbers, other, equal_nan=True), arguments(X)


T = Tensor([[2.0, 0.3], [0.3, 3.0]], requires_grad=True)
METHODS = sorted(name for name, method in vars(np.ndarray).items() if name[0] != "_" and callable(method))
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "argpartition": (1,), "astype": (np.float32,), "choose": ([T, T],), "clip": (0, 1), "compress": ([True, False], 0),
    "dot": (T,), "item": (0,), "repeat": (2,), "reshape": (4,), "searchsorted": (1.0,), "swapaxes": (0, 1),
    "take": ([0],),
}  # fmt: skip
ITSELF = {"choose": Tensor([[1, 0], [0, 1]]), "searchsorted": T[0]}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_of_arrays_is_recorded_plain_or_refused_by_name(name: str) -> None:
    of_kind = kinds.namespaces()["np.ndarray"]
    if name in of_kind[kinds.REFUSED]:
        with pytest.raises(AttributeError, match=rf"Tensor has no attribute '{name}'(; |, for it would write)"):
            getattr(T, name)
    else:
        found = getattr(ITSELF.get(name, T), name)(*ARGUMENTS.get(name, ()))
        assert holds_gradients(found) == (name in of_kind[kinds.RECORDED])
