"""Softmax, its logarithm, and logsumexp: large exponents, and probabilities of 0."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.gradient import gradient


def test_softmax_sums_to_one_and_shifts_cancel() -> None:
    x = np.random.default_rng(0).normal(size=(3, 5))
    np.testing.assert_allclose(mg.softmax(x).sum(axis=-1), 1)
    np.testing.assert_allclose(mg.softmax(x + 1000), mg.softmax(x), rtol=1e-12)
    np.testing.assert_allclose(mg.log_softmax(x), np.log(mg.softmax(x)), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_exponents_neither_overflow_nor_warn(dtype: type) -> None:
    value = np.array([[1000.0, -1000.0, 1000.0], [-1000.0, -1000.0, -1000.0]], dtype=dtype)
    shares = [[0.5, 0, 0.5], [1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(mg.softmax(value), shares, rtol=1e-6)
    np.testing.assert_allclose(mg.logsumexp(value, axis=1), [1000 + np.log(2), -1000 + np.log(3)], rtol=1e-6)
    np.testing.assert_allclose(gradient(lambda x: mg.logsumexp(x, axis=1), value), shares, rtol=1e-6)
    np.testing.assert_allclose(gradient(mg.softmax, value), 0, atol=1e-6)
    assert np.isfinite(gradient(mg.log_softmax, value)).all()


def test_logits_of_minus_infinity() -> None:
    """A logit of −inf is a probability of 0 and adds nothing; log 0 is −inf, without a warning."""
    value = np.array([-np.inf, 0.0])
    np.testing.assert_array_equal(mg.softmax(value), [0, 1])
    np.testing.assert_array_equal(gradient(mg.logsumexp, value), [0, 1])
    assert mg.logsumexp(np.full(2, -np.inf)) == -np.inf


def test_softmax_of_a_row_of_minus_infinities_is_nan() -> None:
    value = np.array([[-np.inf, -np.inf], [0.0, -np.inf]])
    for f, second in [(mg.softmax, [1, 0]), (mg.log_softmax, [0, -np.inf])]:
        with pytest.warns(RuntimeWarning, match="invalid value"):
            y = f(value)
        np.testing.assert_array_equal(y, [[np.nan, np.nan], second])
