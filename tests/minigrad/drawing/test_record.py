"""`record` in its context: nested, with derivatives, in threads, with what raises errors."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.recording.scopes import recordings
from minigrad.drawing.graph.trace import trace
from minigrad.drawing.options import Options


def primitives(*roots: Any) -> list[str]:
    return [node.primitive.name for node in trace(roots).nodes if node.primitive is not None]


def test_it_ends_with_its_block() -> None:
    x = np.ones(3)
    with mg.record():
        assert isinstance(mg.exp(x), mg.Tensor)
    assert isinstance(mg.exp(x), np.ndarray)
    assert recordings == []


def test_nested_in_itself_and_in_no_grad() -> None:
    w = mg.Tensor(1.0, requires_grad=True)
    with mg.no_grad():
        with mg.record():
            with mg.record():
                y = mg.exp(w)
            z = mg.sin(y)
            assert not z.requires_grad
        assert (2 * w)._origin == ()
    assert primitives(z) == ["exp", "sin"]


def test_derivatives_within() -> None:
    x = np.array([0.5, -1.0])

    def f(x: Any) -> Any:
        return mg.sum(mg.exp(x) * mg.logsumexp(x) + mg.max(x))

    expected = mg.value_and_grad(f)(x), mg.hessian(f)(x), mg.jvp(f, (x,), (x,))
    with mg.record():
        found = mg.value_and_grad(f)(x), mg.hessian(f)(x), mg.jvp(f, (x,), (x,))
        w = mg.Tensor(x, requires_grad=True)
        f(w).backward()
    for a, b in zip(expected, found, strict=True):
        for u, v in zip(mg.pytree.tree_leaves(a), mg.pytree.tree_leaves(b), strict=True):
            assert not isinstance(v, mg.Tensor)
            np.testing.assert_array_equal(u, v)
    assert type(w.grad) is np.ndarray


def test_a_derivation_within() -> None:
    w, t = mg.Tensor([0.5, 2.0], requires_grad=True), mg.Tensor([1.0, 0.0])

    def derivation() -> str:
        y = mg.sigmoid(w)
        L = mg.sum((1 - t) * y)
        return f"{mg.explain(L)}\n{mg.explain(L).check()}"

    expected = derivation()
    with mg.record():
        assert derivation() == expected


def test_of_one_thread_alone() -> None:
    found = []
    with mg.record():
        thread = threading.Thread(target=lambda: found.append(mg.exp(np.ones(2))))
        thread.start()
        thread.join()
    assert type(found[0]) is np.ndarray


def test_a_checkpointed_function_is_recorded_in_full() -> None:
    w = mg.Tensor(0.5, requires_grad=True)
    with mg.record():
        y = mg.checkpoint(lambda x: mg.tanh(w * mg.exp(x)))(mg.Tensor(1.0))
    assert primitives(y) == ["exp", "multiply", "tanh"]


def test_the_end_of_a_generator_is_no_failure() -> None:
    @mg.record
    def values() -> Any:
        yield mg.exp(np.zeros(2))

    steps = values()
    assert isinstance(next(steps), mg.Tensor)
    with pytest.raises(StopIteration) as caught:
        next(steps)
    assert not hasattr(caught.value, "drawing")


@pytest.mark.parametrize("level", ["stages", "modules", "operations", "lines"])
def test_what_failed_is_a_box_of_its_own_at_every_level(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = replace(Options.by_default(), level=level)
    monkeypatch.setattr(Options, "by_default", lambda: options)
    with pytest.raises(ValueError, match="linear") as caught:
        nn.draw(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(2, 3)), np.ones((1, 2), np.float32))
    assert str(caught.value.drawing).startswith("✗ linear")  # type: ignore[attr-defined]
