"""While one thread records a model, others wait, and compute with its true parameters; nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.program.recording import threads

X = np.ones((2, 4), np.float32)


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_PATIENCE", 0.2)


def of_a_thread_during_a_recording(model: Any, work: Callable[[], Any]) -> Any:
    """What another thread computes, which begins while the model is recorded."""
    begun = threading.Event()
    found: list[Any] = []

    def other() -> None:
        begun.wait(5)
        try:
            found.append(work())
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=other)
    thread.start()

    def f(x: Any) -> Any:
        y = model(x)
        begun.set()
        for _ in range(200):  # time in which the other thread would meet what stands for parameters
            y = mg.tanh(y)
        return y.data

    program = mg.compile(f)
    program(X)
    thread.join()
    assert program._latest is not None
    return found[0]


def test_a_model_is_used_eagerly_while_it_is_recorded() -> None:
    model = nn.Linear(4, 3, rng=0)
    expected = model(X).data
    y = of_a_thread_during_a_recording(model, lambda: model(X))
    np.testing.assert_array_equal(y.data, expected)
    mg.sum(y).backward()


def test_a_model_is_trained_while_it_is_recorded() -> None:
    model, other = nn.Linear(4, 3, rng=0), nn.Linear(4, 3, rng=0)
    sgd, theirs = nn.optim.SGD(model.parameters(), lr=0.1), nn.optim.SGD(other.parameters(), lr=0.1)

    def train(net: Any, optimizer: Any) -> Any:
        optimizer.zero_grad()
        L = mg.sum(net(X) ** 2)
        L.backward()
        optimizer.step()
        return L.data

    assert of_a_thread_during_a_recording(model, lambda: train(model, sgd)) == train(other, theirs)
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        assert type(p.data) is np.ndarray
        np.testing.assert_array_equal(p.data, q.data)


def test_a_parameter_is_assigned_while_it_is_recorded() -> None:
    model = nn.Linear(4, 3, rng=0)
    new = np.zeros((3, 4), np.float32)

    def assign() -> None:
        model.weight.data = new
        model.bias.grad = np.ones(3, np.float32)

    assert of_a_thread_during_a_recording(model, assign) is None
    np.testing.assert_array_equal(model.weight.data, new)
    np.testing.assert_array_equal(model.bias.grad, np.ones(3))


def test_a_program_of_the_model_runs_while_another_one_is_recorded() -> None:
    model = nn.Linear(4, 3, rng=0)
    program = mg.compile(lambda x: model(x).data)
    expected = program(X)
    np.testing.assert_array_equal(of_a_thread_during_a_recording(model, lambda: program(X)), expected)
    assert sum(map(len, program._programs.values())) == 1


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
def test_a_function_that_waits_for_another_thread_is_refused(compiled: bool) -> None:
    model = nn.Linear(4, 3, rng=0)
    inner: Any = mg.compile(lambda x: model(x).data) if compiled else model

    def f(x: Any) -> Any:
        y = model(x)
        with ThreadPoolExecutor(1) as pool:
            z = pool.submit(inner, X).result()
        return (y * z).data

    with pytest.raises(RuntimeError, match=r"waits for another thread.*Compute in the thread that calls"):
        mg.compile(f)(X)
    assert type(model.weight.data) is np.ndarray
    np.testing.assert_array_equal(mg.compile(lambda x: model(x).data)(X), model(X).data)


def test_an_error_that_the_thread_keeps_to_itself_refuses_the_program_too() -> None:
    model = nn.Linear(4, 3, rng=0)

    def f(x: Any) -> Any:
        y = model(x)
        with ThreadPoolExecutor(1) as pool:
            failed = pool.submit(model, X).exception() is not None
        return (y * (1.0 + failed)).data

    with pytest.raises(RuntimeError, match="waits for another thread"):
        mg.compile(f)(X)
