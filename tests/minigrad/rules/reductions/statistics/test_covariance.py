"""Covariances and correlations: NumPy's values, weights, and rows without degrees of freedom."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor


def test_covariances_are_numpys() -> None:
    rng = np.random.default_rng(0)
    x, w, n = rng.normal(size=(3, 5)), rng.uniform(1, 2, 5), np.array([1, 2, 1, 3, 1])
    for z in (x, x + 1j * x[::-1]):
        for params in (
            *({}, {"ddof": 0}, {"bias": True}, {"rowvar": False}, {"y": x[0]}, {"y": 2 * x, "aweights": w}),
            *({"aweights": w}, {"fweights": n}, {"aweights": w, "fweights": n, "ddof": 2}, {"aweights": w, "ddof": 0}),
        ):
            np.testing.assert_allclose(np.cov(Tensor(z), **params).data, np.cov(z, **params), rtol=1e-12, atol=1e-14)
        for params in ({}, {"rowvar": False}, {"y": x[1]}):
            found = np.corrcoef(Tensor(z), **params).data
            np.testing.assert_allclose(found, np.corrcoef(z, **params), rtol=1e-12, atol=1e-14)
    assert mg.cov(x[0]).shape == ()
    np.testing.assert_allclose(mg.cov(x[0]), mg.var(x[0], ddof=1), rtol=1e-14)
    assert mg.corrcoef(x[0]) == 1.0
    assert np.cov(Tensor(x, dtype=np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("m", "y"),
    [
        ((5,), None),
        ((5,), (5,)),
        ((5, 2), (5, 2)),
        ((5, 2), (5, 1)),
        ((5, 2), (1, 5)),
        ((5, 2), (5,)),
        ((2, 3), (2, 2)),
    ],
    ids=str,
)
def test_variables_in_columns_are_numpys(m: Any, y: Any) -> None:
    rng = np.random.default_rng(0)
    given = [rng.normal(size=shape) for shape in (m, y) if shape]
    found = mg.cov(*map(Tensor, given), rowvar=False)
    np.testing.assert_allclose(found.data, np.cov(*given, rowvar=False), rtol=1e-12)


@pytest.mark.parametrize("rowvar", [True, False])
def test_the_covariance_of_one_number_is_not_defined(rowvar: bool) -> None:
    with (
        pytest.warns(RuntimeWarning, match="cov: 1 observations leave no degrees of freedom"),
        np.errstate(all="ignore"),
    ):
        assert np.isnan(mg.cov(3.0, rowvar=rowvar))


@pytest.mark.parametrize(("n", "ddof"), [(2, 1), (3, 2), (1, 0)])
def test_one_degree_of_freedom_is_enough(n: int, ddof: int) -> None:
    x = np.random.default_rng(0).normal(size=(2, n))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(mg.cov(x, ddof=ddof), np.cov(x, ddof=ddof), rtol=1e-12)


def test_perfect_correlation_is_1_and_has_no_slope() -> None:
    x = Tensor([[1.0, 2.0, 4.0], [3.0, 5.0, 9.0]], requires_grad=True)
    c = mg.corrcoef(x)
    assert np.abs(c.data).max() <= 1
    c.sum().backward()
    np.testing.assert_allclose(x.grad, 0, atol=1e-14)


def test_rounding_takes_no_correlation_beyond_1() -> None:
    for i, j in itertools.product(range(1, 10), repeat=2):  # unclipped, several exceed 1 by a rounding
        row = np.array([0.0, i, j]) / 10
        for x in (np.array([row, -2 * row]), np.array([row, -row, 1j * row])):
            c = mg.corrcoef(x)
            assert max(np.abs(c.real).max(), np.abs(c.imag).max()) <= 1
            assert np.abs(c).min() > 1 - 1e-9


def test_errors_of_covariances() -> None:
    x = np.ones((2, 3))
    for call, error, words in [
        (lambda: mg.cov(np.ones((1, 2, 3))), ValueError, r"^cov: got shape \(1, 2, 3\)"),
        (lambda: mg.cov(x, aweights=[1.0, 2.0]), ValueError, r"^cov: aweights have shape \(2,\), expected 3 numbers"),
        (lambda: mg.cov(x, fweights=[1, -2, 1]), ValueError, "^cov: fweights have shape .*not negative"),
        (lambda: mg.cov(x, aweights=[1, -0.5, 1]), ValueError, "^cov: aweights have shape .*not negative"),
        (lambda: mg.cov(x, fweights=[1, 0.5, 1]), TypeError, "^cov: fweights are whole numbers"),
        (lambda: mg.cov(x, aweights=[1j, 0.5, 1]), TypeError, "^cov: takes real numbers only"),
        (lambda: mg.cov(x, ddof=0.5), TypeError, "integer"),
        (lambda: mg.cov(x, aweights=[0.0, 0.0, 0.0]), ZeroDivisionError, "average: the weights sum to 0"),
    ]:
        with pytest.raises(error, match=words):
            call()
    with (
        pytest.warns(RuntimeWarning, match="cov: 3 observations leave no degrees of freedom for ddof=3"),
        np.errstate(all="ignore"),
    ):
        assert not np.isfinite(mg.cov(x, ddof=3)).any()
