"""Normalizations on drawn arguments, compared with PyTorch: values, gradients and second derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from tests.helpers.pytorch import torch

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("normalized_both_ways")]


def agree(ours: Any, theirs: Any, *arrays: Any) -> None:
    """The same value, gradients of a random function of it, and gradients of their sum of squares."""
    xs = [mg.Tensor(a, requires_grad=True) for a in arrays]
    ts = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, expected = ours(*xs), theirs(*ts)
    np.testing.assert_allclose(y.data, expected.detach().numpy(), rtol=1e-9, atol=1e-11)
    weights = np.random.default_rng(1).normal(size=y.shape)
    mg.sum(weights * y).backward(create_graph=True)
    grads = torch.autograd.grad((torch.tensor(weights) * expected).sum(), ts, create_graph=True)
    for x, grad in zip(xs, grads, strict=True):
        np.testing.assert_allclose(x.grad.data, grad.detach().numpy(), rtol=1e-8, atol=1e-9)
    second = mg.grad(lambda *args: sum(mg.sum(g**2) for g in _grads(ours, weights, args)), range(len(arrays)))(*arrays)
    of_second = torch.autograd.grad(sum((g**2).sum() for g in grads), ts, allow_unused=True, materialize_grads=True)
    for found, wanted in zip(second, of_second, strict=True):
        np.testing.assert_allclose(found, wanted.numpy(), rtol=1e-7, atol=1e-7)


def _grads(f: Any, weights: Any, args: Any) -> Any:
    return mg.grad(lambda *inner: mg.sum(weights * f(*inner)), range(len(args)))(*args)


@st.composite
def batches(draw: Any) -> tuple[Any, ...]:
    """Images of one to four axes in all, with γ and β for their channels."""
    size = draw(st.lists(st.integers(1, 4), max_size=3))
    n, c = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shift = draw(st.sampled_from([0.0, 100.0]))
    return rng.normal(size=(n, c, *size)) + shift, rng.normal(size=c), rng.normal(size=c)


@given(batches(), st.floats(1e-3, 1))
@settings(max_examples=25, deadline=None)
def test_batch_norm_in_training(arrays: Any, eps: float) -> None:
    agree(
        lambda x, w, b: mg.batch_norm(x, weight=w, bias=b, training=True, eps=eps),
        lambda x, w, b: torch.nn.functional.batch_norm(x, None, None, w, b, training=True, eps=eps),
        *arrays,
    )


@given(batches(), st.floats(1e-3, 1))
@settings(max_examples=10, deadline=None)
def test_batch_norm_in_evaluation(arrays: Any, eps: float) -> None:
    mean, var = arrays[1] * 2, arrays[2] ** 2 + 0.1
    agree(
        lambda x, w, b: mg.batch_norm(x, mean, var, w, b, eps=eps),
        lambda x, w, b: torch.nn.functional.batch_norm(x, torch.tensor(mean), torch.tensor(var), w, b, eps=eps),
        *arrays,
    )


@given(batches(), st.floats(1e-3, 1), st.data())
@settings(max_examples=20, deadline=None)
def test_the_others(arrays: Any, eps: float, data: Any) -> None:
    x, weight, bias = arrays
    f, c = torch.nn.functional, x.shape[1]
    divisors = [g for g in range(1, c + 1) if c % g == 0 and x[0].size > g]
    if divisors:
        g = data.draw(st.sampled_from(divisors))
        agree(lambda x, w, b: mg.group_norm(x, g, w, b, eps), lambda x, w, b: f.group_norm(x, g, w, b, eps), *arrays)
    if x[0, 0].size > 1:
        agree(
            lambda x, w, b: mg.instance_norm(x, None, None, w, b, eps=eps),
            lambda x, w, b: f.instance_norm(x, None, None, w, b, eps=eps),
            *arrays,
        )
    rows = np.moveaxis(x, 1, -1)
    agree(
        lambda x, w, b: mg.layer_norm(x, c, w, b, eps),
        lambda x, w, b: f.layer_norm(x, (c,), w, b, eps),
        rows,
        weight,
        bias,
    )
    agree(lambda x, w: mg.rms_norm(x, c, w, eps), lambda x, w: f.rms_norm(x, (c,), w, eps), rows, weight)
    if x.ndim > 2:
        n = data.draw(st.integers(1, 6))
        agree(lambda x: mg.local_response_norm(x, n, eps), lambda x: f.local_response_norm(x, n, eps), x)
