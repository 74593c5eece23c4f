"""Empty arrays."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
from tests.minigrad.promises import inf, nan, same, slopes

nothing = np.zeros((0, 3))


def test_sum() -> None:
    """`sum`, `nansum`, `norm`"""
    for f in (mg.sum, mg.nansum, mg.norm):
        same(f(nothing), 0)
    for f in (mg.sum, mg.nansum, mg.vector_norm):
        same(f(nothing, axis=0), [0, 0, 0])


def test_prod() -> None:
    """`prod`"""
    same(mg.prod(nothing), 1)


def test_logsumexp() -> None:
    """`logsumexp`"""
    same(mg.logsumexp(nothing), -inf)
    same(mg.logsumexp(nothing, axis=0), [-inf, -inf, -inf])


def test_mean() -> None:
    """`mean`, `var`, `std`, `median`, `average`"""
    for f in (mg.mean, mg.var, mg.std, mg.median, mg.average):
        with pytest.warns(RuntimeWarning):
            same(f(nothing), nan)


def test_max() -> None:
    """`max`, `min`, `ptp`, `nanmax`"""
    for f in (mg.max, mg.min, mg.ptp, mg.nanmax):
        with pytest.raises(ValueError, match=r"an array of shape \(0, 3\) has no (larg|small)est element"):
            f(nothing)


def test_max_of_no_rows() -> None:
    """`max` over axes that are not empty"""
    assert mg.max(nothing, axis=1).shape == (0,)


def test_elementwise() -> None:
    """`cumsum`, `sort`, `softmax`, and every elementwise function"""
    for f in (lambda x: mg.cumsum(x, 0), mg.sort, mg.softmax, mg.exp, lambda x: x * x):
        assert f(nothing).shape == (0, 3)
        assert f(mg.Tensor(nothing)).shape == (0, 3)


def test_matmul() -> None:
    """a matrix product over an axis of length 0"""
    same(mg.matmul(np.zeros((2, 0)), np.zeros((0, 3))), np.zeros((2, 3)))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_error_signals() -> None:
    """the error signal of an empty array"""
    for f in (mg.sum, mg.prod, mg.logsumexp, mg.mean, mg.std, mg.norm, mg.exp, mg.softmax, lambda x: mg.max(x, axis=1)):
        assert slopes(f, nothing).shape == (0, 3)
