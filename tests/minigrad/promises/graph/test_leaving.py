"""Leaving the graph."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.minigrad.promises import same

x = np.array([0.3, 0.6])


def assigned(x: Any) -> Any:
    a = np.zeros(2)
    a[0] = 3 * x[0]
    return a


def as_parameter(x: Any) -> Any:
    layer = nn.Linear(2, 1)
    layer.bias.data = x[:1]
    return layer(np.ones((1, 2)))


def warns(f: Any, x: Any = x) -> None:
    for differentiate in (
        lambda: mg.grad(lambda x: mg.sum(f(x)))(x),
        lambda: mg.jvp(f, (x,), (x,)),
        lambda: mg.hessian(lambda x: mg.sum(f(x)))(x),
    ):
        with pytest.warns(RuntimeWarning, match="out of the graph"):
            differentiate()


@pytest.mark.parametrize(
    "f",
    [
        *(lambda x: float(x[0]) * x, lambda x: math.exp(x[0]), lambda x: np.array([np.cos(x[0]), x[1]]), assigned),
        lambda x: pytest.importorskip("scipy.linalg").norm(x),
    ],
)
def test_implicit_ways_out(f: Any) -> None:
    """in `mg.grad` and its kin: `float(x)`, `math.exp(x)`, `np.array([x, y])`, `a[i] = x`, SciPy's functions"""
    warns(f)


@pytest.mark.parametrize("f", [mg.Tensor, as_parameter, np.unique])
def test_ways_out_through_functions_of_ours(f: Any) -> None:
    """in `mg.grad` and its kin: `mg.Tensor(x)`, `layer.weight.data = x`, `np.unique(x)`"""
    warns(f)


@pytest.mark.parametrize("f", [copy.copy, lambda x: x.astype(object), np.vectorize(lambda t: 1.0 * t, otypes=[object])])
def test_recorded(f: Any) -> None:
    """in `mg.grad` and its kin: `copy.copy(x)`, `x.astype(object)`, `np.vectorize(f, otypes=[object])`"""
    np.testing.assert_allclose(mg.grad(lambda x: sum(f(x) ** 2))(x), 2 * x)
    np.testing.assert_allclose(mg.hessian(lambda x: sum(f(x) ** 2))(x), 2 * np.eye(2))


@pytest.mark.parametrize("copied", [copy.deepcopy, pickle.dumps])
def test_deep_copies(copied: Any) -> None:
    """in `mg.grad` and its kin: `copy.deepcopy(x)` and `pickle` of an argument"""
    for differentiate in (mg.grad, mg.hessian):
        with pytest.raises(TypeError, match="cut from its graph"):
            differentiate(lambda x: copied(x) and mg.sum(x))(x)


def test_questions() -> None:
    """comparisons, questions such as `math.isclose`, rounding, `"%.2f" % x`"""

    def f(x: Any) -> Any:
        free = x[0] < x[1], math.isclose(x[0], x[1]), round(x[0]), math.floor(x[0]), "%.2f" % x[0]  # noqa: UP031
        return mg.sum(x**2) if free[0] else 0.0

    same(mg.grad(f)(x), 2 * x)


def test_outside() -> None:
    """outside: `float(loss)`, `np.asarray(t)`, `math.exp(t)`, plots and logs"""
    t = Tensor([1.0, 2.0], requires_grad=True)
    loss = mg.sum(t)
    assert (float(loss), math.exp(loss - 3), np.asarray(t).sum(), np.array(t).sum()) == (3, 1, 3, 3)


@pytest.mark.parametrize(("name", "ours"), [("softmax", "write mg.softmax"), ("airy", "has no derivative")])
def test_special_functions_of_scipy(name: str, ours: str) -> None:
    """`scipy.special.softmax(t)`, `scipy.special.airy(t)` of Tensors that require gradients"""
    function = getattr(pytest.importorskip("scipy.special"), name)
    with pytest.raises(TypeError, match=rf"scipy\.special\.{name} .*{ours}"):
        function(Tensor(x, requires_grad=True))
    with pytest.raises(TypeError, match=rf"scipy\.special\.{name} .*{ours}"):
        mg.grad(lambda x: mg.sum(function(x)))(x)


@pytest.mark.parametrize("f", [np.array, np.asarray, np.linalg.norm])
def test_arrays_of_tensors(f: Any) -> None:
    """outside: `np.array([s, t])`, `np.linalg.norm([s, t])` of Tensors that require gradients"""
    for data in (1.0, [1.0, 2.0]):
        t = Tensor(data, requires_grad=True)
        with pytest.warns(RuntimeWarning, match=r"array of Tensors that require gradients.*mg\.stack"):
            f([t, 2 * t])


def test_without_gradients() -> None:
    """under `no_grad`, and of Tensors that do not require gradients"""
    constant, t = Tensor([1.0, 2.0]), Tensor([1.0, 2.0], requires_grad=True)
    with mg.no_grad():
        np.array([t, 2 * t])
        mg.grad(lambda x: float(constant[0]) * mg.sum(x))(x)
    np.array([constant, t.detach()])

    def f(x: Any) -> Any:
        with mg.no_grad():
            assert float(x[0]) == 0.3
        return float(mg.stop_gradient(x[0])) * mg.sum(x)

    same(mg.grad(f)(x), [0.3, 0.3])


def test_writing_into_arrays() -> None:
    """`np.add(a, t, out=b)`, `b += t`, `np.copyto(b, t)`, `np.add.at(b, i, t)` into an array b"""
    t, b = Tensor([1.0, 2.0], requires_grad=True), np.zeros(2)
    for write in (
        *(lambda: np.add(x, t, out=b), lambda: b.__iadd__(t), lambda: np.copyto(b, t)),
        lambda: np.add.at(b, [0, 1], t),
    ):
        with pytest.raises(TypeError):
            write()
    same(b, [0, 0])
