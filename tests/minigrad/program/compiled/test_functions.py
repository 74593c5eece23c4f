"""A compiled function gives the same numbers as the function itself, for whatever arguments it is called with."""

from __future__ import annotations

import copy
import pickle
import sys
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.program.compiled import compile
from tests.helpers.compiled.agrees import assert_identical


def loss(w: Any, b: Any, x: Any, t: Any) -> Any:
    z = w * x + b
    y = mg.sigmoid(z)
    return 0.5 * (y - t) ** 2


ONE = tuple(map(np.float64, (0.5, -1.5, 2.0, 1.0)))
OTHER = tuple(map(np.float64, (-0.25, 0.75, 3.0, 0.0)))


def agrees(f: Any, *calls: tuple[Any, ...]) -> Any:
    compiled = compile(f)
    for args in (*calls, *calls):
        assert_identical(compiled(*args), f(*args))
    return compiled


def test_the_lectures_logistic_regression() -> None:
    step = agrees(mg.value_and_grad(loss, argnums=(0, 1)), ONE, OTHER)
    assert "z_bar = y_bar * y * (1 - y)\n    w_bar = z_bar * x\n    b_bar = z_bar\n" in step.source


def test_derivatives_of_derivatives_and_both_modes() -> None:
    def f(x: Any) -> Any:
        return mg.sum(x**3 * mg.exp(x))

    x, v, u = np.array([0.5, 1.0]), np.array([1.0, -2.0]), np.array([0.25, -1.5])
    agrees(mg.grad(lambda x: mg.sum(mg.grad(f)(x) ** 2)), (x,), (v,))
    agrees(lambda x, v: mg.hvp(f, x, v), (x, v), (u, x))
    agrees(lambda x, v: mg.jvp(f, (x,), (v,)), (x, v), (u, x))
    agrees(lambda x, y_bar: mg.vjp(mg.tanh, x)[1](y_bar), (x, v), (u, x))
    agrees(mg.jacobian(mg.tanh), (x,), (v,))
    agrees(mg.hessian(f), (x,), (v,))


def test_trees_numbers_and_keywords() -> None:
    def f(p: Any, x: Any, *, scale: float = 1.0) -> Any:
        return mg.sum((x @ p["layer"][0] + p["layer"][1]) ** 2) * scale

    def args(seed: int) -> tuple[Any, Any]:
        rng = np.random.default_rng(seed)
        return {"layer": [rng.normal(size=(3, 2)), rng.normal(size=2)]}, rng.normal(size=(4, 3))

    agrees(mg.grad(f), args(0), args(1))
    compiled = compile(mg.value_and_grad(f))
    for scale in (2.0, -0.5, 3.0):
        assert_identical(compiled(*args(2), scale=scale), mg.value_and_grad(f)(*args(2), scale=scale))
    assert len(compiled._programs) == 1


def test_nothing_that_depends_on_an_argument_is_a_constant() -> None:
    """Comparisons, argmax, floor, labels, masks, no_grad, plain NumPy on data: other numbers give other results."""

    def f(z: Any, labels: Any, x: Any) -> Any:
        chosen = np.argmax(z, axis=1)
        right = (chosen == labels).mean()
        mask = (x > 0) & (np.floor(x) < 2)
        with mg.no_grad():
            scale = mg.sum(z * z)
        stopped = mg.stop_gradient(z) * 2.0
        penalty = mg.sum(mg.where(z > 0, z, 0.1 * z)) + mg.sum(z.detach() * z) + mg.sum(z.data * z)
        return mg.cross_entropy(z, labels) + right * mg.sum(z[:, 0] * mask) + penalty + scale + mg.sum(stopped)

    def args(seed: int) -> tuple[Any, ...]:
        rng = np.random.default_rng(seed)
        return rng.normal(size=(5, 3)), rng.integers(0, 3, 5), rng.normal(0, 2, 5)

    agrees(mg.value_and_grad(f), args(0), args(1), args(2))
    agrees(mg.value_and_grad(lambda z, t, x: mg.sum(mg.exp(z))), args(0), args(1))


def test_elements_chosen_by_a_mask_may_be_of_any_number() -> None:
    def f(x: Any) -> Any:
        positive = x[x > 0]
        return mg.sum(positive**2) / positive.size

    compiled = agrees(mg.value_and_grad(f), (np.array([1.0, -2.0, 3.0]),), (np.array([1.0, 2.0, 3.0]),))
    assert "expect_shape" in compiled.source


def test_an_operation_that_takes_another_way_gets_another_program() -> None:
    def f(z: Any, t: Any) -> Any:
        return mg.cross_entropy(z, t, ignore_index=0)

    z = np.random.default_rng(0).normal(size=(4, 3))
    compiled = agrees(mg.value_and_grad(f), (z, np.array([1, 2, 1, 1])), (z, np.array([1, 0, 2, 1])))
    assert sum(map(len, compiled._programs.values())) == 2
    with pytest.raises(ValueError, match="class numbers run from 0 to 2"):
        compiled(z, np.array([1, 5, 1, 1]))


