"""L-BFGS: convergence, the quadratic case, closures, and what it remembers."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import minimize

every_line_search = pytest.mark.parametrize("line_search_fn", [None, "strong_wolfe"])


def rosenbrock(w: Any) -> Any:
    return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2


def test_rosenbrocks_valley_is_walked_to_its_end() -> None:
    w = mg.Tensor([-1.2, 1.0], requires_grad=True)
    optimizer = nn.optim.LBFGS([w], max_iter=200, tolerance_change=1e-14, line_search_fn="strong_wolfe")
    assert minimize(optimizer, lambda: rosenbrock(w)).data == pytest.approx(24.2)  # the loss before
    np.testing.assert_allclose(w.data, [1, 1], rtol=1e-6)
    state = optimizer.state[w]
    assert state["n_iter"] < 60  # gradient descent takes thousands


@every_line_search
def test_a_quadratic_of_n_variables_is_solved_in_few_iterations(line_search_fn: str | None) -> None:
    """H becomes the inverse of the Hessian."""
    rng = np.random.default_rng(0)
    root = rng.normal(size=(4, 4))
    a, b = root @ root.T + np.eye(4), rng.normal(size=4)
    w, v = (mg.Tensor(np.zeros(2), requires_grad=True) for _ in range(2))

    def loss() -> Any:
        x = mg.concatenate([w, v])
        return 0.5 * x @ a @ x - b @ x

    optimizer = nn.optim.LBFGS([w, v], max_iter=40, tolerance_change=0, line_search_fn=line_search_fn)
    minimize(optimizer, loss)
    np.testing.assert_allclose(np.concatenate([w.data, v.data]), np.linalg.solve(a, b), atol=1e-6)


def test_the_first_step_is_gradient_descent_by_at_most_lr() -> None:
    w = mg.Tensor([3.0, -4.0], requires_grad=True)
    minimize(nn.optim.LBFGS([w], lr=0.5, max_iter=1), lambda: (w * w).sum())
    np.testing.assert_allclose(w.data, np.array([3, -4]) - 0.5 / 14 * np.array([6, -8]))


def test_a_secant_of_one_variable() -> None:
    """The second step goes to where the line through both gradients is 0: y = H⁻¹ s is one number."""
    w = mg.Tensor(1.0, requires_grad=True)
    optimizer = nn.optim.LBFGS([w], lr=1, max_iter=1)
    for _ in range(2):
        minimize(optimizer, lambda: w**4 / 4)
    # w = 1, ḡ = 1, one step of 1 / |ḡ| to w = 0: there is no curvature left
    assert w.data == 0
    w.data = 2.0
    optimizer = nn.optim.LBFGS([w], lr=1, max_iter=1)
    minimize(optimizer, lambda: w**4 / 4)
    assert w.data == 1.0  # 2 − 8 / 8
    minimize(optimizer, lambda: w**4 / 4)
    assert w.data == pytest.approx(1 - 1 / ((8 - 1) / (2 - 1)))


@every_line_search
def test_counts_of_evaluations_keep_to_their_limits(line_search_fn: str | None) -> None:
    calls = 0

    def loss() -> Any:
        nonlocal calls
        calls += 1
        return rosenbrock(w)

    w = mg.Tensor([-1.2, 1.0], requires_grad=True)
    optimizer = nn.optim.LBFGS([w], lr=1e-3, max_iter=100, max_eval=7, line_search_fn=line_search_fn)
    minimize(optimizer, loss)
    assert optimizer.state[w]["func_evals"] == calls
    assert calls <= 8
    assert nn.optim.LBFGS([w], max_iter=8).max_eval == 10
    for history_size in (3, 1):
        optimizer.history_size = history_size
        for _ in range(3):
            minimize(optimizer, loss)
        assert len(optimizer.state[w]["ro"]) == history_size


@pytest.mark.parametrize(("tolerances", "n_iter"), [((1e-7, 0), 2), ((0, 2), 1), ((0, 0.5), 2)])
def test_either_tolerance_ends_the_step(tolerances: tuple[float, float], n_iter: int) -> None:
    """Of w² / 2 at 10 the first iteration goes to 9, and the second, which knows the curvature, to 0."""
    w = mg.Tensor(10.0, requires_grad=True)
    optimizer = nn.optim.LBFGS([w], tolerance_grad=tolerances[0], tolerance_change=tolerances[1])
    minimize(optimizer, lambda: w * w / 2)
    assert optimizer.state[w]["n_iter"] == n_iter


def test_frozen_parameters_stay_and_may_be_thawed() -> None:
    w, v = nn.Parameter([2.0]), nn.Parameter([3.0])
    optimizer = nn.optim.LBFGS([w, v], line_search_fn="strong_wolfe")

    def loss() -> Any:
        return ((w - 1) ** 2 + (w - v) ** 2).sum()

    v.requires_grad = False
    v.grad = np.array([9.0])  # from before
    minimize(optimizer, loss)
    assert (float(w.data[0]), float(v.data[0])) == (pytest.approx(2.0), 3.0)
    v.requires_grad = True
    w.data[:] = 5.0
    for _ in range(2):
        minimize(optimizer, loss)
    assert (float(w.data[0]), float(v.data[0])) == (pytest.approx(1, abs=1e-4), pytest.approx(1, abs=1e-4))


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_parameters_of_other_dtypes_and_without_axes(dtype: Any) -> None:
    w, v = nn.Parameter(2.0, dtype=dtype), nn.Parameter([[3.0]], dtype=dtype)
    optimizer = nn.optim.LBFGS([w, v], line_search_fn="strong_wolfe")
    minimize(optimizer, lambda: ((w - 1) ** 2 + (w - v) ** 2).sum())
    assert (w.dtype, v.dtype) == (dtype, dtype)
    assert float(w.data) == pytest.approx(1, abs=0.01)
    assert float(v.data[0, 0]) == pytest.approx(1, abs=0.01)


def test_a_place_where_the_loss_is_not_a_number_is_not_entered() -> None:
    w = mg.Tensor(3.0, requires_grad=True)
    optimizer = nn.optim.LBFGS([w], lr=100.0, line_search_fn="strong_wolfe")

    def loss() -> Any:
        with np.errstate(invalid="ignore", divide="ignore"):
            return w - mg.log(w)

    with np.errstate(invalid="ignore", divide="ignore"):
        for _ in range(3):
            minimize(optimizer, loss)
    assert w.data == pytest.approx(1, abs=1e-4)


def test_parameters_are_put_back_when_a_closure_fails_in_the_line_search() -> None:
    w = mg.Tensor([-1.2, 1.0], requires_grad=True)
    optimizer = nn.optim.LBFGS([w], line_search_fn="strong_wolfe")
    calls = 0

    def loss() -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return rosenbrock(w)

    with pytest.raises(KeyboardInterrupt):
        minimize(optimizer, loss)
    assert w.data.tolist() == [-1.2, 1.0]


def test_it_needs_a_closure_that_returns_the_loss() -> None:
    w = mg.Tensor([1.0], requires_grad=True)
    optimizer = nn.optim.LBFGS([w])
    with pytest.raises(TypeError, match=r"LBFGS.step: it evaluates the loss several times.*optimizer.step\(closure\)"):
        optimizer.step()
    with pytest.raises(TypeError, match=r"LBFGS.step: expected a closure, a function .*got Tensor"):
        optimizer.step((w * w).sum())
    with pytest.raises(TypeError, match=r"the closure returned NoneType, expected the loss; .* return loss"):
        optimizer.step(lambda: (w * w).sum().backward())
    w.grad = None
    with pytest.raises(RuntimeError, match="none of the parameters has a gradient"):
        optimizer.step(lambda: (w * w).sum())
    with pytest.raises(ValueError, match="line_search_fn is 'wolfe', expected 'strong_wolfe' or None"):
        nn.optim.LBFGS([w], line_search_fn="wolfe")


def test_a_parameter_of_another_shape_needs_a_new_optimizer() -> None:
    w = mg.Tensor([1.0, 2.0], requires_grad=True)
    optimizer = nn.optim.LBFGS([w], max_iter=2)
    minimize(optimizer, lambda: (w**4).sum())
    w.data = np.ones(3)
    with pytest.raises(RuntimeError, match="the parameters have 3 numbers, and had 2 in the steps before"):
        minimize(optimizer, lambda: (w**4).sum())


def test_a_copy_goes_on_alone() -> None:
    w = mg.Tensor([-1.2, 1.0], requires_grad=True)
    optimizer = nn.optim.LBFGS([w], lr=1e-3, max_iter=2)
    minimize(optimizer, lambda: rosenbrock(w))
    v, twin = copy.deepcopy((w, optimizer))
    minimize(twin, lambda: rosenbrock(v))
    assert v.data.tolist() != w.data.tolist()
    minimize(optimizer, lambda: rosenbrock(w))
    assert v.data.tolist() == w.data.tolist()
