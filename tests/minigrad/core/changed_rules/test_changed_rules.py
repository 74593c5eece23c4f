"""Backward rules that are changed for one sweep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from tests.helpers.every_sample import every_sample
from tests.helpers.threads import at_once
from tests.samples import PRIMITIVES, SAMPLES, Sample


def guided(y_bar: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
    return y_bar * (y > 0) * (y_bar > 0)


def deconvnet(y_bar: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
    return mg.relu(y_bar)


floats = st.floats(-3, 3, allow_subnormal=False)


@given(st.lists(st.tuples(floats, floats), min_size=1, max_size=6), st.sampled_from([guided, deconvnet]))
def test_two_layers_of_relu_against_numpy(rows: list[tuple[float, float]], rule: Any) -> None:
    a, b = np.array(rows).T
    x = Tensor(a, requires_grad=True)
    mg.sum(mg.relu(mg.relu(x) * b) * 2.0).backward(rules={mg.relu: rule})

    h = np.maximum(a, 0)
    signal = np.full_like(a, 2.0)  # of the second relu's output, positive
    signal = (signal * (h * b > 0) if rule is guided else signal) * b
    expected = np.maximum(signal, 0) * (a > 0 if rule is guided else 1)
    np.testing.assert_array_equal(x.grad, expected)


def own_rules(primitive: Primitive, y: Tensor) -> Any:
    """The rules of an operation for the arguments that it has in a graph, as a user would give them."""
    if primitive.differentiable is None:
        return primitive.rules.rule  # type: ignore[attr-defined]
    arguments = max(len(call.inputs) for call in mg.operations(y) if call.primitive is primitive)
    return tuple(primitive.rules)[:arguments]


def network() -> tuple[Tensor, dict[str, Tensor]]:
    rng = np.random.default_rng(0)
    made = {
        name: Tensor(rng.normal(size=shape), requires_grad=True)
        for name, shape in {"x": (2, 1, 6, 6), "w": (3, 1, 3, 3), "b": (3,), "v": (12, 2)}.items()
    }
    x, w, b, v = made.values()
    pooled = mg.max_pool2d(mg.relu(mg.conv2d(x, w, b)), 2).reshape(2, -1)
    both = mg.concatenate([pooled, pooled * pooled])[:2]
    return mg.cross_entropy(mg.einsum("ni,ij->nj", both, v), np.array([0, 1])), made


def test_a_rule_changed_to_itself_changes_nothing() -> None:
    loss, leaves = network()
    loss.backward(retain_graph=True)
    before = {name: leaf.grad for name, leaf in leaves.items()}
    for leaf in leaves.values():
        leaf.zero_grad()
    every = {operation.primitive for operation in mg.operations(loss)}
    assert {"conv2d", "max_pool2d", "concatenate", "einsum"} <= {primitive.name for primitive in every}
    loss.backward(rules={primitive: own_rules(primitive, loss) for primitive in every})
    for name, leaf in leaves.items():
        np.testing.assert_array_equal(leaf.grad, before[name])


@every_sample(of={name: SAMPLES[name] for name in PRIMITIVES if name in SAMPLES})
def test_so_it_is_with_every_operation(sample: Sample) -> None:
    """Its rules are called as their signature says, and the one for the public function is that of the primitive."""
    primitive = PRIMITIVES[sample.operation]
    public = getattr(mg, sample.operation, primitive)
    grads = []
    for changed in (False, True):
        xs = [Tensor(a, requires_grad=True) for a in sample.arrays]
        y = sample.f(*xs)
        y.backward(np.ones(y.shape), rules={public: own_rules(primitive, y)} if changed else None)
        grads.append([x.grad for x in xs])
    for usual, same in zip(*grads, strict=True):
        np.testing.assert_array_equal(usual, same)


def test_other_sweeps_keep_the_usual_rules() -> None:
    x = Tensor([1.0, -1.0], requires_grad=True)
    y = mg.relu(x) * -1.0
    y.backward([1.0, 1.0], rules={mg.relu: guided}, retain_graph=True)
    np.testing.assert_array_equal(x.grad, [0, 0])
    y.backward([1.0, 1.0])
    np.testing.assert_array_equal(x.grad, [-1, 0])


def test_threads_have_their_own_rules_on_one_graph() -> None:
    """Also within a checkpoint, which keeps error signals from one argument to the next."""
    w, v = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    y = mg.checkpoint(lambda a, b: mg.sum(mg.relu(a) * mg.relu(b)))(w, v)

    def job(i: int) -> None:
        leaves = w, v
        for _ in range(30):
            _, pull = mg.vjp(lambda a, b: mg.relu(y * mg.sum(a * b)), *[leaf.data for leaf in leaves])
            y.backward(rules={mg.relu: lambda y_bar, y, x: 10.0**i * y_bar}, retain_graph=True)
            pull(1.0)

    for outcome in at_once(job):
        outcome.result()
    np.testing.assert_array_equal(w.grad, 30 * 1111 * v.data)
    np.testing.assert_array_equal(v.grad, 30 * 1111 * w.data)


def test_for_some_arguments() -> None:
    x, w = Tensor(3.0, requires_grad=True), Tensor(5.0, requires_grad=True)
    (x * w).backward(rules={mg.multiply: (None, lambda y_bar, y, x, w: -y_bar)})
    assert (x.grad, w.grad) == (5.0, -1.0)


def test_for_any_number_of_arguments() -> None:
    x, w = Tensor([3.0], requires_grad=True), Tensor([5.0, 6.0], requires_grad=True)
    joined = mg.sum(mg.concatenate([x, w]))
    joined.backward(rules={mg.concatenate: lambda i, y_bar, y, arrays, **params: arrays[i] * (i + 1.0)})
    np.testing.assert_array_equal(x.grad, [3.0])
    np.testing.assert_array_equal(w.grad, [10.0, 12.0])


def test_a_function_stands_for_its_operation() -> None:
    """``mg.max_pool2d`` is a function around a primitive."""
    x = Tensor(np.arange(4.0).reshape(1, 1, 2, 2), requires_grad=True)
    equal = {mg.max_pool2d: lambda y_bar, y, x, **window: y_bar * np.ones_like(x) / 4}
    mg.sum(mg.max_pool2d(x, 2)).backward(rules=equal)
    np.testing.assert_array_equal(x.grad, np.full((1, 1, 2, 2), 0.25))


def test_a_users_operation() -> None:
    step = mg.primitive(lambda y_bar, y, x: 0 * y_bar)(lambda x: np.sign(x))
    x = Tensor([2.0, -2.0], requires_grad=True)
    mg.sum(step(x)).backward(rules={step: lambda y_bar, y, x: y_bar})  # the straight-through estimator
    np.testing.assert_array_equal(x.grad, [1, 1])


def test_a_rule_may_broadcast_as_those_of_minigrad() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    mg.sum(x + np.ones((3, 2))).backward(rules={mg.add: (lambda y_bar, y, a, b: 2 * y_bar, None)})
    np.testing.assert_array_equal(x.grad, [6.0, 6.0])


def test_the_dtype_stays_that_of_the_argument() -> None:
    x = Tensor(np.ones(2, np.float32), requires_grad=True)
    mg.sum(mg.relu(x)).backward(rules={mg.relu: lambda y_bar, y, x: np.array([1.0, 2.0])})
    assert x.grad is not None
    assert x.grad.dtype == np.float32


def test_the_changed_sweep_can_be_differentiated() -> None:
    """x̄ = ȳ x by the changed rule, with ȳ = x²: x̄ = x³, whose derivative is 3 x²."""
    x = Tensor(2.0, requires_grad=True)
    y = mg.relu(x)
    y.backward(x * x, create_graph=True, rules={mg.relu: lambda y_bar, y, x: y_bar * x})
    x_bar, x.grad = x.grad, None
    assert isinstance(x_bar, Tensor)
    x_bar.backward()
    assert float(x.grad) == 12.0


def test_constants_are_tensors_in_a_recorded_sweep() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    mg.sum(mg.relu(x)).backward(rules={mg.relu: lambda y_bar, y, x: np.array([3.0, 4.0])}, create_graph=True)
    assert isinstance(x.grad, Tensor)
    np.testing.assert_array_equal(x.grad.data, [3, 4])


def test_the_real_part_of_a_complex_error_signal() -> None:
    """As with every rule, where an argument is real and complex numbers follow from it."""
    x = Tensor([1.0, 2.0], requires_grad=True)
    loss = mg.sum(mg.real(mg.relu(x) * (1 + 2j)))
    loss.backward(rules={mg.multiply: (lambda y_bar, y, a, b: y_bar * b, None)})
    np.testing.assert_array_equal(x.grad, [1, 1])


def test_vjp() -> None:
    value, pull = mg.vjp(lambda x, w: mg.relu(x) * w, np.array([1.0, -1.0]), -2.0, rules={mg.relu: deconvnet})
    np.testing.assert_array_equal(value, [-2, 0])
    for _ in range(2):  # the rules are those of every call
        x_bar, w_bar = pull(np.array([-1.0, -1.0]))
        np.testing.assert_array_equal(x_bar, [2, 2])
        assert w_bar == -1.0


def test_vjp_within_a_function_that_is_differentiated() -> None:
    """The derivative of 3 w, which the changed rule makes of w."""

    def f(w: Any) -> Any:
        _, pull = mg.vjp(lambda x: mg.relu(x) * w, 1.0, rules={mg.relu: lambda y_bar, y, x: 3 * y_bar})
        return pull(1.0)[0]

    assert float(mg.grad(f)(5.0)) == 3.0


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("create_graph", [False, True], ids=["", "create_graph"])
def test_within_a_checkpoint(depth: int, create_graph: bool) -> None:
    f = lambda x: mg.relu(x) * -1.0  # noqa: E731
    for _ in range(depth):
        f = mg.checkpoint(f)
    x = Tensor([1.0, -1.0], requires_grad=True)
    y = mg.sum(f(x))
    y.backward(rules={mg.relu: deconvnet}, create_graph=create_graph, retain_graph=True)
    np.testing.assert_array_equal(x.grad, [0, 0])
    y.backward(rules={mg.relu: lambda y_bar, y, x: y_bar})
    np.testing.assert_array_equal(x.grad, [-1, -1])


def test_within_detect_anomaly() -> None:
    x = Tensor([1.0, -1.0], requires_grad=True)
    with mg.detect_anomaly():
        mg.sum(mg.relu(x)).backward(rules={mg.relu: lambda y_bar, y, x: 2 * y_bar})
        np.testing.assert_array_equal(x.grad, [2, 2])
        with pytest.raises(FloatingPointError, match="the rule of relu for its argument 0 gave 2 NaN"):
            mg.sum(mg.relu(x)).backward(rules={mg.relu: lambda y_bar, y, x: y_bar * np.nan})


def test_hooks_see_what_the_changed_rules_give() -> None:
    x = Tensor([1.0, -1.0], requires_grad=True)
    seen: list[Any] = []
    hook = x.register_hook(lambda x_bar: seen.append(x_bar))
    mg.sum(mg.relu(x)).backward(rules={mg.relu: deconvnet})
    hook.remove()
    np.testing.assert_array_equal(seen, [[1, 1]])


def test_a_rule_that_fails_leaves_the_graph() -> None:
    """The student mends it and calls again."""
    x = Tensor([1.0, 2.0], requires_grad=True)
    loss = mg.sum(mg.relu(x) * 2.0)
    with pytest.raises(ValueError, match=r"relu: its rule gave an error signal of shape \(1,\)"):
        loss.backward(rules={mg.relu: lambda y_bar, y, x: y_bar[:1]})
    assert x.grad is None
    loss.backward(rules={mg.relu: deconvnet})
    np.testing.assert_array_equal(x.grad, [2, 2])
    with pytest.raises(RuntimeError, match="was freed by an earlier backward"):
        loss.backward()


def test_no_rules_are_the_usual_ones() -> None:
    x = Tensor([1.0, -2.0], requires_grad=True)
    mg.sum(mg.relu(x)).backward(rules={})
    np.testing.assert_array_equal(x.grad, [1, 0])
