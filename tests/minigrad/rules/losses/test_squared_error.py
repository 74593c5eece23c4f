"""Squared errors: empty arrays, shapes and reductions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor


def test_the_squared_error_of_nothing_is_nan_and_its_error_signals_are_empty() -> None:
    y, t = (Tensor(np.ones((0, 3)), requires_grad=True) for _ in range(2))
    with np.errstate(invalid="ignore"):
        loss = mg.mse_loss(y, t)
    loss.backward()
    assert np.isnan(loss.data)
    assert y.grad.shape == t.grad.shape == (0, 3)


def test_the_squared_error_needs_targets_of_the_same_shape() -> None:
    with pytest.raises(ValueError, match=r"output has shape \(2, 1\), but target \(2,\)"):
        mg.mse_loss(Tensor([[1.0], [2.0]]), [1.0, 2.0])


def test_half_the_sum_is_the_loss_of_the_lecture() -> None:
    """½ ‖t − y‖² with ȳ = y − t, to read in the derivation too."""
    y, t = Tensor([0.2, 0.5], requires_grad=True), np.array([1.0, 0.0])
    L = mg.sum_squared_error(y, t)
    assert L.data == pytest.approx(0.445)
    shown = str(mg.explain(L))
    assert "L = ½ ‖t − y‖²" in shown
    assert "ȳ = L̄ (y − t)" in shown
    L.backward()
    np.testing.assert_allclose(y.grad, [-0.8, 0.5])


@pytest.mark.parametrize(("f", "factor"), [(mg.mse_loss, 1.0), (mg.sum_squared_error, 0.5)])
def test_reductions(f: Any, factor: float) -> None:
    y, t = np.random.default_rng(0).normal(size=(2, 3, 4))
    squares = factor * (y - t) ** 2
    np.testing.assert_allclose(f(y, t, "none"), squares)
    assert f(y, t, "sum") == pytest.approx(squares.sum())
    assert f(y, t, "mean") == pytest.approx(squares.mean())
    for reduction in ("mean", "sum", "none"):
        mg.check_grads(lambda y, t, how=reduction: f(y, t, how), y, t, order=2)


@pytest.mark.parametrize("f", [mg.mse_loss, mg.sum_squared_error, mg.l1_loss, mg.huber_loss, mg.smooth_l1_loss])
@pytest.mark.parametrize("target", [[1, 0], np.array([1.0, 0.0]), Tensor([1.0, 0.0]), np.array([True, False])])
def test_targets_take_the_precision_of_the_outputs(f: Any, target: Any) -> None:
    y = Tensor([0.25, 0.5], requires_grad=True, dtype=np.float32)
    for reduction in ("mean", "sum", "none"):
        assert f(y, target, reduction).dtype == np.float32
    np.testing.assert_allclose(f(y, target).data, f(y, [1.0, 0.0]).data)
    t = Tensor([1.0, 0.0], requires_grad=True)
    f(y, t).backward()
    assert t.grad.dtype == np.float64
    np.testing.assert_allclose(t.grad, -y.grad)
