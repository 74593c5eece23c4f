"""Transformations: each against finite differences or one another, nested in every order."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

A = np.array([[1.0, -0.5, 0.3], [0.2, 0.8, -1.1]])
X = np.array([0.4, -0.7, 1.2])


def f(x: Any) -> Any:
    """A bit of everything: products of matrices, functions by element, reductions, indexing."""
    z = mg.tanh(A @ x) * mg.exp(x[:2])
    return mg.sum(z * z) + mg.logsumexp(x) * x[0]


def vector(x: Any) -> Any:
    return mg.tanh(A @ x) / (1 + x[1:] ** 2)


def differences(f: Any, x: Any, h: float = 1e-5) -> Any:
    """The Jacobian by central differences."""
    columns = [(f(x + h * e.reshape(x.shape)) - f(x - h * e.reshape(x.shape))) / (2 * h) for e in np.eye(x.size)]
    return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + x.shape)


def test_gradients() -> None:
    np.testing.assert_allclose(mg.grad(f)(X), differences(f, X), rtol=1e-8)
    value, gradient = mg.value_and_grad(f)(X)
    assert type(value) is np.float64
    assert value == f(X)
    np.testing.assert_array_equal(gradient, mg.grad(f)(X))


@pytest.mark.parametrize("mode", [None, "forward", "reverse"])
def test_jacobians(mode: Any) -> None:
    np.testing.assert_allclose(mg.jacobian(vector, mode=mode)(X), differences(vector, X), rtol=1e-8)
    np.testing.assert_allclose(mg.jacobian(f, mode=mode)(X), differences(f, X), rtol=1e-8)
    outer = mg.jacobian(lambda x: x * x[0], mode=mode)(A)
    assert outer.shape == (2, 3, 2, 3)
    np.testing.assert_allclose(outer, differences(lambda x: x * x[0], A), atol=1e-9)
    assert mg.jacobian(lambda x: x * 2, mode=mode)(3.0) == 2


def test_the_mode_is_chosen_by_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    from minigrad.transforms import traced_function

    called: list[str] = []
    monkeypatch.setattr(
        traced_function,
        "forward_sweep",
        lambda *a, f=traced_function.forward_sweep, **k: called.append("forward") or f(*a, **k),
    )
    monkeypatch.setattr(
        traced_function, "sweep", lambda *a, f=traced_function.sweep, **k: called.append("reverse") or f(*a, **k)
    )
    for shape, mode in [((1, 3), "reverse"), ((3, 1), "forward"), ((2, 2), "forward")]:
        called.clear()
        w = np.ones(shape)
        mg.jacobian(lambda x, w=w: w @ x)(np.ones(shape[1]))
        assert set(called) == {mode}
        assert len(called) == min(shape)


def test_hessians_in_every_order_of_modes() -> None:
    expected = differences(mg.grad(f), X)
    np.testing.assert_allclose(mg.hessian(f)(X), expected, rtol=1e-7)
    for outer in ("forward", "reverse"):
        for inner in ("forward", "reverse"):
            second = mg.jacobian(mg.jacobian(f, mode=inner), mode=outer)(X)
            np.testing.assert_allclose(second, expected, rtol=1e-7, err_msg=f"{outer} over {inner}")
    v = np.array([0.3, 1.0, -2.0])
    np.testing.assert_allclose(mg.hvp(f, X, v), expected @ v, rtol=1e-7)


def test_jvp_of_vjp_is_vjp_of_jvp() -> None:
    """⟨w, d(Jᵀ u)·v⟩ both ways, and the third derivative of a scalar function in every mixture of modes."""
    u, v = np.array([0.7, -0.2]), np.array([0.3, 1.0, -2.0])
    forward_over_reverse = mg.jvp(lambda x: mg.vjp(vector, x)[1](u)[0], (X,), (v,))[1]
    reverse_over_forward = mg.grad(lambda x: mg.sum(u * mg.jvp(vector, (x,), (v,))[1]))(X)
    np.testing.assert_allclose(forward_over_reverse, reverse_over_forward, rtol=1e-12)

    def d(h: Any, mode: str) -> Any:
        return mg.grad(h) if mode == "reverse" else lambda x: mg.jvp(h, (x,), (1.0,))[1]

    def g(x: Any) -> Any:
        return mg.sin(x) * mg.exp(x)

    expected = 2 * np.exp(0.5) * (np.cos(0.5) - np.sin(0.5))  # (e^x sin x)‴
    for first in ("forward", "reverse"):
        for second in ("forward", "reverse"):
            for third in ("forward", "reverse"):
                found = d(d(d(g, first), second), third)(0.5)
                assert found == pytest.approx(expected, rel=1e-13), (first, second, third)


def test_derivatives_with_respect_to_outer_and_inner_variables_do_not_mix() -> None:
    """Perturbations of x and y are told apart: d/dx (x · d/dy (x y²)) = d/dx 2 x² y."""
    found = mg.grad(lambda x: x * mg.grad(lambda y: x * y * y)(3.0))(2.0)
    assert found == pytest.approx(4 * 2 * 3)
    found = mg.jvp(lambda x: x * mg.jvp(lambda y: x + y, (1.0,), (1.0,))[1], (5.0,), (1.0,))[1]
    assert found == 1
    found = mg.grad(lambda x: mg.grad(lambda y: mg.stop_gradient(y) * x * y)(x))(
        3.0
    )  # inner: stop(y) x; outer: stop(y)
    assert found == 3


def test_trees_of_arguments_and_results() -> None:
    def loss(p: Any, x: Any) -> Any:
        return mg.sum((p["layers"][0] @ x + p["b"]) ** 2)

    p = {"layers": [A, np.ones(2)], "b": np.array([0.5, -0.5])}
    found = mg.grad(loss)(p, X)
    assert list(found) == ["layers", "b"]
    np.testing.assert_allclose(found["layers"][0], np.outer(2 * (A @ X + p["b"]), X))
    np.testing.assert_array_equal(found["layers"][1], 0)
    both = mg.grad(loss, argnums=(1, 0))(p, X)
    np.testing.assert_allclose(both[0], A.T @ (2 * (A @ X + p["b"])))
    np.testing.assert_array_equal(both[1]["b"], found["b"])

    value, pullback = mg.vjp(lambda x: {"double": 2 * x, "rest": (x[0], 3.0)}, X)
    assert value["rest"] == (0.4, 3.0)
    (x_bar,) = pullback({"double": np.ones(3), "rest": (10.0, 1.0)})
    np.testing.assert_array_equal(x_bar, [12, 2, 2])
    value, tangent = mg.jvp(lambda x: {"double": 2 * x, "rest": (x[0], 3.0)}, (X,), (np.arange(3.0),))
    np.testing.assert_array_equal(tangent["double"], [0, 2, 4])
    assert tangent["rest"] == (0, 0)
    blocks = mg.jacobian(lambda p: [p["a"] * p["b"], p["a"].sum()])({"a": np.arange(3.0), "b": 2.0})
    np.testing.assert_array_equal(blocks[0]["a"], 2 * np.eye(3))
    np.testing.assert_array_equal(blocks[0]["b"], [0, 1, 2])
    np.testing.assert_array_equal(blocks[1]["a"], np.ones(3))
    second = mg.hessian(lambda p: p["a"] ** 2 * p["b"])({"a": 3.0, "b": 5.0})
    assert second == {"a": {"a": 10, "b": 6}, "b": {"a": 6, "b": 0}}


def test_arrays_in_arrays_out_and_tensors_where_something_outside_is_differentiable() -> None:
    assert type(mg.grad(mg.sum)(X)) is np.ndarray
    assert type(mg.grad(lambda x: x)(1.0)) is np.float64
    assert type(mg.grad(mg.sum)(Tensor(X))) is Tensor
    w = Tensor(2.0, requires_grad=True, name="w")
    slope = mg.grad(lambda x: w * w * x)(3.0)
    slope.backward()
    assert float(w.grad) == 4
    with mg.no_grad():
        assert mg.grad(lambda x: w * x * x)(3.0) == 12  # records what it needs, and no more
        assert not mg.value_and_grad(lambda x: w * x)(Tensor(3.0))[1].requires_grad
    assert w.grad == 4


def test_what_does_not_depend_on_an_argument() -> None:
    assert mg.grad(lambda x: 5.0)(1.0) == 0
    np.testing.assert_array_equal(mg.grad(lambda x, y: mg.sum(x))(X, X), 1)
    np.testing.assert_array_equal(mg.grad(lambda x, y: mg.sum(x), argnums=-1)(X, X), 0)
    np.testing.assert_array_equal(mg.jvp(lambda x: np.ones(2), (X,), (X,))[1], [0, 0])
    np.testing.assert_array_equal(mg.hessian(lambda x: mg.sum(A @ x))(X), np.zeros((3, 3)))
    assert mg.grad(lambda x: x)(1.0) == 1
    assert mg.jvp(lambda x, y: y, (1.0, 2.0), (3.0, 4.0)) == (2, 4)


def test_dtypes_stay() -> None:
    x = X.astype(np.float32)
    w = A.astype(np.float32)
    assert mg.grad(f)(x).dtype == np.float32  # though f computes in float64, as A does
    assert mg.jvp(lambda x: mg.tanh(w @ x) * 2, (x,), (x,))[1].dtype == np.float32
    for mode in ("forward", "reverse"):
        assert mg.jacobian(lambda x: mg.tanh(w @ x) * 2, mode=mode)(x).dtype == np.float32


def test_what_a_gradient_gives_is_ones_own() -> None:
    _, pullback = mg.vjp(lambda x: x + 0, X)
    seed = np.ones(3)
    (x_bar,) = pullback(seed)
    x_bar[0] = 100
    np.testing.assert_array_equal(pullback(seed)[0], 1)


def test_values_keep_their_names() -> None:
    seen = []
    mg.grad(lambda w: seen.append(w.name) or w * 2)(Tensor(1.0, name="w"))
    assert seen == ["w"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mg.grad(mg.sum)(np.arange(3)), TypeError, "argument 0 has dtype int64.*2.0"),
        (lambda: mg.grad(lambda x: x)(X), ValueError, r"shape \(3,\).*mg\.jacobian"),
        (lambda: mg.grad(lambda x: (x, x))(1.0), TypeError, "returned tuple"),
        (lambda: mg.grad(lambda x: None)(1.0), TypeError, "returned None"),
        (lambda: mg.grad(mg.sum, argnums=1)(X), ValueError, "names argument 1, but.* called with 1"),
        (lambda: mg.vjp(mg.sum, X)[1](X), ValueError, r"error signal has shape \(3,\), expected \(\)"),
        (lambda: mg.jvp(mg.sum, X, X), TypeError, r"mg\.jvp\(f, \(x,\), \(x_dot,\)\)"),
        (lambda: mg.jvp(mg.sum, X, (X,)), TypeError, "two tuples, got ndarray and tuple"),
        (lambda: mg.jvp(mg.sum, (X,), X), TypeError, "two tuples, got tuple and ndarray"),
        (lambda: mg.jvp(mg.sum, (X,), ()), ValueError, "1 arguments and 0 tangents"),
        (lambda: mg.jvp(mg.sum, (X,), (1.0,)), ValueError, r"tangent of argument 0 has shape \(\), expected \(3,\)"),
        (
            lambda: mg.jvp(lambda p: p[0] @ p[1], ([X, X],), ([X, X, X],)),
            ValueError,
            "argument 0 has the wrong structure.*length 2, got a list of length 3",
        ),
        (lambda: mg.jacobian(f, mode="both"), ValueError, "'both'"),
    ],
)
def test_mistakes(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_threads_differentiate_their_own_graphs() -> None:
    results: dict[int, float] = {}

    def work(k: int) -> None:
        for _ in range(20):
            results[k] = float(mg.grad(mg.grad(lambda x: mg.exp(k * x)))(0.5))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, found in results.items():
        assert found == pytest.approx(k * k * np.exp(0.5 * k))


def test_complex_values_between_and_at_the_end() -> None:
    x = np.arange(4.0)
    expected = np.fft.rfft(np.eye(4), axis=0)
    for mode in ("forward", "reverse"):
        np.testing.assert_allclose(mg.jacobian(np.fft.rfft, mode=mode)(x), expected, atol=1e-14)
    with pytest.raises(TypeError, match=r"returned complex128.*real part"):
        mg.grad(lambda x: mg.exp(1j * x))(1.0)


def test_empty_arrays_and_trees() -> None:
    for mode in ("forward", "reverse"):
        assert mg.jacobian(lambda x: x[:0], mode=mode)(X).shape == (0, 3)
        assert mg.jacobian(lambda x: x, mode=mode)(X[:0]).shape == (0, 0)
    w = Tensor(2.0, requires_grad=True)
    assert mg.jvp(lambda nothing: w * 3, ([],), ([],))[1] == 0
    assert mg.grad(lambda p: p["w"] * 2)({"w": 1.0, "empty": []}) == {"w": 2, "empty": []}


def test_trees_of_other_kinds_stay_what_they_are() -> None:
    from collections import OrderedDict, defaultdict, namedtuple

    Pair = namedtuple("Pair", "w b")
    assert mg.grad(lambda p: p.w * p.b)(Pair(2.0, 3.0)) == Pair(3, 2)
    found = mg.grad(lambda p: p["w"] ** 2)(OrderedDict(w=3.0))
    assert type(found) is OrderedDict
    assert type(mg.grad(lambda p: p["w"] ** 2)(defaultdict(float, w=3.0))) is defaultdict


def test_an_argument_may_change_after_the_call() -> None:
    given = [X, X]
    _, pullback = mg.vjp(lambda p: p[0] * p[1], given)
    given.append(X)
    assert len(pullback(X)[0]) == 2


def test_a_stopped_tree_is_constant() -> None:
    assert mg.grad(lambda p: p["a"] * mg.stop_gradient(p)["a"])({"a": 3.0}) == {"a": 3}


def test_hooks_on_the_arguments_of_a_function_run() -> None:
    def f(x: Any) -> Any:
        x.register_hook(lambda x_bar: x_bar * 10)
        return (x * x).sum()

    np.testing.assert_allclose(mg.grad(f)(X), 20 * X)
    np.testing.assert_allclose(mg.grad(lambda x: mg.checkpoint(f)(x))(X), 20 * X)


def test_a_value_keeps_no_graph_that_nobody_can_use() -> None:
    value, _ = mg.value_and_grad(lambda x: mg.sum(x * x))(Tensor(X))
    assert not value.requires_grad


def test_what_was_freed_outside_does_not_matter() -> None:
    w = Tensor(X, requires_grad=True)
    h = mg.tanh(w)
    (h * h).sum().backward()
    np.testing.assert_array_equal(mg.grad(lambda x: (x * h).sum())(X).data, h.data)


def test_recorded_gradients_have_the_dtype_of_the_argument() -> None:
    x = Tensor(X, dtype=np.float32, requires_grad=True)
    assert mg.grad(lambda x: (x * np.ones(3)).sum())(x).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.grad(3.0), "expected a function, got float"),
        (lambda: mg.grad(mg.sum, "ab"), "position of an argument.*'ab'"),
        (lambda: mg.jacobian(mg.sum, "forward"), "position of an argument"),
        (lambda: mg.grad(lambda p: p["w"])({"w": 1.0, "kind": "relu"}), "argument 0 is or holds a str.*argnums"),
        (lambda: mg.grad(lambda p: p[0])([X, None]), "argument 0 is or holds None"),
        (lambda: mg.vjp(lambda x: (x, "a"), 1.0), "returned a str"),
        (lambda: mg.jvp(lambda x, y: x * y, (1.0, 2.0), (1.0, None)), "tangent of argument 1 is or holds None"),
        (lambda: mg.vjp(mg.sum, X)[1](None), "error signal is or holds None"),
        (lambda: mg.vjp(mg.sum, X)[1](1j), "is or holds a complex128, expected numbers of dtype float64"),
    ],
)
def test_what_is_no_array_is_named(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()
