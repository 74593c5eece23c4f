"""What is wrong with changed rules is said before the sweep begins."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor


def rule(y_bar: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
    return y_bar


MISTAKES: list[tuple[Any, type[Exception], str]] = [
    ([mg.relu], TypeError, "backward: rules is a dictionary of backward rules by operation, as in {mg.relu: lambda"),
    ({"relu": rule}, TypeError, "rules has the key 'relu', expected an operation of minigrad, such as mg.relu"),
    ({nn.ReLU: rule}, TypeError, "a key that is the class ReLU, expected an operation of minigrad"),
    ({nn.ReLU(): rule}, TypeError, "for a layer, give the operation that it calls"),
    ({np.maximum: rule}, TypeError, "for a NumPy function, give minigrad's function instead"),
    ({mg.tanh: rule}, ValueError, "a rule for tanh, which does not occur in the graph of Tensor 'L', so that it would"),
    ({mg.tanh: rule}, ValueError, "the operations there are max_pool2d, multiply, relu, sum"),
    ({mg.gelu: rule}, ValueError, "it may be composed of several of these, or be a part of one"),
    ({mg.relu: 3.0}, TypeError, "the rule for relu is 3.0, expected a function of (y_bar, y, x)"),
    ({mg.relu: lambda y_bar, y: y_bar}, TypeError, "takes (y_bar, y), but it is called with (y_bar, y, x): too many"),
    ({mg.relu: lambda y_bar, y: y_bar}, TypeError, "write lambda y_bar, y, x: …"),
    (
        {mg.max_pool2d: rule},
        TypeError,
        "is called with (y_bar, y, x, kernel=…, stride=…, padding=…, dilation=…, switch",
    ),
    ({mg.max_pool2d: rule}, TypeError, "write lambda y_bar, y, x, **params: …"),
    ({mg.relu: (rule, rule)}, TypeError, "2 rules for relu, expected at most 1"),
    ({mg.relu: (None,)}, ValueError, "no rule for relu; leave out an operation that keeps its own"),
    ({mg.multiply: rule}, TypeError, "multiply has rules for 2 arguments; give a tuple with one for each"),
    ({mg.multiply: rule}, TypeError, "rules={mg.multiply: (rule, None)}"),
    ({mg.relu: lambda *_: None}, TypeError, "relu: its rule gave None, expected an error signal of shape (1, 1, 4, 4)"),
    ({mg.relu: lambda *_: "no"}, TypeError, "relu: its rule: got a str, 'no'"),
    ({mg.relu: lambda y_bar, *_: (y_bar,)}, TypeError, "its rule gave a tuple, expected the error signal of one"),
    ({mg.relu: lambda y_bar, y, x: y_bar.ravel()}, ValueError, "its rule gave an error signal of shape (16,) for an"),
]


@pytest.mark.parametrize(("rules", "kind", "message"), MISTAKES, ids=[message[:30] for _, _, message in MISTAKES])
def test_mistakes(rules: Any, kind: type[Exception], message: str) -> None:
    x = Tensor(np.arange(16.0).reshape(1, 1, 4, 4), requires_grad=True)
    loss = mg.sum(mg.max_pool2d(mg.relu(x), 2) * 2.0).named("L")
    with pytest.raises(kind, match=re.escape(message)):
        loss.backward(rules=rules)
    assert x.grad is None
    loss.backward()  # the graph is still there


def test_an_argument_that_no_call_has() -> None:
    x = Tensor(np.ones((1, 1, 3, 3)), requires_grad=True)
    y = mg.conv2d(x, np.ones((1, 1, 3, 3)))
    with pytest.raises(ValueError, match="argument 2 of conv2d, counted from 0, but conv2d has only 2 here; leave it"):
        y.backward(rules={mg.conv2d: (None, None, lambda y_bar, y, x, w, b, **params: b)})


def test_two_names_of_one_operation() -> None:
    x = Tensor(np.ones((1, 1, 2, 2)), requires_grad=True)
    y = mg.max_pool2d(x, 2)
    (operation,) = mg.operations(y)
    with pytest.raises(ValueError, match="rules has two entries for max_pool2d; leave one"):
        y.backward(rules=dict.fromkeys((mg.max_pool2d, operation.primitive), lambda y_bar, y, x, **window: x))


def test_a_rule_that_writes_into_its_argument() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)

    def doubled(y_bar: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
        y_bar *= 2
        return y_bar

    with pytest.raises(ValueError, match="relu: its rule writes into an argument"):
        mg.sum(mg.relu(x)).backward(rules={mg.relu: doubled})


def test_within_a_checkpoint_they_are_checked_before_the_sweep() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = mg.sum(mg.checkpoint(mg.checkpoint(mg.relu))(x))
    with pytest.raises(TypeError, match=r"takes \(y_bar\), but it is called with \(y_bar, y, x\)"):
        y.backward(rules={mg.relu: lambda y_bar: y_bar})
    with pytest.raises(ValueError, match="the operations there are checkpoint, relu, sum"):
        y.backward(rules={mg.tanh: rule})


def test_for_any_number_of_arguments() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"is called with \(i, y_bar, y, arrays, axis=…, ends=…\)"):
        mg.sum(mg.concatenate([x, x])).backward(rules={mg.concatenate: rule})


def test_vjp_refuses_them_when_it_is_called() -> None:
    with pytest.raises(
        ValueError, match="vjp: rules has a rule for tanh, which does not occur in the graph of the fun"
    ):
        mg.vjp(mg.relu, np.array([1.0]), rules={mg.tanh: rule})
    with pytest.raises(ValueError, match="does not occur"):  # where nothing depends on the argument
        mg.vjp(lambda x: x * mg.sum(mg.relu(Tensor([1.0], requires_grad=True))), 1.0, rules={mg.relu: rule})
