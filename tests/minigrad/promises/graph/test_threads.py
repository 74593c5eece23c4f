"""Threads."""

from __future__ import annotations

from collections.abc import Iterator
from threading import get_ident
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.kernels import threads
from tests.helpers.threads import at_once
from tests.minigrad.promises import same


def results(outcomes: list[Any]) -> list[Any]:
    return [outcome.result() for outcome in outcomes]


@pytest.mark.parametrize("create_graph", [False, True])
def test_backward(create_graph: bool) -> None:
    """`backward` in several threads at once"""
    w = Tensor([1.0, 2.0], requires_grad=True)
    results(at_once(lambda i: [mg.sum(2.0**i * w * w).backward(create_graph=create_graph) for _ in range(20)]))
    same(getattr(w.grad, "data", w.grad), [600, 1200])


def test_common_graphs() -> None:
    """graphs of several threads with a part in common"""
    w = Tensor(3.0, requires_grad=True)
    common = w * w
    results(at_once(lambda i: (2.0**i * common).backward(retain_graph=True)))
    assert w.grad == 90
    common.backward()
    with pytest.raises(RuntimeError, match="freed"):
        (2.0 * common).backward()
    assert w.grad == 96


def test_hooks() -> None:
    """hooks in several threads"""
    w, seen = Tensor(3.0, requires_grad=True), []
    results(at_once(lambda i: w.register_hook(lambda w_bar: seen.append((float(w_bar), get_ident())))))
    own = results(at_once(lambda i: ((2.0**i * w).backward(), get_ident())[1]))
    assert sorted(seen) == sorted((2.0**i, thread) for i, thread in enumerate(own) for _ in range(4))


def test_state_of_a_thread() -> None:
    """`no_grad`, `scope` and `detect_anomaly`"""
    w = Tensor(0.0, requires_grad=True)

    def job(_: int) -> Any:
        y = mg.sqrt(w)
        with np.errstate(divide="ignore"):
            y.backward(retain_graph=True)
        return y

    with mg.no_grad():
        assert all(y.requires_grad for y in results(at_once(job)))
    with mg.scope("outside"), mg.detect_anomaly():
        assert all(y.scope.label == "" for y in results(at_once(job)))


def test_derivatives() -> None:
    """`grad`, `jvp`, `hessian` … in threads"""
    xs = [np.arange(1.0, 4.0) + i for i in range(4)]
    hessian = mg.hessian(lambda x: mg.sum(x**3))
    for x, found in zip(xs, results(at_once(lambda i: hessian(xs[i]))), strict=True):
        np.testing.assert_allclose(found, np.diag(6 * x))

    def f(x: Any) -> Any:
        return mg.sum(mg.stack(results(at_once(lambda i: x**i))))

    np.testing.assert_allclose(mg.grad(f)(xs[0]), 1 + 2 * xs[0] + 3 * xs[0] ** 2)


def test_context_decorators() -> None:
    """`no_grad`, `scope` and `detect_anomaly` as decorators"""
    w = Tensor(2.0, requires_grad=True)

    @mg.no_grad()
    def steps() -> Iterator[Tensor]:
        yield w * w
        yield w * w

    for y in steps():
        assert not y.requires_grad
        assert (w * w).requires_grad
    with pytest.raises(TypeError, match="decorate its methods"):
        mg.no_grad()(type("Model", (), {}))


def test_no_grad_around_a_yield() -> None:
    """`with mg.no_grad():` around a `yield`"""
    w = Tensor(2.0, requires_grad=True)

    def steps() -> Iterator[None]:
        with mg.no_grad():
            yield

    generator = steps()
    next(generator)
    assert not (w * w).requires_grad
    generator.close()  # type: ignore[attr-defined]
    assert (w * w).requires_grad


def test_blas() -> None:
    """the number of BLAS threads"""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    before, limits = threads.blas_threads(), threadpoolctl.threadpool_limits

    def work(start: int, _stop: int) -> None:
        at_once(lambda i: entered.append(limits(1, user_api="blas")), 1) if start == 0 else None

    entered: list[Any] = []
    threads.in_pieces(work, 4)
    entered[0].restore_original_limits()
    assert threads.blas_threads() == before
