"""Ways for an array of shape (2, 2) to come into minigrad and nn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor

__all__ = ["DATA", "WAYS"]

DATA = np.array([[1.0, 2.0], [3.0, 4.0]])

WAYS: dict[str, Callable[[Any], Any]] = {
    "Tensor": Tensor,
    "Tensor with a dtype": lambda a: Tensor(a, dtype=float),
    "in a list": lambda a: Tensor([a, a]),
    "Parameter": nn.Parameter,
    "data": lambda a: setattr(Tensor(DATA), "data", a),
    "data of a parameter": lambda a: setattr(nn.Parameter(DATA), "data", a),
    "an operator": lambda a: Tensor(DATA) + a,
    "an operator with a list": lambda a: Tensor(DATA) * [a],
    "a function": mg.exp,
    "a function of several": lambda a: mg.concatenate([Tensor(DATA), a]),
    "NumPy's function": lambda a: np.hypot(Tensor(DATA), a),
    "a keyword": lambda a: mg.average(Tensor(DATA), weights=a),
    "an augmented assignment": lambda a: Tensor(DATA).__iadd__(a) is NotImplemented and Tensor(DATA) + a,
    "an update": lambda a: update(nn.Parameter(DATA), a),
    "backward": lambda a: swept(Tensor(DATA, requires_grad=True), a),
    "a hook": lambda a: hooked(Tensor(DATA, requires_grad=True), a),
    "grad": mg.grad(mg.sum),
    "value_and_grad": mg.value_and_grad(mg.sum),
    "jacobian": mg.jacobian(mg.exp),
    "hessian": mg.hessian(mg.sum),
    "an argument in a dictionary": lambda a: mg.grad(lambda tree: mg.sum(tree["a"]))({"a": a}),
    "an argument left out": lambda a: mg.grad(lambda x, y: mg.sum(x * y))(DATA, a),
    "a result": lambda a: mg.jacobian(lambda x: a)(DATA),
    "a tangent": lambda a: mg.jvp(mg.exp, (DATA,), (a,)),
    "an error signal": lambda a: mg.vjp(mg.exp, DATA)[1](a),
    "check_grads": lambda a: mg.check_grads(mg.exp, a),
    "a layer": lambda a: nn.Linear(2, 1, rng=0)(a),
    "a loss": lambda a: nn.MSELoss()(DATA, a),
    "a batch": lambda a: [nn.Linear(2, 1)(x) for (x,) in nn.data.DataLoader(a)],
    "predict": lambda a: nn.predict(nn.Linear(2, 1, rng=0), a),
    "a state": lambda a: nn.Linear(2, 2, bias=False).load_state_dict({"weight": a}),
}  # fmt: skip


def update(p: Tensor, step: Any) -> Any:
    with mg.no_grad():
        p -= step
    return p


def swept(x: Tensor, y_bar: Any) -> Any:
    mg.exp(x).backward(y_bar)
    return x.grad


def hooked(x: Tensor, changed: Any) -> Any:
    x.register_hook(lambda x_bar: changed)
    mg.sum(x).backward()
    return x.grad
