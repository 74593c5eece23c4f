"""no_grad and scopes: what is recorded, in which thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

w = Tensor([1.0, 2.0], requires_grad=True)


def test_no_grad_records_nothing() -> None:
    with mg.no_grad():
        for y in (w * 2, mg.exp(w), w.sum(), w @ w):
            assert not y.requires_grad
            assert y._inputs == ()
    assert (w * 2).requires_grad


def test_no_grad_ends_with_its_block_even_on_errors() -> None:
    with pytest.raises(KeyError), mg.no_grad():
        raise KeyError
    assert (w * 2).requires_grad


def test_no_grad_nests() -> None:
    with mg.no_grad():
        with mg.no_grad():
            pass
        assert not (w * 2).requires_grad


def test_no_grad_as_decorator() -> None:
    @mg.no_grad()
    def predict(depth: int) -> bool:
        inner = predict(depth - 1) if depth else False
        return inner or (w * 2).requires_grad

    assert predict(3) is False
    assert (w * 2).requires_grad


def test_backward_works_under_no_grad() -> None:
    x = Tensor(3.0, requires_grad=True)
    y = x * x
    with mg.no_grad():
        y.backward()
    assert float(x.grad) == 6


def test_no_grad_holds_in_its_thread_alone() -> None:
    inside, checked = threading.Event(), threading.Event()

    def evaluate() -> bool:
        with mg.no_grad():
            inside.set()
            assert checked.wait(5)
            return (w * 2).requires_grad

    with ThreadPoolExecutor(1) as pool:
        evaluated = pool.submit(evaluate)
        assert inside.wait(5)
        trained = (w * 2).requires_grad
        checked.set()
        assert trained
        assert not evaluated.result()


def test_scopes_nest() -> None:
    assert (w * 2).scope.path() == []
    with mg.scope("encoder"):
        with mg.scope("gate"):
            y = w * 2
        z = w * 2
    assert [s.label for s in y.scope.path()] == ["encoder", "gate"]
    assert [s.label for s in z.scope.path()] == ["encoder"]
    assert y.scope.path()[0] is z.scope.path()[0]
    assert w.scope is None


def test_calls_of_a_decorated_function_are_different_scopes() -> None:
    @mg.scope("layer")
    def layer(x: Tensor) -> Tensor:
        return x * 2

    first, second = layer(w), layer(w)
    assert first.scope.label == second.scope.label == "layer"
    assert first.scope is not second.scope


def test_scopes_do_not_switch_recording_on() -> None:
    with mg.no_grad(), mg.scope("evaluation"):
        assert not (w * 2).requires_grad
    with mg.scope("training"), mg.no_grad():
        assert not (w * 2).requires_grad


def test_threads_differentiate_graphs_of_their_own() -> None:
    start = threading.Barrier(2)

    def train(scale: float) -> list[float]:
        start.wait(5)
        found = []
        for _ in range(50):
            x = Tensor(np.full(3, scale), requires_grad=True)
            y = x
            for _ in range(30):
                y = y * 1.01 + x
            y.sum().backward()
            found.append(float(x.grad.sum() / scale))
        return found

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(train, [1.0, 2.0])
    expected = 3 * sum(1.01**k for k in range(31))
    assert one == pytest.approx([expected] * 50)
    assert two == pytest.approx([expected / 2] * 50)
