"""Kinks and ties."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.minigrad.promises import same, slopes


def test_relu() -> None:
    """`relu` at 0"""
    same(slopes(mg.relu, [-1.0, 0.0, -0.0, 1.0]), [0, 0, 0, 1])


def test_bounded_activations() -> None:
    """`relu6`, `hard_tanh`, `hard_sigmoid` at both ends"""
    same(slopes(mg.relu6, [0.0, 1.0, 6.0]), [0, 1, 0])
    same(slopes(mg.hard_tanh, [-1.0, 0.0, 1.0]), [0, 1, 0])
    same(slopes(lambda x: 6 * mg.hard_sigmoid(x), [-3.0, 0.0, 3.0]), [0, 1, 0])


def test_left_sides() -> None:
    """`leaky_relu`, `prelu`, `elu` at 0"""
    same(slopes(lambda x: mg.leaky_relu(x, 0.25), [0.0, -0.0]), [0.25, 0.25])
    same(slopes(lambda x: mg.prelu(x, [0.25]), [0.0, -0.0]), [0.25, 0.25])
    same(slopes(lambda x: mg.elu(x, 0.5), [0.0, -0.0]), [0.5, 0.5])


def test_abs() -> None:
    """`abs` and `sign` at 0"""
    same(slopes(mg.abs, [-1.0, 0.0, 1.0]), [-1, 0, 1])
    same(slopes(mg.sign, [-1.0, 0.0, 1.0]), [0, 0, 0])


def test_max() -> None:
    """`max` and `min` with ties"""
    same(slopes(mg.max, [1.0, 4.0, 4.0]), [0, 0.5, 0.5])
    same(slopes(mg.min, [3.0, 3.0, 3.0, 9.0], signal=3.0), [1, 1, 1, 0])
    same(slopes(lambda x: mg.max(x, axis=1), [[2.0, 2.0], [1.0, 0.0]]), [[0.5, 0.5], [1, 0]])


def test_maximum() -> None:
    """`maximum`, `minimum`, `fmax`, `fmin` with a tie"""
    for f in (mg.maximum, mg.minimum, mg.fmax, mg.fmin):
        same(slopes(f, 2.0, 2.0), [0.5, 0.5])
        same(slopes(f, np.inf, np.inf), [0.5, 0.5])


def test_clip() -> None:
    """`clip` at a bound"""
    same(slopes(lambda x: mg.clip(x, 0, 1), [-1.0, 0.0, 0.5, 1.0, 2.0]), [0, 1, 1, 1, 0])
    same(slopes(mg.clip, 1.0, 1.0, 1.0), [1, 0, 0])


def test_max_pooling() -> None:
    """`max_pool2d`, `adaptive_max_pool2d`, `global_max_pool` with ties"""
    for f in (lambda x: mg.max_pool2d(x, 2), lambda x: mg.adaptive_max_pool2d(x, 1), mg.global_max_pool):
        same(slopes(f, [[[[1.0, 4.0], [4.0, 4.0]]]]), [[[[0, 1], [0, 0]]]])
    of_two_lengths = slopes(lambda x: mg.adaptive_max_pool1d(x, 3), [[[0.0, 2.0, 2.0, 2.0, 2.0]]])
    same(of_two_lengths, [[[0, 2, 0, 1, 0]]])


def test_max_unpooling() -> None:
    """`max_unpool2d` with several values for one pixel"""
    x, indices = [[[[1.0, 2.0], [3.0, 4.0]]]], [[[[5, 5], [0, 5]]]]
    same(mg.max_unpool2d(x, indices, 2)[0, 0, :2], [[3, 0, 0, 0], [0, 4, 0, 0]])
    same(slopes(lambda x: mg.max_unpool2d(x, indices, 2), x), [[[[0, 0], [1, 1]]]])


def test_sort() -> None:
    """`sort` with ties"""
    same(slopes(mg.sort, [2.0, 1.0, 2.0], signal=[1.0, 10.0, 100.0]), [10, 1, 100])


def test_median() -> None:
    """`median` of an even count, `quantile` between two elements"""
    same(slopes(mg.median, [4.0, 1.0, 2.0, 3.0]), [0, 0, 0.5, 0.5])
    same(slopes(lambda x: mg.quantile(x, 0.125), [1.0, 2.0, 3.0]), [0.75, 0.25, 0])


def test_quantiles_that_choose() -> None:
    """`quantile` with a `method` that chooses an element"""
    for method, expected in [("lower", [1, 0, 0]), ("higher", [0, 1, 0]), ("nearest", [1, 0, 0])]:
        same(slopes(lambda x: mg.quantile(x, 0.2, method=method), [1.0, 2.0, 3.0]), expected)  # noqa: B023


def test_initial_values() -> None:
    """`max(initial=m)`, `min(initial=m)` with a tie"""
    same(slopes(lambda x: mg.max(x, initial=3.0), [3.0, 1.0, 3.0]), [0.25, 0, 0.25])
    same(slopes(lambda x: mg.min(x, initial=1.0), [3.0, 1.0, 3.0]), [0, 0.5, 0])


def test_interp() -> None:
    """`interp` at a knot"""
    same(slopes(lambda x: mg.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 5.0]), [0.0, 1.0, 2.0]), [1, 4, 0])


def test_steps() -> None:
    """`floor_divide`, `round`"""
    same(slopes(mg.floor_divide, [4.0, 5.0], [2.0, 2.0]), [[0, 0], [0, 0]])
    assert not isinstance(np.round(mg.Tensor(0.5, requires_grad=True)), mg.Tensor)  # a constant
