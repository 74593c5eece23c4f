"""Forward hooks: they see each call of their module, and may replace its arguments and its output."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X = np.array([[-1.0, 2.0]])


class Scale(nn.Module):
    def forward(self, x: Any, gain: float = 1.0) -> Any:
        return x * gain


def double(module: nn.Module, args: Any, output: Any) -> Any:  # noqa: ARG001  a function that can be pickled
    return 2 * output


def test_they_see_the_module_its_arguments_and_its_output_in_the_order_of_their_registration() -> None:
    model, seen = Scale(), list[Any]()
    model.register_forward_hook(lambda m, args, y: seen.append(("after", m is model, args[0] is X, y.tolist())))
    model.register_forward_pre_hook(lambda m, args: seen.append(("before", m is model, args[0] is X)))
    model.register_forward_pre_hook(lambda m, args, kwargs: seen.append(kwargs), with_kwargs=True)
    model.register_forward_hook(lambda m, args, kwargs, y: seen.append(kwargs), with_kwargs=True)
    model(X, gain=3.0)
    assert seen == [("before", True, True), {"gain": 3.0}, ("after", True, True, (3 * X).tolist()), {"gain": 3.0}]


def test_what_they_return_replaces_arguments_and_output() -> None:
    model = nn.Sequential(Scale())
    model[0].register_forward_pre_hook(lambda m, args: args[0] + 1)
    assert model(X).tolist() == [[0, 3]]
    model[0].register_forward_pre_hook(lambda m, args: (args[0], 2.0))
    assert model(X).tolist() == [[0, 6]]
    model[0].register_forward_hook(double)
    assert model(X).tolist() == [[0, 12]]
    model[0].register_forward_hook(lambda m, args, y: y + 1)
    assert model(X).tolist() == [[1, 13]]
    scale = Scale()
    scale.register_forward_pre_hook(lambda m, args, kwargs: (args, {"gain": 5.0}), with_kwargs=True)
    assert scale(X).tolist() == (5 * X).tolist()


def test_gradients_flow_through_what_they_return() -> None:
    model = nn.Linear(2, 1, rng=0)
    with model.register_forward_hook(double):
        mg.sum(model(X)).backward()
    np.testing.assert_allclose(model.weight.grad, 2 * X)
    model.zero_grad()
    mg.sum(model(X)).backward()
    np.testing.assert_allclose(model.weight.grad, X)


def test_a_hook_is_removed_and_may_remove_itself() -> None:
    model, seen = Scale(), list[str]()
    handle = model.register_forward_hook(lambda m, args, y: (seen.append("once"), handle.remove())[0])
    model.register_forward_hook(lambda m, args, y: seen.append("always"))
    model(X)
    model(X)
    handle.remove()
    assert seen == ["once", "always", "always"]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_has_them_too(copied: Any) -> None:
    model = Scale()
    model.handle = model.register_forward_hook(double)
    twin = copied(model)
    model.handle.remove()
    assert (model(X).tolist(), twin(X).tolist()) == (X.tolist(), (2 * X).tolist())
    twin.handle.remove()
    assert twin(X).tolist() == X.tolist()


def test_what_watches_calls_sees_the_output_that_is_used() -> None:
    model, seen = nn.Sequential(Scale()), list[Any]()
    model[0].register_forward_hook(double)
    with nn.observe(lambda module, y: seen.append(y.tolist())):
        model(X)
    assert seen == 2 * [(2 * X).tolist()]
    assert list(model.state_dict()) == []
    assert repr(model) == "Sequential(\n  (0): Scale()\n)"


def test_a_module_as_a_hook_is_not_a_part() -> None:
    class Watch(nn.Module):
        def __init__(self) -> None:
            self.weight = nn.Parameter([1.0])

        def forward(self, module: Any, args: Any, output: Any) -> Any:
            assert (type(module), len(args)) == (Scale, 1)
            return output * 3

    model = Scale()
    model.register_forward_hook(Watch())
    assert model(X).tolist() == (3 * X).tolist()
    assert list(model.parameters()) == []


def test_what_does_not_fit() -> None:
    model = Scale()
    with pytest.raises(TypeError, match="a hook is a function of the module and its inputs, got a str"):
        model.register_forward_hook("print")
    with pytest.raises(TypeError, match="unexpected keyword argument 'prepend'"):
        model.register_forward_hook(double, prepend=True)
    with (
        model.register_forward_pre_hook(lambda m, args, kwargs: args, with_kwargs=True),
        pytest.raises(TypeError, match=r"returned a tuple, expected None or the pair \(args, kwargs\)"),
    ):
        model(X)
    with pytest.raises(TypeError, match=r"Scale\.forward\(\) got an unexpected keyword argument 'gian'"):
        model(X, gian=2.0)
