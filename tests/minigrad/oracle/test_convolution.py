"""A second opinion on convolution, over every combination of its arguments: PyTorch, where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.pytorch import torch
from tests.helpers.spatial.conv_cases import MODES, ConvCase, conv_cases, conv_transpose_cases
from tests.oracles import PYTORCH

pytestmark = pytest.mark.oracle
F = torch.nn.functional

both_dtypes = pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-4)])
along = pytest.mark.parametrize("axes", [1, 2, 3])
many = settings(max_examples=300)


def agree(ours: Callable[..., Any], theirs: Callable[..., Any], arrays: Any, tolerance: float) -> None:
    """Values and all gradients for the same random error signal, relative to the largest number of each."""
    xs = [Tensor(a, requires_grad=True) for a in arrays]
    ts = [torch.tensor(a, requires_grad=True) for a in arrays]
    z, u = ours(*xs), theirs(*ts)
    z_bar = np.random.default_rng(1).normal(size=u.shape).astype(z.dtype)
    z.backward(z_bar)
    u.backward(torch.tensor(z_bar))
    found = [z.data, *(x.grad for x in xs)]
    expected = [u.detach().numpy(), *(t.grad.numpy() for t in ts)]
    for a, b in zip(found, expected, strict=True):
        assert a.shape == b.shape
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * np.abs(b).max(initial=0))


def of_torch(axes: int, transposed: bool = False) -> Callable[..., Any]:
    """PyTorch's function; also with different padding on two sides, which it does not support itself."""
    return PYTORCH.own[f"conv{'_transpose' if transposed else ''}{axes}d"]


@both_dtypes
@along
def test_convolution(axes: int, dtype: Any, tolerance: float) -> None:
    ours, theirs = getattr(mg, f"conv{axes}d"), of_torch(axes)

    @many
    @given(conv_cases(axes), st.booleans())
    def each(case: ConvCase, with_bias: bool) -> None:
        arrays = case.arrays(dtype)[: 2 + with_bias]
        agree(lambda *xs: ours(*xs, **case.params), lambda *xs: theirs(*xs, **case.params), arrays, tolerance)

    each()


@both_dtypes
@along
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "zeros"])
def test_padding_modes(mode: str, axes: int, dtype: Any, tolerance: float) -> None:
    ours, theirs = getattr(mg, f"conv{axes}d"), of_torch(axes)

    def padded(x: Any, w: Any, b: Any, params: dict[str, Any]) -> Any:
        x = F.pad(x, [n for pair in reversed(params["padding"]) for n in pair], mode)
        return theirs(x, w, b, **{**params, "padding": ((0, 0),) * axes})

    @given(conv_cases(axes))
    def each(case: ConvCase) -> None:
        more = {"reflect": 1, "circular": 0}.get(mode, -9)  # an image repeats itself at most once
        size = [max(n, max(p) + more) for n, p in zip(case.x_shape[2:], case.params["padding"], strict=True)]
        case = replace(case, x_shape=(*case.x_shape[:2], *size))
        agree(
            lambda *xs: ours(*xs, padding_mode=mode, **case.params),
            lambda *xs: padded(*xs, case.params),
            case.arrays(dtype),
            tolerance,
        )

    each()


@both_dtypes
@along
@pytest.mark.filterwarnings("ignore:Using padding='same'")  # with an even filter, once: it makes a copy
@pytest.mark.parametrize("padding", ["same", "valid", 0, 1, 2])
def test_padding_as_pytorch_takes_it(padding: Any, axes: int, dtype: Any, tolerance: float) -> None:
    """By its name, or by a number; PyTorch has no "same" for a stride."""
    ours, theirs = getattr(mg, f"conv{axes}d"), getattr(F, f"conv{axes}d")

    @given(conv_cases(axes))
    def each(case: ConvCase) -> None:
        params = {**case.params, "padding": padding} | ({"stride": 1} if padding == "same" else {})
        both_sides = 0 if isinstance(padding, str) else 2 * padding
        spans = [d * (f - 1) + 1 for f, d in zip(case.w_shape[2:], params["dilation"], strict=True)]
        assume(padding == "same" or all(f <= n + both_sides for f, n in zip(spans, case.x_shape[2:], strict=True)))
        agree(lambda *xs: ours(*xs, **params), lambda *xs: theirs(*xs, **params), case.arrays(dtype), tolerance)

    each()


@both_dtypes
@along
def test_transposed_convolution(axes: int, dtype: Any, tolerance: float) -> None:
    ours, theirs = getattr(mg, f"conv_transpose{axes}d"), of_torch(axes, transposed=True)

    @many
    @given(conv_transpose_cases(axes), st.booleans())
    def each(case: ConvCase, with_bias: bool) -> None:
        arrays = case.arrays(dtype)[: 2 + with_bias]
        agree(lambda *xs: ours(*xs, **case.params), lambda *xs: theirs(*xs, **case.params), arrays, tolerance)

    each()


@both_dtypes
@along
def test_transposed_convolution_with_the_same_padding_on_both_sides(axes: int, dtype: Any, tolerance: float) -> None:
    """PyTorch's own: what `output_padding` adds at the end had been cut off there."""
    ours, theirs = getattr(mg, f"conv_transpose{axes}d"), getattr(F, f"conv_transpose{axes}d")

    @given(conv_transpose_cases(axes))
    def each(case: ConvCase) -> None:
        params = {**case.params, "padding": tuple(min(pair) for pair in case.params["padding"])}
        agree(lambda *xs: ours(*xs, **params), lambda *xs: theirs(*xs, **params), case.arrays(dtype), tolerance)

    each()


@both_dtypes
@pytest.mark.parametrize(
    ("x", "w", "params"),
    [
        ((64, 1, 28, 28), (6, 1, 5, 5), {"padding": 2}),
        ((64, 6, 14, 14), (16, 6, 5, 5), {}),
        ((8, 32, 32, 32), (32, 32, 3, 3), {"padding": 1}),
        ((8, 64, 16, 16), (64, 64, 3, 3), {"padding": 1}),
        ((1, 3, 227, 227), (96, 3, 11, 11), {"stride": 4}),
        ((5, 32, 20, 20), (32, 1, 3, 3), {"padding": 1, "groups": 32}),
        ((5, 32, 20, 20), (48, 8, 3, 3), {"stride": 2, "padding": 1, "groups": 4}),
        ((3, 16, 24, 24), (24, 16, 1, 1), {}),
        ((3, 2, 4000), (8, 2, 80), {"stride": 4, "padding": 38}),
        ((3, 4, 10, 12, 14), (6, 4, 3, 3, 3), {"padding": 1, "dilation": 2}),
    ],
)
def test_sizes_of_real_layers(x: Any, w: Any, params: Any, dtype: Any, tolerance: float) -> None:
    rng = np.random.default_rng(0)
    name = f"conv{len(x) - 2}d"
    ours, theirs = getattr(mg, name), getattr(F, name)
    arrays = [rng.normal(size=shape).astype(dtype) for shape in (x, w, w[:1])]
    agree(lambda *xs: ours(*xs, **params), lambda *xs: theirs(*xs, **params), arrays, tolerance)
