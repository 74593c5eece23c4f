"""Lists in lists, modules in modules: whatever walks them ends, and says what is wrong."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.cli.functions import FUNCTIONS


def nested(inner: Any, wrap: Callable[[Any], Any]) -> Any:
    for _ in range(3000):
        inner = wrap(inner)
    return inner


def cyclic_list(*others: Any) -> Any:
    inside: list[Any] = [*others]
    return inside.append(inside) or [inside, inside]


def cyclic_dict() -> Any:
    inside: dict[str, Any] = {}
    inside["a"] = inside
    return inside


w = mg.Tensor([1.0, 2.0], requires_grad=True)
ENDLESS: dict[str, Any] = {
    "list": nested(1.0, lambda x: [x]),
    "list of a Tensor": nested(w, lambda x: [x]),
    "tuple": nested(1.0, lambda x: (x,)),
    "dict": nested(w, lambda x: {"a": x}),
    "list in itself": cyclic_list(),
    "list with a Tensor in itself": cyclic_list(w),
    "dict in itself": cyclic_dict(),
}


class Model(nn.Module):
    def __init__(self) -> None:
        self.linear = nn.Linear(2, 2, rng=0)

    def forward(self, x: Any) -> Any:
        return self.linear(x)


#: Everything but the operations that takes lists or dictionaries.
TAKES: dict[str, Callable[[Any], Any]] = {
    "Tensor": mg.Tensor,
    "Parameter": nn.Parameter,
    "data": lambda x: setattr(mg.Tensor([1.0]), "data", x),
    "grad of a Tensor": lambda x: setattr(mg.Tensor([1.0], requires_grad=True), "grad", x),
    "backward": lambda x: (w * 2).backward(x),
    "index": lambda x: w[x],
    "operator": lambda x: w + x,
    "reflected operator": lambda x: x * w,
    "np.sum": lambda x: np.sum(w, x),
    "np.concatenate": lambda x: np.concatenate([w, x]),
    "mg.grad": lambda x: mg.grad(lambda p: mg.sum(w * w))(x),
    "mg.grad's output": lambda x: mg.grad(lambda p: x)(1.0),
    "mg.value_and_grad": lambda x: mg.value_and_grad(lambda p: mg.sum(w * w))(x),
    "mg.jvp": lambda x: mg.jvp(lambda p: mg.sum(w * w), (x,), (x,)),
    "mg.jacobian": lambda x: mg.jacobian(lambda p: x)(1.0),
    "mg.hessian": lambda x: mg.hessian(lambda p: mg.sum(w * w))(x),
    "mg.checkpoint": lambda x: mg.checkpoint(lambda p: w * w)(x),
    "mg.check_grads": lambda x: mg.check_grads(lambda p: w * w, x),
    "mg.grade": lambda x: mg.grade(mg.sum(w * w).named("L"), {"w": x}),
    "an attribute": lambda x: setattr(Model(), "x", x),
    "load_state_dict": lambda x: Model().load_state_dict({"linear.weight": x, "linear.bias": x}),
    "a call": lambda x: Model()(x),
    "DataLoader": nn.data.DataLoader,
    "SGD": lambda x: nn.optim.SGD(x, lr=0.1),
    "fit": lambda x: nn.fit(Model(), x, optimizer=nn.optim.SGD(Model().parameters(), lr=0.1)),
    "predict": lambda x: nn.predict(Model(), x),
    "evaluate": lambda x: nn.evaluate(Model(), (x, x)),
    "a loss": lambda x: nn.CrossEntropyLoss()(w, x),
    "summary": lambda x: nn.summary(Model(), x),
} | {f"mg.{name}": function for name, function in FUNCTIONS.items()}


@pytest.mark.parametrize("take", TAKES)
def test_nested_without_end(take: str) -> None:
    """No RecursionError of Python's own, without a word about what is nested."""
    calls, endless = [lambda v: TAKES[take](v)], ENDLESS
    if take.startswith("mg.") and take.removeprefix("mg.") in FUNCTIONS:  # which share how arguments are read
        calls += [lambda v: TAKES[take](w, v), lambda v: TAKES[take]([w, v])]
        endless = {
            name: ENDLESS[name] for name in ("list of a Tensor", "list with a Tensor in itself", "dict in itself")
        }
    for name, value in endless.items():
        for call in calls:
            with warnings.catch_warnings(action="ignore"), suppress(TypeError, ValueError, AttributeError, LookupError):
                try:
                    call(value)
                except RecursionError as error:
                    error.add_note(f"for {name}")
                    if "nested too deeply or contains itself" not in str(error):
                        raise


