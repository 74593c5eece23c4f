"""Pooling against PyTorch: values, error signals and indices, over every combination of arguments that both have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.pytorch import torch
from tests.helpers.spatial.pool_windows import pooled_images, windows

pytestmark = pytest.mark.oracle
F = torch.nn.functional

TOLERANCES = {np.float64: 1e-10, np.float32: 1e-4}

dtypes = st.sampled_from(list(TOLERANCES))


def agree(ours: Callable[..., Any], theirs: Callable[..., Any], x: Any, dtype: Any) -> None:
    """The value, the indices if there are any, and the gradient for a random error signal."""
    x = x.astype(dtype)
    a, t = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y, u = ours(a), theirs(t)
    if isinstance(y, tuple):
        (y, indices), (u, expected) = y, u
        assert indices.dtype == np.int64
        np.testing.assert_array_equal(indices, expected.numpy())
    assert y.dtype == dtype
    tolerance = TOLERANCES[dtype]
    np.testing.assert_allclose(y.data, u.detach().numpy(), rtol=tolerance, atol=tolerance)
    y_bar = np.random.default_rng(1).normal(size=y.shape).astype(dtype)
    y.backward(y_bar)
    u.backward(torch.tensor(y_bar))
    assert a.grad.dtype == dtype
    np.testing.assert_allclose(a.grad, t.grad.numpy(), rtol=tolerance, atol=tolerance)


def drawn(data: Any, ties: bool = True, **kind: Any) -> tuple[Any, int, Any, Any, Any, Any]:
    """Images, their number of axes, and kernel, stride, padding and dilation."""
    params = data.draw(windows(as_pytorch=True, **kind))
    x = data.draw(pooled_images(params["size"], ties=ties))
    padding = tuple(before for before, _ in params["padding"])
    stride = data.draw(st.sampled_from([params["stride"], None]))
    return x, len(params["size"]), params["kernel"], stride, padding, params["dilation"]


@given(st.data(), dtypes, st.booleans(), st.booleans())
def test_max_pool(data: Any, dtype: Any, ceil_mode: bool, return_indices: bool) -> None:
    x, axes, *window = drawn(data)
    x = np.where(x == data.draw(st.sampled_from([-2, 9])), -np.inf, x)
    ours, theirs = (getattr(module, f"max_pool{axes}d") for module in (mg, F))
    params = {"ceil_mode": ceil_mode, "return_indices": return_indices}
    agree(lambda x: ours(x, *window, **params), lambda x: theirs(x, *window, **params), x, dtype)


@given(st.data())
def test_max_pool_of_nan(data: Any) -> None:
    """One for each channel: of several, the last wins in PyTorch, and the first here, as of any that tie."""
    x, axes, *window = drawn(data, ties=False)
    x[x == x.max(axis=tuple(range(2, x.ndim)), keepdims=True)] = np.nan
    x = -x
    ours, theirs = (getattr(module, f"max_pool{axes}d") for module in (mg, F))
    agree(lambda x: ours(x, *window), lambda x: theirs(x, *window), x, np.float64)


@given(st.data(), dtypes)
def test_max_unpool(data: Any, dtype: Any) -> None:
    x, axes, kernel, stride, padding, _ = drawn(data, dilated=False, ties=False)
    if stride is not None:  # without two winners of one place, of which PyTorch leaves undefined who stays
        stride = tuple(max(s, f) for s, f in zip(stride, kernel, strict=True))
    y, indices = getattr(mg, f"max_pool{axes}d")(x, kernel, stride, padding, return_indices=True)
    ours, theirs = (getattr(module, f"max_unpool{axes}d") for module in (mg, F))
    size = data.draw(st.sampled_from([x.shape[2:], x.shape]))
    agree(
        lambda y: ours(y, indices, kernel, stride, padding, size),
        lambda y: theirs(y, torch.tensor(indices), kernel, stride, padding, size),
        y,
        dtype,
    )


@given(st.data(), dtypes, st.booleans(), st.booleans())
def test_avg_pool(data: Any, dtype: Any, ceil_mode: bool, count_include_pad: bool) -> None:
    x, axes, kernel, stride, padding, _ = drawn(data, dilated=False)
    params = [kernel, stride, padding, ceil_mode, count_include_pad]
    if axes == 3:  # where PyTorch wants images that are not smaller than a window, padded or not
        x = np.pad(x, ((0, 0), (0, 0), *((0, max(f - n, 0)) for f, n in zip(kernel, x.shape[2:], strict=True))))
    if axes > 1:
        params.append(data.draw(st.sampled_from([None, 3, -2])))
    ours, theirs = (getattr(module, f"avg_pool{axes}d") for module in (mg, F))
    agree(lambda x: ours(x, *params), lambda x: theirs(x, *params), x, dtype)


@given(st.data(), dtypes, st.sampled_from([1, 1.5, 2, 3, 4, np.inf]))
def test_lp_pool(data: Any, dtype: Any, p: float) -> None:
    """Where both mean the same: sizes in place of powers of what is negative, and no window left incomplete."""
    x, axes, kernel, stride, _, _ = drawn(data, dilated=False, padded=False, ties=False)
    kernel, stride = (n[0] if axes == 1 and n else n for n in (kernel, stride))
    ours, theirs = (getattr(module, f"lp_pool{axes}d") for module in (mg, F))
    agree(lambda x: ours(x, p, kernel, stride), lambda x: theirs(x, p, kernel, stride), x, dtype)
    even = {"norm_type": 2, "kernel_size": kernel, "stride": stride}
    agree(lambda x: ours(x, **even), lambda x: theirs(x, **even), x - 2.2, dtype)


@given(st.data(), dtypes, st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), min_size=1, max_size=3))
def test_adaptive_pooling(data: Any, dtype: Any, bins: Any) -> None:
    size, asked = zip(*bins, strict=True)
    x = data.draw(pooled_images(size))
    ours, theirs = (getattr(module, f"adaptive_avg_pool{len(size)}d") for module in (mg, F))
    agree(lambda x: ours(x, asked), lambda x: theirs(x, asked), x, dtype)
    ours, theirs = (getattr(module, f"adaptive_max_pool{len(size)}d") for module in (mg, F))
    agree(lambda x: ours(x, asked, True), lambda x: theirs(x, asked, True), x, dtype)


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_images_larger_than_a_window_by_far(dtype: Any) -> None:
    x = np.random.default_rng(0).normal(size=(4, 3, 30, 17)).round(1)
    for params in [(2,), (3, 2, 1), (3, 1, 1, 2), ((5, 2), (3, 1), (2, 1), (1, 3), True)]:
        agree(
            lambda x, params=params: mg.max_pool2d(x, *params),
            lambda x, params=params: F.max_pool2d(x, *params),
            x,
            dtype,
        )
    agree(lambda x: mg.avg_pool2d(x, 3, 2, 1), lambda x: F.avg_pool2d(x, 3, 2, 1), x, dtype)
    agree(lambda x: mg.adaptive_avg_pool2d(x, 7), lambda x: F.adaptive_avg_pool2d(x, 7), x, dtype)
