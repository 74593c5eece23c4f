"""Digits: how close values and derivatives are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.parametrized.for_each import for_each
from tests.samples import SAMPLES, Sample

SOME = for_each("sample", [rows[len(rows) // 2] for rows in SAMPLES.values()])


def network(x: Any, W: Any) -> Any:
    h = mg.tanh(x @ W)
    return mg.logsumexp(h, axis=1) * mg.std(h, axis=1) + mg.sqrt(mg.sum(mg.exp(h) / (1 + x**2)))


X, W = np.random.default_rng(0).normal(size=(2, 3, 3))


@SOME
def test_values(sample: Sample) -> None:
    """values in double precision"""
    found = sample.f(*sample.arrays)
    np.testing.assert_allclose(found, sample.reference(*sample.arrays), rtol=1e-12, atol=1e-13)


@SOME
def test_first_derivatives(sample: Sample) -> None:
    """first derivatives"""
    mg.check_grads(sample.f, *sample.arrays, order=1, rtol=1e-6)


def test_second_derivatives() -> None:
    """second derivatives"""
    mg.check_grads(network, X, W, order=2, rtol=1e-6)


@SOME
def test_both_modes(sample: Sample) -> None:
    """forward and reverse mode"""
    rng = np.random.default_rng(1)
    v = [rng.normal(size=a.shape) for a in sample.arrays]
    y, pullback = mg.vjp(sample.f, *sample.arrays)
    y_bar = rng.normal(size=np.shape(y))
    _, y_dot = mg.jvp(sample.f, sample.arrays, v)
    back = sum(np.sum(x_bar * x_dot) for x_bar, x_dot in zip(pullback(y_bar), v, strict=True))
    np.testing.assert_allclose(np.sum(y_bar * y_dot), back, rtol=1e-9, atol=1e-9)


@SOME
def test_float32(sample: Sample) -> None:
    """float32"""
    found = {}
    for dtype in (np.float32, np.float64):
        arrays = [a.astype(np.float32).astype(dtype) for a in sample.arrays]
        y, pullback = mg.vjp(sample.f, *arrays)
        found[dtype] = pullback(np.cos(np.arange(np.size(y))).reshape(np.shape(y)))
    for single, double in zip(found[np.float32], found[np.float64], strict=True):
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-4 * np.max(np.abs(double), initial=1e-3))


@pytest.mark.oracle
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
def test_pytorch(dtype: str, tolerance: float) -> None:
    """PyTorch on the same numbers"""
    from tests.helpers.pytorch import torch

    x, w = X.astype(dtype), W.astype(dtype)
    y, pullback = mg.vjp(network, x, w)
    y_bar = np.ones_like(y)
    ts = [torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)]
    h = torch.tanh(ts[0] @ ts[1])
    u = torch.logsumexp(h, 1) * torch.std(h, 1, correction=0) + torch.sqrt(torch.sum(torch.exp(h) / (1 + ts[0] ** 2)))
    u.backward(torch.ones_like(u))
    np.testing.assert_allclose(y, u.detach().numpy(), rtol=tolerance)
    for found, t in zip(pullback(y_bar), ts, strict=True):
        np.testing.assert_allclose(found, t.grad.numpy(), rtol=tolerance, atol=tolerance)


@SOME
def test_determinism(sample: Sample) -> None:
    """the same call twice"""

    def run() -> list[bytes]:
        y, pullback = mg.vjp(sample.f, *sample.arrays)
        return [y.tobytes(), *(x_bar.tobytes() for x_bar in pullback(np.cos(y)))]

    assert run() == run()
