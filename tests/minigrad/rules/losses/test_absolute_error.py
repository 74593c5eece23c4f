"""Absolute errors: their kinks, extreme differences, and settings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg

Y = np.array([-3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0])
ZERO = np.zeros_like(Y)


def slopes(f: Any, **how: Any) -> Any:
    return mg.grad(lambda y: f(y, ZERO, "sum", **how))(Y)


def test_slopes_at_the_kinks_are_pytorchs() -> None:
    np.testing.assert_array_equal(slopes(mg.l1_loss), np.sign(Y))
    np.testing.assert_array_equal(slopes(mg.huber_loss), np.clip(Y, -1, 1))
    np.testing.assert_array_equal(slopes(mg.huber_loss, delta=0.5), np.clip(Y, -0.5, 0.5))
    np.testing.assert_array_equal(slopes(mg.smooth_l1_loss, beta=0.5), np.clip(2 * Y, -1, 1))


def test_values() -> None:
    huber = np.where(abs(Y) <= 0.5, Y**2 / 2, 0.5 * (abs(Y) - 0.25))
    np.testing.assert_allclose(mg.huber_loss(Y, ZERO, "none", delta=0.5), huber)
    np.testing.assert_allclose(mg.smooth_l1_loss(Y, ZERO, "none", beta=0.5), huber / 0.5)
    np.testing.assert_array_equal(mg.smooth_l1_loss(Y, ZERO, "none", beta=0), abs(Y))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_huge_differences_do_not_overflow(dtype: Any) -> None:
    most = np.array([np.finfo(dtype).max, -np.inf, np.nan], dtype) / 2
    found = mg.huber_loss(most, np.zeros_like(most), "none")
    np.testing.assert_array_equal(found, [most[0], np.inf, np.nan])
    assert found.dtype == dtype


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: mg.huber_loss(Y, ZERO, delta=0), ValueError, "huber_loss: delta is 0, expected a positive number"),
        (lambda: mg.huber_loss(Y, ZERO, delta=np.nan), ValueError, "delta is nan"),
        (lambda: mg.huber_loss(Y, ZERO, delta=mg.Tensor(1.0)), TypeError, r"delta is Tensor\(1\.\)"),
        (lambda: mg.huber_loss(Y, ZERO, delta=True), TypeError, "delta is True"),
        (lambda: mg.smooth_l1_loss(Y, ZERO, beta=-1), ValueError, "beta is -1, expected a number of at least 0"),
        (lambda: mg.l1_loss(Y, ZERO[:, None]), ValueError, r"but target \(7, 1\).*: target\.reshape\(\(7,\)\)"),
        (lambda: mg.l1_loss(Y, 1j * ZERO), TypeError, "l1_loss: takes real numbers only"),
        (lambda: mg.l1_loss(Y, ZERO, "median"), ValueError, 'l1_loss: reduction is "mean", "sum" or "none"'),
        (lambda: mg.smooth_l1_loss(Y, ["a"] * 7), TypeError, "smooth_l1_loss: got a list"),
    ],
)
def test_errors(call: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()


def test_the_derivation_can_be_read() -> None:
    y, t = mg.Tensor([0.2, 0.5], requires_grad=True), np.array([1.0, 0.0])
    L = mg.huber_loss(y, t, "sum", delta=0.5)
    shown = str(mg.explain(L))
    assert "L = Σ huber_0.5(y − t)" in shown
    assert "ȳ = L̄ min(max(y − t, −0.5), 0.5)" in shown
