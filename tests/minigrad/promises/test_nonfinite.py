"""NaN and infinity."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import minigrad as mg
from tests.minigrad.promises import inf, nan, same, slopes


def test_where() -> None:
    """`where`, the branch not taken"""
    taken = np.array([True, False])
    same(slopes(lambda a, b: mg.where(taken, a, b), [1.0, nan], [nan, 2.0]), [[1, 0], [0, 1]])
    same(slopes(lambda a, b: mg.where(taken, a, b), [1.0, 2.0], [3.0, 4.0], signal=[inf, inf]), [[inf, 0], [0, inf]])


def test_what_the_branch_not_taken_was_computed_from() -> None:
    """what the branch not taken was computed from"""
    same(slopes(lambda x: mg.where(x > 0, mg.log(x), 0), [0.0, 2.0]), [nan, 0.5])
    same(slopes(lambda x: mg.where(x > 0, mg.log(mg.where(x > 0, x, 1)), 0), [0.0, 2.0]), [0, 0.5])
    same(slopes(lambda x: mg.where(x > 0, mg.exp(x), 0), [-1.0, 0.0]), [0, 0])  # no slope is infinite here


def test_elements_that_are_left_out() -> None:
    """elements that a reduction leaves out by `where`"""
    for f in (mg.sum, mg.mean, mg.prod, mg.var, mg.std):
        for left_out in (nan, np.inf):
            same(slopes(lambda x: f(x, where=[True, False, True]), [1.0, left_out, 3.0])[1], 0)  # noqa: B023


def test_nan_is_ignored() -> None:
    """`nansum`, `nanprod`, `nancumsum`, `nancumprod`, `nanmean`, `nanmax`, `nanmin`"""
    for f, expected in [
        (mg.nansum, [1, 0, 1]),
        (mg.nanprod, [3, 0, 1]),
        (lambda x: mg.sum(mg.nancumsum(x)), [3, 0, 1]),
        (lambda x: mg.sum(mg.nancumprod(x)), [5, 0, 1]),
        (mg.nanmean, [0.5, 0, 0.5]),
        (mg.nanmax, [0, 0, 1]),
        (mg.nanmin, [1, 0, 0]),
    ]:
        same(slopes(f, [1.0, nan, 3.0]), expected)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            same(slopes(f, [nan, nan]), [0, 0])


def test_nan_wins() -> None:
    """`max`, `min`, `max_pool2d` over NaN"""
    for f in (mg.max, mg.min):
        same(f([1.0, nan, 3.0]), nan)
        same(slopes(f, [1.0, nan, 3.0]), [0, 1, 0])
        same(slopes(f, [nan, nan, 3.0]), [0.5, 0.5, 0])
    for image in ([[1.0, nan], [2.0, 3.0]], [[1.0, nan], [nan, 3.0]]):
        same(mg.max_pool2d(np.array([[image]]), 2), [[[[nan]]]])
        same(slopes(lambda x: mg.max_pool2d(x, 2), [[image]]), [[[[0, 1], [0, 0]]]])


def test_nan_wins_of_two() -> None:
    """`maximum`, `minimum` with NaN"""
    for f in (mg.maximum, mg.minimum):
        same(f(nan, 1.0), nan)
        same(slopes(f, [nan, 1.0, nan, 1.0], [1.0, nan, nan, 2.0])[0][:3], [1, 0, 0.5])
        same(slopes(f, [nan, 1.0, nan], [1.0, nan, nan])[1], [0, 1, 0.5])


def test_nan_loses_of_two() -> None:
    """`fmax`, `fmin` with NaN"""
    for f in (mg.fmax, mg.fmin):
        same(f(nan, 1.0), 1.0)
        same(slopes(f, [nan, 1.0, nan], [1.0, nan, nan]), [[0, 1, 0], [1, 0, 0]])


def test_order_of_nan() -> None:
    """`sort`, `median` with NaN"""
    same(mg.sort([nan, 1.0, 0.0]), [0, 1, nan])
    same(slopes(mg.sort, [nan, 1.0, 0.0], signal=[1.0, 10.0, 100.0]), [100, 10, 1])
    same(mg.median([nan, 1.0, 0.0]), nan)
    same(slopes(mg.median, [nan, 1.0, 0.0]), [1, 0, 0])


def test_relu() -> None:
    """`relu` of NaN"""
    same(mg.relu(np.array([nan])), [nan])
    same(slopes(mg.relu, [nan]), [0])
    same(slopes(mg.relu, nan), 0)


def test_clip() -> None:
    """`clip` of NaN"""
    same(mg.clip([nan], 0, 1), [nan])
    same(slopes(lambda x: mg.clip(x, 0, 1), [nan]), [1])


def test_softmax_of_nothing() -> None:
    """`softmax` of nothing but −∞"""
    with pytest.warns(RuntimeWarning, match="invalid value"):
        same(mg.softmax([-inf, -inf]), [nan, nan])


def test_softmax() -> None:
    """`softmax` with some −∞"""
    same(mg.softmax([-inf, 0.0, 0.0]), [0, 0.5, 0.5])
    same(slopes(mg.softmax, [-inf, 0.0, 0.0], signal=[1.0, 2.0, 3.0]), [0, -0.25, 0.25])
    same(slopes(mg.log_softmax, [-inf, 0.0, 0.0], signal=[0.0, 2.0, 3.0]), [0, -0.5, 0.5])


def test_logsumexp_of_nothing() -> None:
    """`logsumexp` of nothing but −∞"""
    same(mg.logsumexp([-inf, -inf]), -inf)
    same(slopes(mg.logsumexp, [-inf, -inf]), [0.5, 0.5])
    same(slopes(lambda x: mg.logsumexp(x, axis=1), [[-inf, -inf], [-inf, 0.0]]), [[0.5, 0.5], [0, 1]])


def test_infinities_that_tie() -> None:
    """`logsumexp` and `logaddexp` with infinities that tie"""
    same(slopes(mg.logsumexp, [inf, 0.0, inf]), [0.5, 0, 0.5])
    same(slopes(mg.logaddexp, inf, inf), [0.5, 0.5])
    same(slopes(mg.logaddexp, -inf, -inf), [0.5, 0.5])


def test_infinite_signals_and_choices() -> None:
    """an error signal of ∞ where elements are chosen"""
    same(slopes(lambda x: x[[0]], [1.0, 2.0], signal=[inf]), [inf, 0])
    same(slopes(lambda x: mg.where([True, False], x, 0), [1.0, 2.0], signal=[inf, inf]), [inf, 0])
    same(slopes(lambda x: mg.clip(x, 0, 1), [0.5, 2.0], signal=[inf, inf]), [inf, 0])
    same(slopes(mg.max, [1.0, 2.0], signal=inf), [0, inf])
    same(slopes(mg.maximum, 1.0, 2.0, signal=inf), [0, inf])
    same(slopes(mg.triu, [[1.0, 2.0], [3.0, 4.0]], signal=np.full((2, 2), inf)), [[inf, inf], [0, inf]])
    same(slopes(mg.sign, 1.0, signal=inf), 0)  # and where none is


def test_infinite_signals_and_slopes() -> None:
    """an error signal of ∞ at `relu` or `max_pool2d`"""
    same(slopes(mg.relu, [-1.0, 1.0], signal=[inf, inf]), [nan, inf])
    same(slopes(lambda x: mg.maximum(x, 0), [-1.0, 1.0], signal=[inf, inf]), [0, inf])
    same(
        slopes(lambda x: mg.max_pool2d(x, 2), [[[[1.0, 4.0], [3.0, 2.0]]]], signal=[[[[inf]]]]),
        [[[[nan, inf], [nan, nan]]]],
    )


def test_large_arguments() -> None:
    """large arguments of `sigmoid`, `softplus`, `tanh`, `logsumexp`"""
    x = np.array([-1000.0, 1000.0])
    with np.errstate(all="raise", under="ignore"):
        same(mg.sigmoid(x), [0, 1])
        same(mg.softplus(x), [0, 1000])
        same(mg.tanh(x), [-1, 1])
        same(mg.logsumexp(x), 1000)
        for f, expected in [(mg.sigmoid, [0, 0]), (mg.softplus, [0, 1]), (mg.tanh, [0, 0]), (mg.logsumexp, [0, 1])]:
            same(mg.vjp(f, x)[1](np.ones(np.shape(f(x))))[0], expected)
