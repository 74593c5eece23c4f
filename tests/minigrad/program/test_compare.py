"""A function that goes another way while it is recorded is refused, and so are results that are not computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X = np.array([[1.0, -2.0], [0.5, 3.0]])


def generator(x: Any) -> Iterator[Any]:
    yield x


class Doubled(mg.Tensor):
    def __mul__(self, other: Any) -> float:  # type: ignore[override]
        return 42.0


@pytest.mark.parametrize(
    ("f", "args", "where"),
    [
        (lambda x: x * (2.0 if type(x) is np.ndarray else 3.0), (X,), "the result has other numbers"),
        (lambda x: x * (2.0 if type(x) is float else 3.0), (2.0,), "the result has other numbers"),
        (lambda x, y: [x * (2.0 if x is y else 3.0)], (X, X), r"the result\[0\] has other numbers"),
        (lambda x: x * (2.0 if str(x) == "0.5" else 3.0), (0.5,), "the result has other numbers"),
        (lambda x: {"a": f"{x:.2f}"}, (0.5,), r"the result\['a'\] is '<x, which is being recorded"),
        (lambda x: {str(x): x}, (0.5,), r"has the keys \['<x, which.*not \['0.5'\]"),
        (lambda x: (x,) if type(x) is float else (x, x), (0.5,), "the result is not the same tuple"),
        (lambda x: x if type(x) is np.ndarray else x.astype(np.float32), (X,), "the result has other numbers"),
        (lambda x: x * 2, (Doubled(X),), "the result is a Tensor, not a float"),
    ],
)
def test_another_way_while_it_is_recorded(f: Callable[..., Any], args: Any, where: str) -> None:
    with pytest.raises(RuntimeError, match=f"computes something else while it is recorded: .*{where}"):
        mg.compile(f)(*args)


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (lambda x: mg.vjp(mg.exp, x), TypeError, "returns a function; .*Call a function that you return"),
        (generator, TypeError, "returns a generator"),
        (lambda x: {1, 2}, TypeError, "returns a set"),
        (lambda x: (x, [map(abs, [x])]), TypeError, "returns a map"),
        (lambda x: mg.Tensor(x, requires_grad=True), RuntimeError, "requires gradients and is a copy in each call"),
    ],
)
def test_results_that_a_program_does_not_return(f: Callable[..., Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        mg.compile(f)(X)


def test_tensors_that_a_program_returns_have_no_graph() -> None:
    layer = nn.Linear(2, 2, rng=0)
    compiled = mg.compile(lambda x: mg.sum(layer(x)))
    with pytest.raises(RuntimeError, match="backward"):
        compiled(np.float32(X)).backward()


def test_an_operation_with_a_state() -> None:
    calls = [0]

    @mg.primitive(lambda y_bar, y, x: y_bar)
    def counting(x: Any) -> Any:
        calls[0] += 1
        return x * calls[0]

    with pytest.raises(RuntimeError, match="or it keeps a state or draws random numbers"):
        mg.compile(lambda x: counting(x))(X)
