"""The backward sweep: each Tensor once, in topological order, and the graph is freed as the sweep passes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.graph import constant_operations, match_input, sweep, topological_order
from minigrad.core.tensor import Tensor


def leaf(data: object, **how: object) -> Tensor:
    return Tensor(data, requires_grad=True, **how)


@contextmanager
def garbage_collector_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


# ---------------------------------------------------------------- depth and order


def test_a_chain_of_100_000_operations() -> None:
    x = leaf(0.0)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    assert float(y) == 100_000
    y.backward()
    assert float(x.grad) == 1


def test_dropping_a_long_chain_does_not_exhaust_the_stack() -> None:
    y = leaf(0.0)
    for _ in range(100_000):
        y = y + 1.0
    del y  # freed link by link, from the end: reference counting must not recurse into C's stack


def test_each_tensor_is_visited_once_however_often_it_is_used() -> None:
    """Without topological order, 200 doublings are 2**200 paths."""
    x = leaf(1.0)
    y = x
    for _ in range(200):
        y = y + y
    visits: list[Tensor] = []
    signals = sweep(y, np.float64(1), visit=lambda t, t_bar: (visits.append(t), t_bar)[1])
    assert len(visits) == len(set(visits)) == 201
    assert float(signals[x]) == 2.0**200


def test_inputs_come_before_their_outputs() -> None:
    x = leaf(2.0)
    a = mg.exp(x)
    b = a * x
    c = mg.tanh(a) + b
    order = topological_order(c)
    for y in order:
        assert all(order.index(t) < order.index(y) for t in y._inputs if isinstance(t, Tensor))
    assert order[0] is x
    assert order[-1] is c


def test_a_signal_is_complete_when_visited() -> None:
    """h is used late and early: the wrong order passes on its signal before the second share has come."""
    x = leaf(3.0)
    h = x * x
    y = h + mg.exp(mg.log(mg.sqrt(h * h)))
    seen = {}
    sweep(y, np.float64(1), visit=lambda t, t_bar: seen.setdefault(t, t_bar))
    assert float(seen[h]) == pytest.approx(2.0)


def test_both_uses_count() -> None:
    x = leaf(3.0)
    (x * x).backward()
    assert float(x.grad) == 6


def test_what_needs_no_gradient_is_not_asked_for() -> None:
    x, c = leaf([1.0, 2.0]), Tensor([3.0, 4.0])
    (x * c).sum().backward()
    assert c.grad is None
    np.testing.assert_array_equal(x.grad, [3, 4])


# ---------------------------------------------------------------- freeing


def test_a_graph_dies_with_its_last_output() -> None:
    """References run from outputs to inputs alone: no cycle waits for the garbage collector."""
    with garbage_collector_off():
        x = leaf([1.0, 2.0])
        h = mg.tanh(x)
        loss = (h * h).sum()
        watched = weakref.ref(h)
        del h
        assert watched() is not None
        del loss
        assert watched() is None


@pytest.mark.parametrize("mode", ["recorded", "numbers"])
def test_so_does_a_graph_that_was_swept(mode: str) -> None:
    with garbage_collector_off():
        x = leaf([1.0, 2.0])
        h = mg.tanh(x)
        loss = (h * h).sum()
        loss.backward(create_graph=mode == "recorded", retain_graph=True)
        watched = weakref.ref(h)
        x.zero_grad()
        del h, loss
        assert watched() is None


def test_backward_frees_the_graph_as_it_goes() -> None:
    with garbage_collector_off():
        x = leaf([1.0, 2.0])
        h = mg.tanh(x)
        g = mg.exp(h)
        loss = (g * g).sum()
        watched = weakref.ref(h)
        del h
        loss.backward()
        assert watched() is None  # although loss and g are still here
        assert g._inputs is None


def test_values_are_freed_while_the_sweep_still_runs() -> None:
    with garbage_collector_off():
        x = leaf([1.0, 2.0])
        h = mg.tanh(x)
        g = mg.exp(h)
        loss = g.sum()
        watched = weakref.ref(g)
        del g
        alive: list[bool] = []
        sweep(loss, np.float64(1), visit=lambda t, t_bar: (alive.append(watched() is not None), t_bar)[1], free=True)
        assert alive == [True, True, False, False]  # at loss, g, h, x


def test_a_second_backward_names_what_to_do() -> None:
    x = leaf([1.0, 2.0])
    loss = (x * x).sum().named("loss")
    loss.backward()
    with pytest.raises(RuntimeError, match=r"Tensor 'loss' was freed.*retain_graph=True"):
        loss.backward()
    np.testing.assert_array_equal(x.grad, [2, 4])


def test_a_freed_part_is_found_before_any_gradient_changes() -> None:
    x, w = leaf(2.0), leaf(3.0)
    h = x * x
    (h * 2).backward()
    with pytest.raises(RuntimeError, match="freed"):
        (h * w).backward()
    assert w.grad is None
    assert float(x.grad) == 8


def test_retain_graph_accumulates() -> None:
    x = leaf([1.0, 2.0])
    loss = (x * x).sum()
    loss.backward(retain_graph=True)
    loss.backward(retain_graph=True)
    loss.backward()
    np.testing.assert_array_equal(x.grad, [6, 12])


# ---------------------------------------------------------------- leaves


def test_gradients_accumulate_until_zero_grad() -> None:
    x = leaf([1.0, 2.0])
    (2 * x).sum().backward()
    (3 * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [5, 5])
    x.zero_grad()
    assert x.grad is None
    (3 * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 3])


def test_only_leaves_receive_a_gradient() -> None:
    x = leaf(2.0)
    h = x * x
    (h * h).backward()
    assert h.grad is None
    assert float(x.grad) == 32


def test_a_leaf_is_its_own_gradient() -> None:
    x = leaf([1.0, 2.0])
    x.backward([3.0, 4.0])
    np.testing.assert_array_equal(x.grad, [3, 4])


def test_gradients_are_arrays_of_their_own() -> None:
    """A rule may hand one array, or a view of it, to several leaves: clipping one must not reach another."""
    a, b, c, d, e = leaf([1.0, 2.0]), leaf([3.0, 4.0]), leaf([[5.0], [6.0]]), leaf([7.0, 8.0]), leaf([9.0, 1.0])
    seed = np.array([[1.0, 2.0]])
    y = (a + b) + c.T + d.reshape(1, 2) + mg.transpose(e[None, :])[::-1].T[:, ::-1]
    y.backward(seed)
    kept = {x: x.grad.copy() for x in (a, b, c, d, e)}
    for x in (a, b, c, d, e):
        x.grad *= 100
        kept[x] *= 100
        for other, expected in kept.items():
            np.testing.assert_array_equal(other.grad, expected)
        np.testing.assert_array_equal(seed, [[1.0, 2.0]])
    seed[:] = -1
    for x, expected in kept.items():
        np.testing.assert_array_equal(x.grad, expected)


def test_the_gradient_of_a_leaf_alone_is_not_the_seed() -> None:
    x, seed = leaf([1.0, 2.0]), np.array([1.0, 1.0])
    x.backward(seed)
    x.grad[0] = 7
    assert seed[0] == 1


def test_the_gradient_of_a_broadcast_can_be_written() -> None:
    x = leaf([1.0, 2.0])
    x.sum().backward()
    x.grad[0] = 7  # np.broadcast_to gives a read-only view of one number
    np.testing.assert_array_equal(x.grad, [7, 1])


def test_gradients_have_the_dtype_of_their_leaf() -> None:
    x, y = leaf([1.0, 2.0], dtype=np.float32), leaf([3.0, 4.0])
    (x * y).sum().backward()
    (x * y).sum().backward()
    assert x.grad.dtype == np.float32
    assert y.grad.dtype == np.float64


@pytest.mark.parametrize("shape", [(3,), (1, 3), (4, 1), (1, 1), (1,), (), (4, 3), (2, 4, 3)])
def test_an_error_signal_is_summed_over_the_axes_that_were_broadcast(shape: tuple[int, ...]) -> None:
    x = np.ones(shape)
    x_bar = match_input(np.ones(np.broadcast_shapes(shape, (4, 3))), x, "f")
    np.testing.assert_array_equal(x_bar, np.full(shape, max(12 / x.size, 1)))
    assert match_input(x + 2j, x, "f").dtype == x.dtype


@pytest.mark.parametrize("shape", [(), (2,), (3, 4), (3, 1)])
def test_an_error_signal_that_no_broadcasting_explains_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^f: its rule gave an error signal of shape"):
        match_input(np.ones(shape), np.ones((1, 3)), "f")


# ---------------------------------------------------------------- constants


def followed(loss: Tensor, *named: Tensor) -> list[tuple[str, Tensor]]:
    found = constant_operations(topological_order(loss), lambda x: any(x is t for t in named))
    assert all(operation.output is y for y, operation in found.items())
    return [(operation.primitive.name, y) for y, operation in found.items()]


def test_constants_are_followed_back_to_those_with_a_name() -> None:
    t, w = Tensor([1.0, 0.25]), leaf([1.0, 2.0])
    s = 1 - t
    c = s * t
    loss = (c * w).sum()
    assert followed(loss, t) == [("subtract", s), ("multiply", c)]
    assert followed(loss, t, s) == [("multiply", c)]
    assert followed(loss, c) == []
    assert followed(loss + (t * w).sum()) == [("subtract", s), ("multiply", c)]  # the loss shows t itself
    assert followed(loss) == []  # nothing to write t as


def test_constants_that_a_formula_would_not_give_are_not_followed() -> None:
    t, w = Tensor([1.0, np.nan]), leaf([1.0, 2.0])
    s = 1 - t
    loss = (s * w).sum()
    assert followed(loss, t) == [("subtract", s)]  # NaN is computed as NaN
    assert followed(((t * np.ones(2)) * w).sum(), t) == []  # an array without a name
    assert followed(((Tensor(2.0) * 3.0) * w).sum(), t) == []  # numbers alone
    assert followed((leaf(2.0) * w).sum(), t) == []  # no constants
    t.data[0] = 5.0
    assert followed(loss, t) == []  # written into


# ---------------------------------------------------------------- seeds

passed_on: list[np.dtype] = []
spy = mg.Unary("test_spy", lambda x: x * 1, lambda y_bar, y, x: passed_on.append(y_bar.dtype) or y_bar)


def test_a_vector_needs_an_error_signal() -> None:
    y = (2 * leaf([1.0, 2.0])).named("y")
    with pytest.raises(ValueError, match=r"Tensor 'y' has shape \(2,\).*loss\.mean\(\)"):
        y.backward()


@pytest.mark.parametrize("seed", [1.0, [1.0], [[1.0, 1.0]], [1.0, 2.0, 3.0], Tensor(1.0)], ids=str)
def test_the_error_signal_has_the_shape_of_the_value(seed: object) -> None:
    x = leaf([1.0, 2.0])
    with pytest.raises(ValueError, match=r"the error signal has shape .* has \(2,\)"):
        (2 * x).backward(seed)
    assert x.grad is None


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_one_number_of_any_shape_is_a_loss(shape: tuple[int, ...]) -> None:
    x = leaf(np.full(shape, 3.0))
    (x * x).backward()
    assert x.grad.shape == shape
    assert float(x.grad.sum()) == 6


@pytest.mark.parametrize("seed", [[1.0, 10.0], np.array([1, 10]), Tensor([1.0, 10.0])], ids=repr)
def test_a_seed_is_an_array_a_list_or_a_tensor(seed: object) -> None:
    x = leaf([1.0, 2.0], dtype=np.float32)
    (x * x).backward(seed)
    np.testing.assert_array_equal(x.grad, [2, 40])
    assert x.grad.dtype == np.float32


def test_a_seed_takes_the_dtype_of_the_value() -> None:
    for seed in ([1.0, 1.0], np.ones(2), Tensor([1.0, 1.0])):
        passed_on.clear()
        spy(leaf([1.0, 2.0], dtype=np.float32)).backward(seed)
        assert passed_on == [np.float32]


def test_nothing_to_differentiate() -> None:
    x = Tensor(1.0, name="x")
    with pytest.raises(RuntimeError, match=r"Tensor 'x' does not depend on any Tensor with requires_grad=True"):
        x.backward()
    with mg.no_grad():
        y = leaf(1.0) * 2
    with pytest.raises(RuntimeError, match="no_grad"):
        y.backward()


def test_operations_are_those_that_led_to_a_tensor_inputs_first() -> None:
    x = Tensor([[1.0, 2.0]], requires_grad=True)
    h = mg.exp(x)
    y = mg.sum(h * x, axis=1)
    mg.sum(h)  # leads elsewhere
    found = mg.operations(y)
    assert [operation.primitive.name for operation in found] == ["exp", "multiply", "sum"]
    assert [operation.output for operation in found][::2] == [h, y]
    assert found[1].inputs == (h, x)
    assert found[2].params == {"axis": 1, "keepdims": False}
    assert mg.operations(x) == []
    with pytest.raises(TypeError, match="operations: expected a Tensor"):
        mg.operations(np.ones(3))
    y.backward([1.0])
    with pytest.raises(RuntimeError, match="was freed"):
        mg.operations(y)
