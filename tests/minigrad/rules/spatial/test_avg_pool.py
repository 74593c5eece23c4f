"""Average pooling: against loops, which pixels are counted, integers, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.spatial import naive
from tests.helpers.spatial.pool_windows import pooled_images, windows, with_ceil_mode
from tests.samples import PRIMITIVES


def avg_pool(params: dict[str, Any]) -> Any:
    return getattr(mg, f"avg_pool{len(params['size'])}d")


@given(st.data(), st.booleans(), st.booleans())
def test_averages_against_loops(data: Any, ceil_mode: bool, count_include_pad: bool) -> None:
    params = data.draw(windows(dilated=False))
    x = Tensor(data.draw(pooled_images(params["size"])), requires_grad=True)
    kernel, stride, border = params["kernel"], params["stride"], params["padding"]
    y = avg_pool(params)(x, kernel, stride, border, ceil_mode, count_include_pad)
    padding = with_ceil_mode(params) if ceil_mode else border
    expected = naive.avg_pool(x.data, kernel, stride, border, padding, count_include_pad)
    np.testing.assert_allclose(y.data, expected, rtol=1e-12, atol=1e-12)
    y_bar = np.random.default_rng(0).normal(size=y.shape)
    y.backward(y_bar)
    counts = naive.sum_pool(np.ones(x.shape), kernel, stride, padding) / naive.avg_pool(
        np.ones(x.shape), kernel, stride, border, padding, count_include_pad
    )
    spread = naive.sum_unpool(y_bar / counts, params["size"], kernel, stride, padding)
    np.testing.assert_allclose(x.grad, spread, rtol=1e-12, atol=1e-12)


@given(st.data())
def test_the_two_sums_are_adjoint(data: Any) -> None:
    """⟨sum_pool(x), y⟩ = ⟨x, sum_unpool(y)⟩."""
    params = data.draw(windows(dilated=False))
    size, _ = params.pop("size"), params.pop("dilation")
    x = data.draw(pooled_images(size))
    total, spread = (PRIMITIVES[f"sum_{name}{len(size)}d"] for name in ("pool", "unpool"))
    z = total(x, **params)
    y = np.random.default_rng(1).normal(size=z.shape)
    assert np.sum(z * y) == pytest.approx(np.sum(x * spread(y, size=size, **params)), abs=1e-9)


@given(st.data(), st.booleans())
def test_derivatives_to_the_second_order(data: Any, ceil_mode: bool) -> None:
    params = data.draw(windows(dilated=False))
    x = data.draw(pooled_images(params["size"], ties=False))[:1, :1]
    args = params["kernel"], params["stride"], params["padding"], ceil_mode
    mg.check_grads(lambda x: mg.square(avg_pool(params)(x, *args)), x, order=2)


def test_divisor_override() -> None:
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    np.testing.assert_allclose(mg.avg_pool2d(x, 2, divisor_override=1), 4 * mg.avg_pool2d(x, 2))
    np.testing.assert_allclose(
        mg.avg_pool3d(x[None], (1, 2, 2), padding=(0, 1, 1), count_include_pad=False, divisor_override=4),
        mg.avg_pool3d(x[None], (1, 2, 2), padding=(0, 1, 1)),
    )


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_by_default_incomplete_windows_are_left_out_and_the_padding_counts(axes: int) -> None:
    x = np.ones((1, 1, *(5,) * axes))
    pool = getattr(mg, f"avg_pool{axes}d")
    assert pool(x, 2).shape == (1, 1, *(2,) * axes)
    assert pool(x, 2, padding=1).ravel()[0] == 0.5**axes


def test_small_integers_do_not_overflow() -> None:
    x = np.full((1, 1, 4), 250, np.uint8)
    np.testing.assert_array_equal(mg.avg_pool1d(x, 4), [[[250.0]]])
    np.testing.assert_array_equal(mg.avg_pool1d(x, 4, 1, 2, count_include_pad=False), np.full((1, 1, 5), 250.0))
    np.testing.assert_array_equal(mg.avg_pool1d(x > 3, 2), [[[1.0, 1.0]]])


@pytest.mark.parametrize("params", [{}, {"ceil_mode": True}, {"padding": 1, "count_include_pad": False}])
def test_float32_stays_float32(params: dict[str, Any]) -> None:
    x = Tensor(np.ones((1, 1, 5, 5), np.float32), requires_grad=True)
    y = mg.avg_pool2d(x, 2, **params)
    y.sum().backward()
    assert y.dtype == x.grad.dtype == np.float32


@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3, 4, 5), (2, 1, 3, 2, 2), (1, 2, 2, 1, 2, 2)])
def test_global_avg_pool_is_the_mean_of_each_channel(shape: tuple[int, ...]) -> None:
    x = Tensor(np.random.default_rng(0).normal(size=shape), requires_grad=True)
    y = mg.global_avg_pool(x)
    np.testing.assert_allclose(y.data, x.data.reshape(*shape[:2], -1).mean(axis=2))
    y.sum().backward()
    np.testing.assert_allclose(x.grad, np.full(shape, 1 / np.prod(shape[2:])))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_an_empty_batch(axes: int) -> None:
    x = Tensor(np.ones((0, 3, *(4,) * axes)), requires_grad=True)
    y = getattr(mg, f"avg_pool{axes}d")(x, 2)
    y.sum().backward()
    assert y.shape == (0, 3, *(2,) * axes)
    assert x.grad.shape == x.shape


def test_windows_beyond_the_padding_count_what_is_within() -> None:
    """With `ceil_mode` the last window covers the last pixel, one of padding, and one that does not count."""
    y = mg.avg_pool1d(np.ones((1, 1, 4)), 3, stride=2, padding=1, ceil_mode=True)
    np.testing.assert_allclose(y, [[[2 / 3, 1, 1 / 2]]])


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
        ("avg_pool3d", (2,), r"expected volumes of shape \(N, C, D, H, W\), got \(1, 1, 4, 4\); a single volume needs"),
    ],
)
def test_errors_say_how_to_mend_it(name: str, args: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}: .*{message}"):
        getattr(mg, name)(np.ones((1, 1, 4, 4)), *args)