def test_the_message_says_what_is_nested() -> None:
    for x in (ENDLESS["list"], ENDLESS["list in itself"]):
        with pytest.raises(ValueError, match=r"nested more than 64 deep.*does a list contain itself"):
            mg.Tensor(x)
    with pytest.raises(ValueError, match="nested more than 64 deep; does one of them contain itself"):
        mg.grad(lambda p: p)(ENDLESS["dict in itself"])
    with pytest.raises(ValueError, match="layers: lists are nested more than 64 deep"):
        Model().layers = ENDLESS["list in itself"]
    assert mg.Tensor(np.ones((1,) * 64).tolist()).ndim == 64  # NumPy's limit


# ---------------------------------------------------------------- modules


def itself() -> nn.Module:
    model = Model()
    model.me = model
    return model


def itself_in_a_list() -> nn.Module:
    model = Model()
    model.all = [model, [model]]
    return model


def parent() -> nn.Module:
    model = Model()
    model.child = Model()
    model.child.parent = model
    return model


def deep() -> nn.Module:
    model: nn.Module = nn.Linear(2, 2, rng=0)
    for _ in range(600):
        model = nn.Sequential(model)
    return model


WALKS: dict[str, Callable[[nn.Module], Any]] = {
    "repr": repr,
    "named_modules": lambda m: list(m.named_modules()),
    "parameters": lambda m: list(m.parameters()),
    "state_dict": lambda m: m.load_state_dict(m.state_dict()),
    "train": lambda m: m.train().eval(),
    "zero_grad": lambda m: m.zero_grad(),
    "to": lambda m: m.to("cpu"),
    "optimizer": lambda m: nn.optim.Adam(m.parameters()),
}
CALLS: dict[str, Callable[[nn.Module], Any]] = {
    "a call": lambda m: m(np.ones((1, 2))),
    "summary": lambda m: str(nn.summary(m, (2,), sharing=True)),
    "predict": lambda m: nn.predict(m, np.ones((1, 2))),
    "explain": lambda m: str(mg.explain(mg.sum(m(np.ones((1, 2)))))),
}


@pytest.mark.parametrize("model", [itself, itself_in_a_list, parent, deep], ids=lambda f: f.__name__)
def test_whatever_walks_modules_ends(model: Callable[[], nn.Module]) -> None:
    for walk in WALKS.values():
        walk(model())


@pytest.mark.parametrize("model", [itself, itself_in_a_list, parent], ids=lambda f: f.__name__)
def test_a_module_that_contains_itself_can_be_used(model: Callable[[], nn.Module]) -> None:
    for call in CALLS.values():
        call(model())
    for other in (copy.deepcopy(model()), pickle.loads(pickle.dumps(model()))):
        assert len(list(other.parameters())) == len(list(model().parameters()))


def test_a_module_that_contains_itself_is_shown_once() -> None:
    assert repr(itself()) == "Model(\n  (linear): Linear(2, 2)\n  (me): Model(…)\n)"


class Calls(nn.Module):
    def forward(self, x: Any) -> Any:
        return self(x)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("model", [deep, Calls], ids=["deep", "calls itself"])
def test_calls_nested_too_deeply_say_so(model: Callable[[], nn.Module], call: Callable[[nn.Module], Any]) -> None:
    with pytest.raises(RecursionError, match="does a module call itself, or are some 300 containers nested"):
        call(model())
