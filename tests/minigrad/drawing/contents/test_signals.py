"""Error signals for pictures are those of ``backward``, and nothing changes while they are computed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.drawing.contents.signals import error_signals
from minigrad.drawing.graph.nodes import Node
from minigrad.drawing.graph.trace import trace

OPERATIONS = (mg.add, mg.multiply, mg.subtract, mg.maximum, lambda x, y: mg.tanh(x) + mg.sum(y))


@st.composite
def losses(draw):
    """A loss of random operations on arrays that broadcast together, and its parameters."""
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    shapes = [draw(st.sampled_from([(), (3,), (2, 3), (2, 1)])) for _ in range(3)]
    parameters = [mg.Tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]
    values = [*parameters, rng.normal(size=(2, 3))]
    for _ in range(draw(st.integers(1, 6))):
        pair = draw(st.sampled_from(values)), draw(st.sampled_from(values))
        values.append(draw(st.sampled_from(OPERATIONS))(*pair))
    loss = mg.sum(values[-1]) + sum((mg.sum(p) for p in parameters), 0.0)
    return loss, parameters


@given(losses())
def test_those_of_leaves_are_the_gradients(case):
    loss, parameters = case
    signals = error_signals(trace([loss]))
    loss.backward()
    by_value = {id(node.value): signal for node, signal in signals.of.items()}
    for p in parameters:
        np.testing.assert_allclose(by_value[id(p)], p.grad, rtol=1e-12)


@given(losses())
def test_each_is_the_sum_of_its_contributions(case):
    graph = trace([case[0]])
    signals = error_signals(graph)
    for node, signal in signals.of.items():
        parts = [
            signals.contributions[use] for use in graph.uses if use.source is node and use in signals.contributions
        ]
        if node not in graph.roots:
            np.testing.assert_allclose(signal, sum(parts), rtol=1e-12)
    assert {node for node in graph.nodes if node.gets_signal} == set(signals.of)


def test_the_order_is_that_of_the_sweep():
    x = mg.Tensor(2.0, requires_grad=True, name="x")
    y = mg.sin(x).named("y")
    z = (y * x).named("z")
    order = [
        event.name if isinstance(event, Node) else f"{event.source.name} from {event.target.name}"
        for event in error_signals(trace([z])).order
    ]
    assert order == ["z", "y from z", "x from z", "y", "x from y", "x"]


def test_a_value_inside_has_the_slope_of_the_loss():
    x = mg.Tensor([0.5, -0.3], requires_grad=True)
    h = mg.tanh(x)

    def rest(h):
        return mg.sum(mg.exp(h) * h)

    graph = trace([rest(h)])
    found = next(s for node, s in error_signals(graph).of.items() if node.value is h)
    step = 1e-6 * np.eye(2)
    slopes = [(rest(h.data + e) - rest(h.data - e)) / 2e-6 for e in step]
    np.testing.assert_allclose(found, slopes, rtol=1e-6)


def test_nothing_changes():
    x = mg.Tensor([1.0, 2.0], requires_grad=True)
    y = mg.sum(x * x)
    y.backward(retain_graph=True)
    grad, called = x.grad, []
    hook = x.register_hook(lambda x_bar: called.append(x_bar))
    error_signals(trace([y]))
    assert x.grad is grad
    assert called == []
    hook.remove()
    y.backward()  # nothing was freed
    np.testing.assert_array_equal(x.grad, [4.0, 8.0])


def test_what_broadcasting_stretched_is_known():
    x, b = mg.Tensor(np.ones((4, 3)), requires_grad=True), mg.Tensor(np.ones(3), requires_grad=True)
    graph = trace([mg.sum(x + b)])
    summed = {id(use.source.value): shape for use, shape in error_signals(graph).summed.items()}
    assert summed == {id(b): (4, 3)}


w = mg.Tensor(2.0, requires_grad=True)


@pytest.mark.parametrize(
    "roots",
    [[w * w, w + 1], [mg.Tensor([1.0, 2.0], requires_grad=True) * 2], [mg.Tensor(1.0)], [w * 1j]],
    ids=["several roots", "an array", "no gradients", "a complex number"],
)
def test_without_a_backward_pass_there_are_none(roots):
    assert error_signals(trace(roots)) is None


def test_a_leaf_that_was_written_into_is_refused():
    x = mg.Tensor([1.0, 2.0], requires_grad=True)
    graph = trace([mg.sum(x * x)])
    x.data += 1.0
    with pytest.raises(RuntimeError, match="written into"):
        error_signals(graph)
