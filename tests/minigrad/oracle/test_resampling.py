"""A second opinion on images in another size: PyTorch's interpolate, over sizes and scales that Hypothesis draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle
F = torch.nn.functional

LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}
several = {axes: lambda of, axes=axes: st.lists(of, min_size=axes, max_size=axes).map(tuple) for axes in (1, 2, 3)}


def agree(ours: Any, theirs: Any, x: Any, tolerance: float = 1e-10) -> None:
    """The value and the gradient, for the same random error signal."""
    a, t = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y, u = ours(a), theirs(t)
    assert y.dtype == x.dtype
    np.testing.assert_allclose(y.data, u.detach().numpy(), rtol=tolerance, atol=tolerance)
    y_bar = np.random.default_rng(1).normal(size=y.shape).astype(x.dtype)
    y.backward(y_bar)
    u.backward(torch.tensor(y_bar))
    np.testing.assert_allclose(a.grad, t.grad.numpy(), rtol=tolerance, atol=tolerance)


@st.composite
def resizings(draw: Any) -> tuple[tuple[int, ...], dict[str, Any]]:
    """The shape of images, and arguments of `interpolate`; larger and smaller, by size and by scale."""
    axes = draw(st.integers(1, 3))
    shape = draw(several[axes](st.integers(1, 9)))
    mode = draw(st.sampled_from(["nearest", LINEAR[axes]]))
    params: dict[str, Any] = {"mode": mode}
    if mode != "nearest":
        params["align_corners"] = draw(st.booleans())
    if draw(st.booleans()):
        params["size"] = draw(several[axes](st.integers(1, 20)))
    else:
        rough = st.integers(2, 45).map(lambda tenths: tenths / 10)  # where rounding decides which pixel is the nearest
        params["scale_factor"] = draw(several[axes](st.floats(0.2, 4.5) | rough | st.sampled_from([1.0, 2.0, 3.0])))
        sizes = [int(n * s) for n, s in zip(shape, params["scale_factor"], strict=True)]
        assume(all(sizes))
        if mode == "nearest" and axes != 2:  # for a scale of 2.1 that doubles, PyTorch takes 2 in images alone
            pairs = zip(shape, sizes, params["scale_factor"], strict=True)
            assume(all(m / n not in (1, 2) or s == m / n for n, m, s in pairs))
    return (draw(st.integers(1, 2)), draw(st.integers(1, 3)), *shape), params


@given(resizings(), st.integers(0, 99))
def test_values_and_gradients(resizing: Any, seed: int) -> None:
    shape, params = resizing
    x = np.random.default_rng(seed).normal(size=shape)
    agree(lambda x: mg.upsample(x, **params), lambda x: F.interpolate(x, **params), x)


@given(resizings(), st.integers(0, 99))
def test_in_single_precision(resizing: Any, seed: int) -> None:
    shape, params = resizing
    x = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    agree(lambda x: mg.upsample(x, **params), lambda x: F.interpolate(x, **params), x, 1e-4)


@given(*[st.integers(1, 3)] * 3, st.integers(1, 4), st.integers(1, 4))
def test_pixel_shuffle(n: int, c: int, r: int, h: int, w: int) -> None:
    x = np.random.default_rng(0).normal(size=(n, c * r * r, h, w))
    agree(lambda x: mg.pixel_shuffle(x, r), lambda x: F.pixel_shuffle(x, r), x)
