"""Second derivatives where a slope is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from tests.minigrad.promises import inf, nan, same


def second_derivatives(f: Callable[..., Any], x: Any) -> Any:
    """The Hessian. In the other mixtures of the modes it is the same, or NaN in more places, beside a NaN."""
    found = []
    with np.errstate(all="ignore"):
        for of_f in (mg.grad(f), mg.jacobian(f, mode="forward")):
            found += [mg.jacobian(of_f, mode=mode)(np.array(x)) for mode in ("forward", "reverse")]
    for other in found[1:]:
        assert not np.isfinite(np.diagonal(other))[~np.isfinite(np.diagonal(found[0]))].any()
        both = np.isfinite(other) & np.isfinite(found[0])
        np.testing.assert_allclose(other[both], found[0][both], atol=1e-12)
        assert np.isfinite(other).all() or not np.isfinite(found[0]).all()
    return found[0]


def of_square(f: Callable[..., Any], x: Any) -> Any:
    return second_derivatives(lambda x: f(x) ** 2, x)


def image(x: Any) -> Any:
    return x.reshape(1, 1, 1, 2)


zero, nothing = [0.0, 0.0], np.full((2, 2), nan)


def test_piecewise_linear() -> None:
    """piecewise linear functions: `relu`, `abs`, `max`, `clip`, `sort`, `max_pool2d`, `vector_norm` of order 0, 1, ∞"""
    weights = np.array([1.0, 2.0])
    for f in (
        mg.relu,
        mg.leaky_relu,
        mg.abs,
        mg.max,
        lambda x: mg.maximum(x, 0.0),
        lambda x: mg.clip(x, 0.0, 1.0),
        mg.sort,
        lambda x: mg.vector_norm(x, ord=0),
        lambda x: mg.vector_norm(x, ord=1),
        lambda x: mg.vector_norm(x, ord=inf),
        lambda x: mg.max_pool2d(image(x), (1, 2)),
    ):
        same(second_derivatives(lambda x, f=f: mg.sum(weights * f(x)), zero), np.zeros((2, 2)))


def test_norms() -> None:
    """`norm`, `vector_norm` of other orders, `matrix_norm` at 0"""
    for f in (mg.norm, *(lambda x, p=p: mg.vector_norm(x, ord=p) for p in (2, 3, 1.5, 0.5, -1, -2))):
        same(of_square(f, zero), nothing)
        same(second_derivatives(f, zero), nothing)
    for ord in ("fro", 2, "nuc"):
        same(of_square(lambda x, ord=ord: mg.matrix_norm(x.reshape(1, 2), ord=ord), zero), nothing)
    rows = second_derivatives(lambda x: mg.sum(mg.norm(x.reshape(2, 2), axis=1)), [0.0, 0.0, 3.0, 4.0])
    np.testing.assert_allclose(rows[2:, 2:], [[0.128, -0.096], [-0.096, 0.072]], rtol=1e-12)  # another row is exact


def test_one_element() -> None:
    """`vector_norm` where one element is 0"""
    for p, expected in [(2, 0.5), (2.5, 0), (3, 0), (4, 0), (1.5, nan), (0.5, nan)]:
        same(second_derivatives(lambda x, p=p: mg.vector_norm(x, ord=p), [0.0, 2.0])[0, 0], expected)


def test_lp_pooling() -> None:
    """`lp_pool2d` of a window of zeros"""
    for p, expected in [(1, 0), (inf, 0), (2, nan), (1.5, nan), (3, nan), (0.5, nan)]:
        found = of_square(lambda x, p=p: mg.sum(mg.lp_pool2d(image(x), p, (1, 2))), zero)
        same(np.diagonal(found), [expected, expected])


def test_std() -> None:
    """`std` of a constant"""
    same(of_square(mg.std, [3.0, 3.0]), nothing)
    same(second_derivatives(mg.std, [3.0, 3.0]), nothing)


def test_origin() -> None:
    """`hypot`, `arctan2`, `abs` and `angle` of complex numbers at 0"""
    for f in (mg.hypot, mg.arctan2, lambda x, y: mg.abs(x + 1j * y), lambda x, y: mg.angle(x + 1j * y)):
        same(of_square(lambda x, f=f: f(x[0], x[1]), zero), nothing)


def test_ties_of_spectra() -> None:
    """singular values, eigenvalues that tie"""
    for f in (mg.svdvals, mg.eigvalsh):
        found = second_derivatives(lambda x, f=f: mg.sum(f(x.reshape(2, 2)) ** 2), [1.0, 0.0, 0.0, 1.0])
        assert np.isnan(found).all()


def test_exact() -> None:
    """`prod`, `cumprod`, `sinc`, `x**n` for whole n ≥ 0 at 0"""
    same(second_derivatives(mg.prod, zero), [[0, 1], [1, 0]])
    same(second_derivatives(lambda x: mg.cumprod(x)[1], zero), [[0, 1], [1, 0]])
    np.testing.assert_allclose(np.diagonal(second_derivatives(lambda x: mg.sum(mg.sinc(x)), zero)), -(np.pi**2) / 3)
    for n, expected in [(0, 0), (1, 0), (2, 2), (3, 0)]:
        same(np.diagonal(second_derivatives(lambda x, n=n: mg.sum(x**n), zero)), [expected, expected])
