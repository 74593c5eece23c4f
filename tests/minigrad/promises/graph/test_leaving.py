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


def number_written(a: Any, t: Any) -> None:
    a[0] = t[0]


def row_written(a: Any, t: Any) -> None:
    a[...] = t


def flat_written(a: Any, t: Any) -> None:
    a.flat = t


@pytest.mark.parametrize("write", [number_written, row_written, flat_written])
def test_assignments(write: Any) -> None:
    """outside: `a[i] = t`, `a[...] = t`, `a.flat = t` into an array a"""
    with pytest.warns(RuntimeWarning, match=r"no gradient flows through it.*t\.item\(\)"):
        write(np.zeros(2), Tensor([1.0, 2.0], requires_grad=True))


@pytest.mark.parametrize(
    "f",
    [
        *(lambda t, v: np.full(3, t), lambda t, v: np.r_[t, t], lambda t, v: np.c_[v, v], lambda t, v: np.arange(t)),
        lambda t, v: np.fill_diagonal(np.eye(2), t),
        lambda t, v: np.vectorize(math.exp)(v),
        lambda t, v: np.polynomial.Polynomial([1.0, 2.0])(t),
        lambda t, v: np.ma.average(v),
        lambda t, v: np.random.default_rng(0).normal(t),
    ],
)
def test_functions_that_ask_nobody(f: Any) -> None:
    """NumPy's functions that convert a Tensor without asking it: `np.full(3, t)`, `np.r_[s, t]`, `np.c_[v, w]`, `a.fill(t)`, `np.fill_diagonal(a, t)`, `np.arange(t)`, `np.vectorize(f)(v)`, `np.polynomial`, `np.ma`, `rng.normal(t)`"""  # noqa: E501
    t, v = Tensor(2.0, requires_grad=True), Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match="no gradient would flow through them; write"):
        f(t, v)
    with pytest.raises(ValueError, match="element") as hidden:
        x.copy().fill(t)
    assert "write np.full(shape, t, like=t)" in str(hidden.value.__cause__)
    same(mg.grad(lambda t: mg.sum(np.full(3, t, like=t)) + mg.sum(np.array([t, 2 * t], like=t)))(2.0), 6.0)


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