def test_shapes_dtypes_and_constants_have_programs_of_their_own() -> None:
    def f(x: Any, axis: int) -> Any:
        return mg.sum(mg.mean(x, axis=axis) ** 2)

    x = np.arange(12.0).reshape(3, 4)
    compiled = agrees(mg.value_and_grad(f), (x, 0), (x, 1), (np.float32(x), 0), (x[:2], 0), (x.T, 0))
    assert len(compiled._programs) == 5
    f32 = compile(lambda x, scale: x * scale)
    assert f32(np.float32([1.0]), 2.0).dtype == np.float32
    assert f32(np.float32([1.0]), np.float64(2.0)).dtype == np.float64


def test_more_kinds_than_programs_are_kept_warn_of_what_changes() -> None:
    compiled = compile(lambda x, n: x * n)
    for n in range(16):
        assert compiled(np.float64(2.0), n) == 2.0 * n
    with pytest.warns(RuntimeWarning, match="what changes is the argument n"):
        assert compiled(np.float64(2.0), 16) == 32.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled(np.float64(2.0), 20) == 40.0
    assert sum(map(len, compiled._programs.values())) == 16


def test_results_are_the_callers_own() -> None:
    def f(x: Any, y: Any) -> Any:
        total = x + y
        return x, x.T, total, total[0], np.ones(2), {"total": total}

    x, y = np.ones((2, 2)), np.full((2, 2), 3.0)
    compiled = compile(f)
    for _ in range(2):
        results = compiled(x, y)
        arrays = [*results[:5], results[5]["total"]]
        for i, a in enumerate(arrays):
            assert not np.shares_memory(a, x)
            assert not any(np.shares_memory(a, b) for b in arrays[:i])
        for a in arrays:
            a[...] = -1.0
    assert_identical(compiled(x, y)[2], np.full((2, 2), 4.0))
    step = compile(mg.grad(lambda w, v: mg.sum(w + v), argnums=(0, 1)))
    first, second = step(x, y)
    assert not np.shares_memory(first, second)


def test_tensors_give_tensors_and_derivatives_are_those_of_the_function() -> None:
    compiled = agrees(lambda x, y: (x * y, np.sum(y)), (mg.Tensor([1.0, 2.0]), np.ones(2)))
    assert isinstance(compiled(mg.Tensor([1.0, 3.0]), np.ones(2))[0], mg.Tensor)
    cube = compile(lambda x: x**3)
    assert mg.grad(cube)(np.float64(2.0)) == 12.0
    w = mg.Tensor(2.0, requires_grad=True)
    cube(w).backward()
    assert w.grad == 12.0


def test_large_products_run_in_threads_as_eager_ones_do() -> None:
    def f(W: Any, x: Any) -> Any:
        return mg.sum(mg.tanh(x @ W))

    def args(seed: int) -> tuple[Any, ...]:
        rng = np.random.default_rng(seed)
        return rng.normal(size=(600, 300)), rng.normal(size=(100, 600))

    compiled = agrees(mg.value_and_grad(f, argnums=(0, 1)), args(0), args(1))
    assert "W_bar = matmul(x.T, " in compiled.source


def test_under_a_profiler() -> None:
    step = compile(mg.value_and_grad(loss, argnums=(0, 1)))
    events: list[str] = []
    sys.setprofile(lambda _frame, event, _: events.append(event))
    try:
        found = step(*ONE)
    finally:
        sys.setprofile(None)
    assert_identical(found, mg.value_and_grad(loss, argnums=(0, 1))(*ONE))
    assert events
    assert step.source == agrees(mg.value_and_grad(loss, argnums=(0, 1)), ONE).source


def test_variables_of_several_functions_give_names() -> None:
    def layer(h: Any) -> Any:
        def squash(s: Any) -> Any:
            half = s / 2.0
            return mg.tanh(half)

        return squash(h) * 2.0

    def f(x: Any) -> Any:
        first = layer(x)
        parts = [layer(first), 3.0 * first]
        return sum(mg.exp(p) for p in parts)

    source = agrees(f, (np.float64(0.5),), (np.float64(-2.0),)).source
    lines = [line.strip().partition(" = ")[0] for line in source.splitlines() if " = " in line]
    assert lines == ["half", "first", "half_2", "p", "p_2"]


def test_backward_within() -> None:
    def f(w: Any, x: Any) -> Any:
        w = mg.Tensor(w, requires_grad=True)
        mg.sum(mg.tanh(w * x) ** 2).backward()
        return w.grad

    agrees(f, (np.array([0.5, 1.0]), np.array([1.0, 2.0])), (np.array([-0.5, 0.1]), np.array([0.3, 2.0])))


