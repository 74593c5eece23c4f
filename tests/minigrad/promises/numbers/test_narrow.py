"""The range of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.minigrad.promises import same, slopes

N = 70000
ONES = np.ones(N, np.float16)


def near(found: Any, expected: Any) -> None:
    """Equal to the digits of float16."""
    np.testing.assert_allclose(np.asarray(found, float), expected, rtol=2e-3)


def test_polar() -> None:
    """the slopes of `arctan2`, `hypot`, `arctan`, `arcsinh` at tiny and huge numbers"""
    for size in (1e-200, 1e200):
        near(np.array(slopes(mg.arctan2, 3 * size, 4 * size)) * size, [4 / 25, -3 / 25])
        near(slopes(mg.hypot, 3 * size, 4 * size), [0.6, 0.8])
    near(slopes(mg.arctan2, np.float16(1e-4), np.float16(1e-4)), [5000, -5000])
    near(slopes(mg.arcsinh, np.float32(1e22)), 1e-22)
    np.testing.assert_allclose(float(slopes(mg.arctan, np.float16(300))), 1 / 90001, rtol=0.01)


def test_lengths() -> None:
    """`norm`, `vector_norm`, `std`, `lp_pool2d` of tiny and huge numbers"""
    for size in (1e-200, 1e200):
        x = np.array([3.0, 4.0]) * size
        near(mg.norm(x) / size, 5)
        near(slopes(mg.norm, x), [0.6, 0.8])
        near(mg.vector_norm(x, ord=3) / size, 91 ** (1 / 3))
        near(mg.std(x) / size, 0.5)
        near(slopes(mg.std, x), [-0.5, 0.5])
        near(mg.lp_pool2d(x.reshape(1, 1, 1, 2), 2, (1, 2)) / size, [[[[5]]]])
    near(mg.norm(np.array([300, 400], np.float16)), 500)


def test_counts() -> None:
    """means, variances, `max` with ties, `mse_loss` and average pooling of more than 65504 elements of float16"""
    for f in (mg.mean, mg.nanmean, mg.average, mg.max, lambda x: mg.mse_loss(x, 0 * ONES) / 2):
        np.testing.assert_allclose(slopes(f, ONES)[0], 1 / N, rtol=0.01)
    for f in (mg.var, mg.std):
        np.testing.assert_allclose(slopes(f, (np.arange(N) % 2).astype(np.float16))[1], 1 / N, rtol=0.01)
    same(mg.global_avg_pool(ONES.reshape(1, 1, 280, 250)), [[1]])


def test_softmax() -> None:
    """`softmax`, `log_softmax`, `logsumexp` of more than 65504 elements of float16"""
    near(mg.logsumexp(ONES), 1 + np.log(N))
    near(mg.log_softmax(ONES)[0], -np.log(N))
    np.testing.assert_allclose(slopes(mg.logsumexp, ONES)[0], 1 / N, rtol=0.01)


def test_products() -> None:
    """`prod`, `cumprod`, `det` that leave the range"""
    same(slopes(mg.prod, [1e-200, 2e-200]), [2e-200, 1e-200])
    same(slopes(lambda x: mg.cumprod(x)[1], [1e200, 2e200]), [2e200, 1e200])
    np.testing.assert_allclose(slopes(mg.det, np.diag([1e200, 2e200])), np.diag([2e200, 1e200]), rtol=1e-14)


def test_gelu() -> None:
    """`gelu` of huge numbers"""
    for x in (np.float16(6e4), np.float32(1e30), np.float64(1e300)):
        same(mg.gelu(x, approximate="tanh"), x)
        same(slopes(lambda x: mg.gelu(x, approximate="tanh"), np.array([x, -x])), [1, 0])


def test_decompositions() -> None:
    """`svd`, `pinv` of tiny and huge matrices"""
    a, da = np.array([[2.0, 1.0], [0.0, 1.0]]), np.array([[1.0, -1.0], [0.5, 2.0]])
    for size in (1e-200, 1e200):
        for f in (lambda a: mg.svd(a).U[0, 0] ** 2, lambda a: mg.svd(a).Vh[0, 0] ** 2):
            near(np.sum(slopes(f, a * size) * (da * size)), np.sum(slopes(f, a) * da))
    for size in (1e-100, 1e100):
        near(slopes(mg.pinv, a[:, :1] * size) * size**2, slopes(mg.pinv, a[:, :1]))
