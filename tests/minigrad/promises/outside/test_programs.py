"""Programs that ``mg.compile`` writes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import minigrad as mg


def loss(w: Any, x: Any, t: Any) -> Any:
    y = mg.log(mg.relu(w * x)) / t
    return mg.sum(mg.where(y > 0.0, y, 0.5 * y))


def both(*args: Any) -> tuple[Any, Any]:
    gradient = mg.value_and_grad(loss)
    step = mg.compile(gradient)
    step(*[np.ones_like(x) for x in args])
    return step(*args), gradient(*args)


def test_numbers() -> None:
    """the numbers of a compiled function"""
    args = np.linspace(-1.0, 2.0, 7), np.full(7, 0.3), np.arange(1.0, 8.0)
    with np.errstate(all="ignore"):
        (value, w_bar), (expected, w_expected) = both(*args)
        single, w_single = both(*map(np.float32, args))[0]
    np.testing.assert_array_equal(value, expected)
    np.testing.assert_array_equal(w_bar, w_expected)
    assert single.dtype == w_single.dtype == np.float32


def test_infinities_and_warnings() -> None:
    """infinity, NaN, and NumPy's warnings, in a compiled function"""
    args = np.array([-1.0, np.inf, np.nan]), np.ones(3), np.zeros(3)
    for i in range(2):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            value, w_bar = both(*args)[i]
        assert np.isnan(value)
        messages = " ".join(str(w.message) for w in caught)
        assert "divide by zero" in messages
        assert "invalid value" in messages
        assert np.isnan(w_bar[2])


def test_nothing_that_depends_on_an_argument_is_a_constant() -> None:
    """what a compiled function computes from its arguments"""
    count = mg.compile(lambda x, labels: (np.argmax(x, axis=1) == labels).mean())
    x, labels = np.eye(3), np.array([0, 1, 1])
    assert count(x, labels) == 2 / 3
    assert count(x[::-1].copy(), labels) == 1 / 3
    with pytest.raises(RuntimeError, match="a branch on a value"):
        mg.compile(lambda x: x if x > 0 else -x)(np.float64(1.0))


def test_own_results() -> None:
    """the arrays that a compiled function returns"""
    step = mg.compile(lambda x: (x, x + 1.0))
    x = np.zeros(2)
    first = step(x)
    second = step(x)
    for a in first:
        a[...] = 7.0
    np.testing.assert_array_equal(x, 0.0)
    np.testing.assert_array_equal(second, [[0.0, 0.0], [1.0, 1.0]])
