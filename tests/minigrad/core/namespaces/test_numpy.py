"""Every function with which NumPy would hand over Tensors: it records, it has no derivative, or it is refused."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from minigrad.core.dispatch import from_numpy
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.for_each import for_each
from tests.minigrad.core.namespaces import kinds
from tests.minigrad.core.namespaces.kinds import NUMPY as EVERY
from tests.minigrad.core.namespaces.kinds import holds_gradients, kind_of, tensors_in

REFUSED = [f for f in EVERY if kind_of(f) in (kinds.REFUSED, kinds.CONVERSION)]
PLAIN = [f for f in EVERY if kind_of(f) == kinds.PLAIN]


def name(function: Any) -> str:
    return f"{getattr(function, '__module__', None) or 'numpy'}.{function.__name__}"


def matrix() -> Tensor:
    return Tensor([[2.0, 0.3, 0.1], [0.3, 3.0, 0.2], [0.1, 0.2, 4.0]], requires_grad=True)


def calls() -> Iterator[tuple[Any, ...]]:
    """Arguments of all sorts, a Tensor that requires gradients always among them."""
    s, v = matrix(), Tensor([0.1, 0.2, 0.7], requires_grad=True)
    yield from itertools.product([s, v])
    yield from itertools.product([s, v], [s, v, 1, (0, 1), [1, 0, 2], np.ones(3)])
    yield from itertools.product([1, [0.5, 1.0, 2.0], np.eye(3), np.array([0, 1, 1])], [s, v])
    yield from [
        ([s, s],),
        ((v, v),),
        ((s, v), 1),
        ("ij,jk", s, s),
        ("ii", s),
        (s, 0, s),
        (v, v, v),
        (s, (0, 1), (1, 0)),
    ]


def asks_a_question(function: Any, args: tuple[Any, ...]) -> bool:
    """Calls of recorded functions that have no gradient to lose: the places where x, and a in the type of x."""
    if function.__name__ == "astype":
        return not isinstance(args[0], Tensor)
    if function in (np.compress, np.extract, np.select):  # the first argument is a condition
        return not any(isinstance(x, Tensor) for x in args[1:])
    if function is np.full_like:  # what it fills with has a gradient, and no more than the shape of the other
        return not isinstance(args[1], Tensor)
    return function is np.where and len(args) == 1


def test_most_of_numpy_is_looked_at() -> None:
    assert len(EVERY) > 350
    assert len(PLAIN) > 90


@pytest.mark.parametrize("function", REFUSED, ids=name)
def test_what_is_missing_is_refused_by_name_with_the_way_out(function: Any) -> None:
    t = matrix()
    with pytest.raises(TypeError, match=rf"{function.__name__} (has no|does not|writes).*(t\.numpy\(\)|t\.data)"):
        t.__array_function__(function, (Tensor,), (t,), {})


@for_each("function", EVERY)
def test_no_call_crashes_and_none_loses_a_gradient(
    function: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def ask(*call: Any) -> Any:
        asked.append(call)
        return from_numpy(*call)

    monkeypatch.setattr("minigrad.core.tensor.from_numpy", ask)
    monkeypatch.chdir(tmp_path)  # np.savetxt("ij,jk", …)
    for args in calls():
        asked.clear()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found = function(*args)
            except (TypeError, ValueError, IndexError):
                continue
            except Exception:
                if asked and function not in PLAIN:  # otherwise it is NumPy's own answer to nonsense
                    raise
                continue
        if not asked:  # NumPy made an array of a list of Tensors, and nobody was asked
            continue
        if function in PLAIN:
            assert not tensors_in(found)
        elif not asks_a_question(function, args):
            assert holds_gradients(found), args
