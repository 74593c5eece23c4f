"""`backward` refuses a graph that needs what was in memory before a write, through whichever Tensor it came."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from minigrad.core.writes.record import writes


def leaf(data: Any) -> Tensor:
    return Tensor(data, requires_grad=True)


def sharing(array: Any) -> Tensor:
    t = leaf(0.0)
    t.data = array
    return t


#: What shares memory with the leaf w, and is used with another leaf.
SHARING: dict[str, Callable[[Tensor], Any]] = {
    "itself": lambda w: w,
    "a detached Tensor": lambda w: w.detach(),
    "detached twice": lambda w: w.detach().detach(),
    "its array": lambda w: w.data,
    "a view of its array": lambda w: w.data[::-1],
    "a view of a view": lambda w: w.data.reshape(2, 1)[:, 0][:],
    "NumPy's array": lambda w: w.numpy(),
    "another leaf of its array": lambda w: sharing(w.data),
    "a leaf of a view": lambda w: sharing(w.data[::-1]),
    "a view computed under no_grad": lambda w: mg.no_grad()(lambda: w[::-1])(),
    "a recorded view": lambda w: w.reshape(2, 1).reshape(2),
}


def by_statement(w: Tensor) -> None:
    with mg.no_grad():
        w -= 1.0


def by_data(w: Tensor) -> None:
    w.data -= 1.0


def by_optimizer(w: Tensor) -> None:
    w.grad = np.ones(w.shape)
    nn.optim.SGD([w], lr=1.0).step()


@pytest.mark.parametrize("write", [by_statement, by_data, by_optimizer])
@pytest.mark.parametrize("shared", SHARING.values(), ids=SHARING)
def test_a_write_is_noticed_through_all_that_shares_the_memory(
    shared: Callable[[Tensor], Any], write: Callable[[Tensor], None]
) -> None:
    w, v = leaf([2.0, 3.0]), leaf([1.0, 1.0])
    other = shared(w)
    loss = mg.sum(v * other)
    write(w)
    with pytest.raises(RuntimeError, match="written into after"):
        loss.backward()
    with pytest.raises(RuntimeError, match="written into after"):
        loss.backward(create_graph=True)
    w.grad = None
    mg.sum(v * shared(w)).backward()
    assert v.grad is not None


@pytest.mark.parametrize("write", [by_statement, by_data, by_optimizer])
def test_a_write_elsewhere_disturbs_nothing(write: Callable[[Tensor], None]) -> None:
    w, v = leaf([2.0, 3.0]), leaf([1.0, 1.0])
    copies = [w.data.copy(), Tensor(w), w.copy().detach(), mg.no_grad()(lambda: w + 0.0)()]
    loss = mg.sum(v * copies[0] + copies[1] * copies[2] + v * copies[3])
    write(w)
    loss.backward()
    np.testing.assert_array_equal(v.grad, [4, 6])


def test_a_graph_since_the_last_write_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual case, in which `backward` is to take no time for this: parameters change between graphs."""
    w = leaf([2.0, 3.0])
    by_data(w)
    monkeypatch.setattr(writes, "last_into", pytest.fail)
    mg.sum(w * w).backward()
    np.testing.assert_array_equal(w.grad, 2 * w.data)


def test_memory_that_is_gone_is_forgotten() -> None:
    gc.collect()
    known = len(writes._memory)
    for _ in range(5):
        by_statement(leaf([1.0, 2.0]))
    gc.collect()
    assert len(writes._memory) <= known


def test_many_writes_are_one_entry() -> None:
    w = leaf([1.0, 2.0])
    by_statement(w)
    known = len(writes._memory)
    for _ in range(5):
        by_statement(w)
        by_data(w)
    assert len(writes._memory) <= known


def test_a_recorded_sweep_needs_the_arrays_that_the_forward_pass_saw() -> None:
    for data in (2.0, [2.0]):
        w = leaf(data)
        loss = mg.sum(w**3)
        w.data = w.data + 1.0
        with pytest.raises(RuntimeError, match=r"was given another value after .* by power"):
            loss.backward(create_graph=True)
        loss.backward()
        np.testing.assert_array_equal(w.grad, np.full(w.shape, 12.0))
