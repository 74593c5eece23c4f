"""Averages and norms of windows against loops: what counts, and what becomes of zeros."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.spatial import naive
from tests.helpers.spatial.pool_windows import pooled_images, windows
from tests.samples import PRIMITIVES


def function(kind: str, how: dict[str, Any]) -> Any:
    return getattr(mg, f"{kind}_pool{len(how['size'])}d")


def with_ceil_mode(how: dict[str, Any]) -> Any:
    """The padding behind the image that holds a last window, as long as it starts inside."""
    wider = []
    for n, f, s, (before, after) in zip(how["size"], how["kernel"], how["stride"], how["padding"], strict=True):
        starts = [a for a in range(-before, n, s) if a == -before or a - s + f < n + after]
        wider.append((before, max(after, starts[-1] + f - n)))
    return tuple(wider)


@given(st.data(), st.booleans(), st.booleans())
def test_averages_against_loops(data: Any, ceil_mode: bool, count_include_pad: bool) -> None:
    how = data.draw(windows(dilated=False))
    x = Tensor(data.draw(pooled_images(how["size"])), requires_grad=True)
    kernel, stride, border = how["kernel"], how["stride"], how["padding"]
    y = function("avg", how)(x, kernel, stride, border, ceil_mode, count_include_pad)
    padding = with_ceil_mode(how) if ceil_mode else border
    expected = naive.avg_pool(x.data, kernel, stride, border, padding, count_include_pad)
    np.testing.assert_allclose(y.data, expected, rtol=1e-12, atol=1e-12)
    y_bar = np.random.default_rng(0).normal(size=y.shape)
    y.backward(y_bar)
    counts = naive.sum_pool(np.ones(x.shape), kernel, stride, padding) / naive.avg_pool(
        np.ones(x.shape), kernel, stride, border, padding, count_include_pad
    )
    spread = naive.sum_unpool(y_bar / counts, how["size"], kernel, stride, padding)
    np.testing.assert_allclose(x.grad, spread, rtol=1e-12, atol=1e-12)


@given(st.data())
def test_the_two_sums_are_adjoint(data: Any) -> None:
    """⟨sum_pool(x), y⟩ = ⟨x, sum_unpool(y)⟩."""
    how = data.draw(windows(dilated=False))
    size, _ = how.pop("size"), how.pop("dilation")
    x = data.draw(pooled_images(size))
    total, spread = (PRIMITIVES[f"sum_{name}{len(size)}d"] for name in ("pool", "unpool"))
    z = total(x, **how)
    y = np.random.default_rng(1).normal(size=z.shape)
    assert np.sum(z * y) == pytest.approx(np.sum(x * spread(y, size=size, **how)), abs=1e-9)


@given(st.data(), st.booleans())
def test_derivatives_to_the_second_order(data: Any, ceil_mode: bool) -> None:
    how = data.draw(windows(dilated=False))
    x = data.draw(pooled_images(how["size"], ties=False))[:1, :1]
    args = how["kernel"], how["stride"]
    mg.check_grads(lambda x: mg.square(function("avg", how)(x, *args, how["padding"], ceil_mode)), x, order=2)
    p = data.draw(st.sampled_from([0.5, 1, 1.5, 2, 3, np.inf]))
    if all(f <= n for f, n in zip(how["kernel"], how["size"], strict=True)):
        mg.check_grads(lambda x: function("lp", how)(x, p, *args, ceil_mode), x, order=2)


def test_a_divisor_of_ones_own() -> None:
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    np.testing.assert_allclose(mg.avg_pool2d(x, 2, divisor_override=1), 4 * mg.avg_pool2d(x, 2))
    np.testing.assert_allclose(
        mg.avg_pool3d(x[None], (1, 2, 2), padding=(0, 1, 1), count_include_pad=False, divisor_override=4),
        mg.avg_pool3d(x[None], (1, 2, 2), padding=(0, 1, 1)),
    )


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_unless_asked_incomplete_windows_are_left_out_and_the_padding_counts(axes: int) -> None:
    x = np.ones((1, 1, *(5,) * axes))
    avg, lp = (getattr(mg, f"{kind}_pool{axes}d") for kind in ("avg", "lp"))
    assert avg(x, 2).shape == lp(x, 2, 2).shape == (1, 1, *(2,) * axes)
    assert avg(x, 2, padding=1).ravel()[0] == 0.5**axes


def test_whole_numbers_do_not_overflow() -> None:
    x = np.full((1, 1, 4), 250, np.uint8)
    np.testing.assert_array_equal(mg.avg_pool1d(x, 4), [[[250.0]]])
    np.testing.assert_array_equal(mg.avg_pool1d(x, 4, 1, 2, count_include_pad=False), np.full((1, 1, 5), 250.0))
    np.testing.assert_array_equal(mg.avg_pool1d(x > 3, 2), [[[1.0, 1.0]]])


@pytest.mark.parametrize("how", [{}, {"ceil_mode": True}, {"padding": 1, "count_include_pad": False}])
def test_float32_stays_float32(how: dict[str, Any]) -> None:
    x = Tensor(np.ones((1, 1, 5, 5), np.float32), requires_grad=True)
    y = mg.avg_pool2d(x, 2, **how)
    y.sum().backward()
    assert y.dtype == x.grad.dtype == np.float32


@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3, 4, 5), (2, 1, 3, 2, 2), (1, 2, 2, 1, 2, 2)])
def test_the_average_of_each_channel(shape: tuple[int, ...]) -> None:
    x = Tensor(np.random.default_rng(0).normal(size=shape), requires_grad=True)
    y = mg.global_avg_pool(x)
    np.testing.assert_allclose(y.data, x.data.reshape(*shape[:2], -1).mean(axis=2))
    y.sum().backward()
    np.testing.assert_allclose(x.grad, np.full(shape, 1 / np.prod(shape[2:])))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_an_empty_batch(axes: int) -> None:
    x = Tensor(np.ones((0, 3, *(4,) * axes)), requires_grad=True)
    y = getattr(mg, f"avg_pool{axes}d")(x, 2)
    (y.sum() + getattr(mg, f"lp_pool{axes}d")(x, 2, 2).sum()).backward()
    assert y.shape == (0, 3, *(2,) * axes)
    assert x.grad.shape == x.shape


# ---------------------------------------------------------------- norms


@given(st.data(), st.sampled_from([0.5, 1, 1.5, 2, 3, 4, np.inf]), st.booleans())
def test_norms_against_loops(data: Any, p: float, ceil_mode: bool) -> None:
    how = data.draw(windows(dilated=False, padded=False))
    x = data.draw(pooled_images(how["size"]))
    y = function("lp", how)(x, p, how["kernel"], how["stride"], ceil_mode)
    padding = with_ceil_mode(how) if ceil_mode else how["padding"]
    if p == np.inf:
        expected = naive.max_pool(abs(x), how["kernel"], how["stride"], padding, how["dilation"])[0]
    else:
        expected = naive.sum_pool(abs(x) ** p, how["kernel"], how["stride"], padding) ** (1 / p)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("p", [0.5, 1, 1.5, 2, 3, np.inf])
def test_a_window_of_zeros_gets_the_error_signal_0(p: float) -> None:
    """And so does a zero among others, to any order; the others are as if it were not there."""
    image = np.array([[[0.0, 0.0, 0.0, 2.0]]])
    x = Tensor(image, requires_grad=True)
    y = mg.lp_pool1d(x, p, 2)
    y.sum().backward(create_graph=True)
    np.testing.assert_allclose(y.data, [[[0, 2]]])
    np.testing.assert_allclose(x.grad.data, [[[0, 0, 0, 1]]])
    first = x.grad
    x.zero_grad()
    if first.requires_grad:
        first.sum().backward()
        assert x.grad is None or np.isfinite(x.grad).all()


@pytest.mark.parametrize(
    ("name", "args", "message"),
    [
        ("avg_pool2d", (5,), "window of 5 rows does not fit into 4 rows"),
        (
            "avg_pool2d",
            (2, 2, 2),
            r"padding 2 is more than half the window \(2, 2\): .*; use at most ⌊F / 2⌋ = \(1, 1\)$",
        ),
        ("avg_pool2d", (2, 2, 0, False, True, 0), "divisor_override must not be 0"),
        ("avg_pool1d", (2,), r"expected sequences of shape \(N, C, L\), got \(1, 1, 4, 4\)$"),
        ("avg_pool3d", (2,), r"expected volumes of shape \(N, C, D, H, W\), got \(1, 1, 4, 4\); a single one needs"),
        ("lp_pool2d", (0, 2), "norm_type is a number greater than 0, 2 for lengths, or np.inf; got 0"),
        ("lp_pool2d", (-1.0, 2), "norm_type is a number .*; got -1.0"),
        ("lp_pool2d", (np.nan, 2), "norm_type is a number .*; got nan"),
        ("lp_pool2d", ("2", 2), "norm_type is a number .*; got '2'"),
        ("lp_pool2d", (2, (2, 2, 2)), "kernel_size must be a whole number ≥ 1"),
    ],
)
def test_errors_say_how_to_mend_it(name: str, args: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}: .*{message}"):
        getattr(mg, name)(np.ones((1, 1, 4, 4)), *args)
