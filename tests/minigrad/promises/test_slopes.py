"""Infinite slopes, and slopes by convention."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
from tests.minigrad.promises import inf, nan, same, slopes


def test_sqrt() -> None:
    """`sqrt` at 0, and `x**0.5`"""
    same(slopes(mg.sqrt, [0.0, 4.0]), [inf, 0.25])
    same(slopes(lambda x: x**0.5, [0.0, 4.0]), [inf, 0.25])
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        mg.sqrt(mg.Tensor(0.0, requires_grad=True)).backward()


def test_cbrt() -> None:
    """`cbrt` at 0"""
    same(slopes(mg.cbrt, 0.0), inf)


def test_log() -> None:
    """`log`, `log2`, `log10` at 0, `log1p` at −1"""
    for f, x in [(mg.log, 0.0), (mg.log2, 0.0), (mg.log10, 0.0), (mg.log1p, -1.0)]:
        with pytest.warns(RuntimeWarning, match="divide by zero"):
            same(f(x), -inf)
        same(slopes(f, x), inf)


def test_reciprocal() -> None:
    """`1 / x` at 0"""
    for f in (mg.reciprocal, lambda x: 1 / x, lambda x: x**-1, lambda x: mg.divide(1.0, x)):
        same(slopes(f, 0.0), -inf)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        same(mg.divide(1.0, 0.0), inf)


def test_arcsin() -> None:
    """`arcsin` and `arctanh` at ±1"""
    same(slopes(mg.arcsin, [-1.0, 1.0]), [inf, inf])
    same(slopes(mg.arctanh, [-1.0, 1.0]), [inf, inf])


def test_arccos() -> None:
    """`arccos` at ±1"""
    same(slopes(mg.arccos, [-1.0, 1.0]), [-inf, -inf])


def test_norm() -> None:
    """`norm` and `vector_norm` at 0"""
    same(slopes(mg.norm, [0.0, 0.0]), [0, 0])
    same(slopes(mg.norm, 0.0), 0)
    same(slopes(lambda x: mg.norm(x, axis=1), [[0.0, 0.0], [3.0, 0.0]]), [[0, 0], [1, 0]])
    for order in (2, 1, 3, 0.5, 0, -1, -2, inf, -inf):
        same(slopes(lambda x, p=order: mg.vector_norm(x, ord=p), [0.0, 0.0]), [0, 0])


def test_norm_with_zeros() -> None:
    """`vector_norm` where one element is 0"""
    for order in (2, 1, 3, 0.5):
        same(slopes(lambda x, p=order: mg.vector_norm(x, ord=p), [0.0, 1.0]), [0, 1])
    for order in (-1, -2):  # it keeps the norm at 0
        same(slopes(lambda x, p=order: mg.vector_norm(x, ord=p), [0.0, 5.0]), [0, 0])


def test_lp_pooling_with_zeros() -> None:
    """`lp_pool2d` of a window of zeros, and for a zero in any window"""
    for p in (0.5, 1, 1.5, 2, 3, inf):
        x = [[[[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]]]
        same(slopes(lambda x, p=p: mg.lp_pool2d(x, p, 2), x), [[[[0, 0, 0, 0], [0, 0, 1, 0]]]])


def test_matrix_norm() -> None:
    """`matrix_norm` at 0"""
    zeros = np.zeros((2, 2))
    for order in ("fro", 1, -1, inf, -inf):
        same(slopes(lambda x, p=order: mg.matrix_norm(x, ord=p), zeros), zeros)
    u, _, vt = np.linalg.svd(zeros)
    for order, share in [(2, 0.5), (-2, 0.5), ("nuc", 1.0)]:
        same(slopes(lambda x, p=order: mg.matrix_norm(x, ord=p), zeros), share * u @ vt)


def test_std() -> None:
    """`std` of a constant"""
    same(slopes(mg.std, [2.0, 2.0, 2.0]), [0, 0, 0])
    same(slopes(lambda x: mg.std(x, axis=1), [[2.0, 2.0], [1.0, 3.0]]), [[0, 0], [-0.5, 0.5]])
    same(slopes(mg.std, [7.0]), [0])


@pytest.mark.filterwarnings("ignore:Degrees of freedom")
def test_not_enough_degrees_of_freedom() -> None:
    """`std` and `var` with n ≤ ddof"""
    for f in (mg.std, mg.var):
        with np.errstate(all="ignore"):
            same(f([2.0], ddof=1), nan)
        same(slopes(lambda x, f=f: f(x, ddof=1), [2.0]), [nan])


def test_origin() -> None:
    """`hypot` and `arctan2` at (0, 0)"""
    same(slopes(mg.hypot, 0.0, 0.0), [0, 0])
    same(slopes(mg.arctan2, 0.0, 0.0), [0, 0])


def test_complex_zero() -> None:
    """`abs` and `angle` of 0 + 0j"""
    same(slopes(lambda x, y: mg.abs(x + 1j * y), 0.0, 0.0), [0, 0])
    same(slopes(lambda x, y: mg.angle(x + 1j * y), 0.0, 0.0), [0, 0])


def test_power_zero() -> None:
    """`x**0`"""
    x = [0.0, 2.0, -3.0, inf, nan]
    same(mg.power(x, 0), [1, 1, 1, 1, 1])
    same(slopes(lambda x: x**0, x), [0, 0, 0, 0, 0])
    same(slopes(lambda x: x ** np.zeros(5), x), [0, 0, 0, 0, 0])
    same(slopes(lambda x: x**0, 2.0, signal=inf), 0)
    hessian = mg.hessian(lambda z: z[0] ** z[1])(np.array([2.0, 0.0]))  # the slope is a function of y
    np.testing.assert_allclose(hessian, [[0, 0.5], [0.5, np.log(2) ** 2]], rtol=1e-12, atol=1e-15)


def test_zero_to_a_power() -> None:
    """`x**y` for y, at x = 0"""
    same(slopes(lambda y: 0.0**y, [0.0, 0.5, 2.0, -1.0]), [0, 0, 0, -inf])
    same(slopes(mg.power, 0.0, 0.0), [0, 0])
    same(slopes(mg.power, 0.0, 1.0), [1, 0])


def test_negative_base() -> None:
    """`x**n` for negative x and whole n"""
    same(slopes(lambda x: x**3, -2.0), 12)
    same(slopes(lambda x: x**-2, -2.0), 0.25)
    same(slopes(mg.power, -2.0, 3.0), [12, nan])


def test_negative_base_and_fractional_power() -> None:
    """`x**y` for negative x and fractional y"""
    with pytest.warns(RuntimeWarning, match="invalid value"):
        same(mg.power(-2.0, 0.5), nan)
    same(slopes(lambda x: x**0.5, -2.0), nan)


def test_products() -> None:
    """`prod` and `cumprod` with zeros"""
    same(slopes(mg.prod, [0.0, 2.0, 3.0]), [6, 0, 0])
    same(slopes(mg.prod, [0.0, 0.0, 3.0]), [0, 0, 0])
    same(slopes(mg.cumprod, [2.0, 0.0, 3.0]), [1, 8, 0])


def test_sinc() -> None:
    """`sinc` at 0"""
    same(slopes(mg.sinc, 0.0), 0)
    np.testing.assert_allclose(mg.grad(mg.grad(mg.sinc))(0.0), -(np.pi**2) / 3, rtol=1e-14)