def test_compiled_functions_call_one_another() -> None:
    inner = compile(lambda x: x * x + 1.0)
    outer = agrees(lambda x: inner(x) * inner(2.0 * x), (np.float64(3.0),), (np.float64(-1.0),))
    assert "2.0 * x" in outer.source


def test_threads() -> None:
    step = compile(mg.value_and_grad(loss, argnums=(0, 1)))
    with ThreadPoolExecutor(4) as pool:
        for found, args in zip(pool.map(lambda args: step(*args), [ONE, OTHER] * 20), [ONE, OTHER] * 20, strict=True):
            assert_identical(found, mg.value_and_grad(loss, argnums=(0, 1))(*args))


def test_errors_and_warnings_are_the_eager_ones() -> None:
    compiled = compile(lambda x, y: mg.log(x) / y)
    compiled(np.float64(1.0), np.float64(1.0))
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert compiled(np.float64(0.0), np.float64(1.0)) == -np.inf
    with pytest.raises(TypeError, match="only floating types can be differentiated"):
        compile(mg.grad(lambda x: x * x))(np.array(3))
    with pytest.raises(ValueError, match="matmul: x @ y has shapes"):
        compile(lambda x, y: mg.matmul(x, y))(np.ones((2, 3)), np.ones((2, 3)))


def test_a_traceback_shows_the_line_of_the_program() -> None:
    compiled = compile(lambda x, y: mg.log(x) / y)
    compiled(np.float64(1.0), np.float64(1.0))
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError) as caught:
        compiled(np.float64(0.0), np.float64(1.0))
    assert "np.log(x)" in "".join(traceback.format_tb(caught.tb))


def test_settings_of_floating_point_errors_within_the_function_hold_in_the_program() -> None:
    def f(x: Any) -> Any:
        with np.errstate(divide="ignore"):
            y = 1.0 / x
        return y + 1.0

    compiled = compile(f)
    compiled(np.float64(1.0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled(np.float64(0.0)) == np.inf


def test_before_the_first_call_there_is_no_program() -> None:
    with pytest.raises(RuntimeError, match="has not been called yet"):
        _ = compile(loss).source
    with pytest.raises(TypeError, match="expected a function, got float"):
        compile(2.0)  # type: ignore[arg-type]


def test_arguments_that_are_refused() -> None:
    compiled = compile(lambda x: x)
    with pytest.raises(TypeError, match=r"argument x is a list of numbers.*np.array"):
        compiled([1.0, 2.0])
    with pytest.raises(TypeError, match="masked array"):
        compiled(np.ma.array([1.0], mask=[True]))
    with pytest.raises(TypeError, match=r"argument x is a Linear; .* Other objects may hold arrays"):
        compiled(nn.Linear(2, 2))
    with pytest.raises(TypeError, match="argument x is a Generator"):
        compiled(np.random.default_rng(0))
    with pytest.raises(TypeError, match="dtype <U1, expected numbers"):
        compiled(np.array(["a"]))


def test_pieces_of_a_batch_in_threads_are_within_an_operation() -> None:
    def f(w: Any, x: Any) -> Any:
        return mg.sum(mg.conv2d(x, w) ** 2)

    draw = np.random.default_rng(0).normal
    w, x = draw(size=(6, 1, 5, 5)), draw(size=(32, 1, 28, 28))  # float64, which NumPy computes in threads
    for _ in range(5):
        compile(mg.grad(f))(w, x)


@mg.compile
def decorated(x: Any) -> Any:
    return 2.0 * x


class Owner:
    def __init__(self) -> None:
        self.rate = np.array([1.0, 2.0])
        self.scaled = compile(self.of)

    def of(self, x: Any) -> Any:
        return self.rate * x


def test_copies() -> None:
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    step = pickle.loads(pickle.dumps(compile(loss, style="fast")))
    assert (step(*ONE), step.style) == (loss(*ONE), "fast")
    owner = Owner()
    owner.scaled(1.0)
    other = copy.deepcopy(owner)
    other.rate += 1.0
    assert_identical(other.scaled(1.0), np.array([2.0, 3.0]))
    assert_identical(owner.scaled(1.0), np.array([1.0, 2.0]))


def test_what_takes_another_way_in_each_call() -> None:
    dropout = nn.Dropout(0.5, rng=0)

    def f(x: Any) -> Any:
        y = dropout(x)
        return mg.sum(y[y > 0])

    with pytest.raises(RuntimeError, match="f takes another way in each call, although its arguments are the same"):
        compile(f)(np.ones(100))


def test_a_notebook_shows_the_program_that_was_written_last() -> None:
    f = mg.compile(lambda x: mg.sum(x * x))
    assert f._repr_markdown_() is None  # the name alone
    f(np.ones(3))
    shown = f._repr_markdown_()
    assert shown == f"````python\n{f.source}````"
    assert f.source.endswith("\n")
    assert "````" not in f.source
