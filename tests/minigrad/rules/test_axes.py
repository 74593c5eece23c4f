"""What all reductions have in common: axes, keepdims, single numbers, empty arrays, and NumPy's names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradient


@pytest.mark.parametrize("axis", [2, -3, (0, 2)])
@pytest.mark.parametrize("f", [mg.sum, mg.mean, mg.max, mg.min, mg.logsumexp, mg.softmax, mg.log_softmax])
def test_axes_that_do_not_exist(f: Any, axis: Any) -> None:
    with pytest.raises(np.exceptions.AxisError):
        f(Tensor(np.ones((2, 3))), axis=axis)


_ONE_NUMBER = [mg.sum, mg.mean, mg.prod, mg.max, mg.min, mg.var, mg.std, mg.ptp, mg.norm, mg.vector_norm, mg.median]
_ONE_NUMBER += [mg.average, mg.nansum, mg.nanmean, mg.nanmax, mg.nanmin, mg.logsumexp, mg.softmax, mg.log_softmax]


@pytest.mark.parametrize("f", _ONE_NUMBER)
def test_a_single_number_can_be_reduced_over_axis_0(f: Any) -> None:
    """As in np.sum of a number, for second derivatives too."""
    for axis in (0, -1, (0,), None):
        x = Tensor(3.0, requires_grad=True)
        y = f(x, axis=axis)
        assert y.shape == ()
        y.backward(create_graph=True)
        assert x.grad.shape == ()
    with pytest.raises(np.exceptions.AxisError, match="single number"):
        f(Tensor(3.0), axis=1)


def test_cumulative_operations_make_a_row_of_a_single_number() -> None:
    x = Tensor(3.0, requires_grad=True)
    for f in (mg.cumsum, mg.cumprod, lambda x: mg.cumsum(x, axis=0), mg.sort):
        assert f(x).shape == (1,)
        x.zero_grad()
        f(x).backward()
        assert x.grad == 1


def test_methods_are_the_functions() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 5.0]])
    for name in ("sum", "mean", "max", "min", "prod", "var", "std"):
        for params in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}):
            np.testing.assert_array_equal(getattr(x, name)(**params).data, getattr(x.data, name)(**params))
    assert x.argmax() == 3
    np.testing.assert_array_equal(x.argmax(axis=1), [1, 1])


def test_numpys_functions_reach_the_reductions() -> None:
    x = Tensor([[1.0, 5.0], [2.0, 0.0]])
    for name in ("amax", "amin", "ptp", "std", "var", "prod", "median", "average", "nanmax", "cumsum"):
        found, expected = getattr(np, name)(x, axis=0), getattr(np, name)(x.data, axis=0)
        np.testing.assert_array_equal(found.data, expected)
    np.testing.assert_array_equal(np.std(x, axis=0, ddof=1, keepdims=True).data, np.std(x.data, 0, ddof=1, keepdims=1))


def test_error_signals_of_empty_arrays() -> None:
    nothing = np.ones((0, 3))
    for f in (mg.sum, lambda x: mg.mean(x, axis=1), lambda x: mg.max(x, axis=1), mg.softmax):
        assert gradient(f, nothing).shape == (0, 3)


def test_reductions_of_an_empty_array() -> None:
    x = Tensor(np.ones((0, 3)), requires_grad=True)
    for f, value in [(mg.sum, 0), (mg.prod, 1), (mg.logsumexp, -np.inf), (mg.norm, 0), (mg.nansum, 0)]:
        y = f(x)
        assert y == value
        x.zero_grad()
        y.backward()
        assert x.grad.shape == (0, 3)
    with pytest.warns(RuntimeWarning):
        y = mg.mean(x)
    x.zero_grad()
    y.backward()
    assert np.isnan(y.data)
    assert x.grad.shape == (0, 3)
    for f in (mg.softmax, mg.log_softmax):
        assert f(Tensor(np.ones((3, 0)))).shape == (3, 0)
