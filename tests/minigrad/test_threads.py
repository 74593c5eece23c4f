"""Threads: what they add to the grad of common leaves adds up, and none computes with what belongs to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.helpers.threads import at_once

SWEEPS = 20
checkpointed = mg.checkpoint(lambda w: mg.sum(w * w))


def with_hook(w: Tensor) -> Tensor:
    y = w * w
    y.register_hook(lambda y_bar: 1.0 * y_bar)
    return mg.sum(y)


LOSSES: dict[str, Callable[[Tensor], Tensor]] = {
    "sum": lambda w: mg.sum(w * w),
    "checkpoint": checkpointed,
    "hook": with_hook,
    "scope": mg.scope("loss")(lambda w: mg.sum(w * w)),
}


@pytest.mark.parametrize("create_graph", [False, True], ids=["", "create_graph"])
@pytest.mark.parametrize("own_graph", [True, False], ids=["own graphs", "one graph"])
@pytest.mark.parametrize("loss_of", LOSSES.values(), ids=LOSSES)
def test_what_threads_add_to_a_leaf_adds_up(
    loss_of: Callable[[Tensor], Tensor], own_graph: bool, create_graph: bool
) -> None:
    for _ in range(2 if create_graph else 10):
        w = Tensor([1.0, 2.0, 3.0], requires_grad=True)
        common = loss_of(w)

        def job(i: int, w: Tensor = w, common: Tensor = common) -> None:
            for _ in range(SWEEPS):
                loss = 2.0**i * (loss_of(w) if own_graph else common)
                loss.backward(retain_graph=True, create_graph=create_graph)

        for outcome in at_once(job):
            outcome.result()
        np.testing.assert_array_equal(getattr(w.grad, "data", w.grad), 2 * w.data * SWEEPS * 15)


def test_a_network_in_threads_has_the_gradients_of_one_after_the_other() -> None:
    images = np.random.default_rng(0).normal(size=(4, 4, 1, 12, 12))
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(75, 10))

    def job(i: int) -> None:
        mg.sum(model(images[i]) ** 2).backward()

    for i in range(4):
        job(i)
    expected = [p.grad for p in model.parameters()]
    for _ in range(5):
        for p in model.parameters():
            p.zero_grad()
        for outcome in at_once(job):
            outcome.result()
        for p, grad in zip(model.parameters(), expected, strict=True):
            np.testing.assert_allclose(p.grad, grad, rtol=1e-4, atol=1e-5)


def test_a_graph_that_another_thread_frees_is_refused_and_adds_nothing() -> None:
    refused = 0
    for _ in range(30):
        w = Tensor([1.0, 2.0], requires_grad=True)
        y = w
        for _ in range(50):
            y = y * 1.0
        loss = mg.sum(y)
        outcomes = at_once(lambda i, loss=loss: loss.backward())
        for outcome in outcomes:
            if outcome.exception():
                with pytest.raises(RuntimeError, match="was freed by an earlier"):
                    outcome.result()
                refused += 1
        complete = sum(outcome.exception() is None for outcome in outcomes)
        np.testing.assert_array_equal(w.grad, [complete, complete])
    assert refused


def test_hooks_that_threads_register_at_once_are_all_called() -> None:
    for _ in range(50):
        w, called = Tensor(1.0, requires_grad=True), []
        at_once(lambda i, w=w, called=called: w.register_hook(lambda y_bar: called.append(i)))
        w.backward()
        assert sorted(called) == [0, 1, 2, 3]


def derivatives(x: Any) -> list[Any]:
    def f(x: Any) -> Any:
        return mg.sum(mg.sin(x) * x**2)

    return [
        *(mg.grad(f)(x), mg.jvp(f, (x,), (np.ones_like(x),))[1], mg.hessian(f)(x), mg.jacobian(mg.cumsum)(x)),
        *(mg.vjp(f, x)[1](2.0)[0], mg.hvp(f, x, x), mg.grad(mg.checkpoint(f))(x)),
    ]


def test_derivatives_of_functions_in_threads_are_those_in_one() -> None:
    xs = [np.arange(1.0, 4.0) + i for i in range(4)]
    expected = [derivatives(x) for x in xs]
    for i, outcome in enumerate(at_once(lambda i: [derivatives(xs[i]) for _ in range(5)])):
        for found in outcome.result():
            for a, b in zip(found, expected[i], strict=True):
                np.testing.assert_array_equal(a, b)


def test_a_worker_records_though_the_thread_that_waits_for_it_does_not() -> None:
    w = Tensor(2.0, requires_grad=True)
    with mg.no_grad():
        assert not (w * w).requires_grad
        assert all(outcome.result() for outcome in at_once(lambda i: (w * w).requires_grad))


def test_what_a_worker_computes_from_an_argument_has_its_derivatives() -> None:
    def f(x: Any) -> Any:
        return mg.sum(mg.stack([outcome.result() for outcome in at_once(lambda i: x**i)]))

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(mg.grad(f)(x), 1 + 2 * x + 3 * x**2)
    np.testing.assert_allclose(mg.jvp(f, (x,), (np.ones(2),))[1], np.sum(1 + 2 * x + 3 * x**2))
    np.testing.assert_allclose(mg.hessian(f)(x), np.diag(2 + 6 * x))
