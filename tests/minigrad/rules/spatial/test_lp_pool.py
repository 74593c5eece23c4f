"""Lp pooling: against loops, the slope at zero, errors."""

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


def lp_pool(params: dict[str, Any]) -> Any:
    return getattr(mg, f"lp_pool{len(params['size'])}d")


@given(st.data(), st.sampled_from([0.5, 1, 1.5, 2, 3, 4, np.inf]), st.booleans())
def test_norms_against_loops(data: Any, p: float, ceil_mode: bool) -> None:
    params = data.draw(windows(dilated=False, padded=False))
    x = data.draw(pooled_images(params["size"]))
    y = lp_pool(params)(x, p, params["kernel"], params["stride"], ceil_mode)
    padding = with_ceil_mode(params) if ceil_mode else params["padding"]
    if p == np.inf:
        expected = naive.max_pool(abs(x), params["kernel"], params["stride"], padding, params["dilation"])[0]
    else:
        expected = naive.sum_pool(abs(x) ** p, params["kernel"], params["stride"], padding) ** (1 / p)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("p", [0.5, 1, 1.5, 2, 3, np.inf])
def test_a_window_of_zeros_gets_the_error_signal_0(p: float) -> None:
    """And so does a zero among others; the others are as if it were not there. Infinite curvatures are NaN."""
    image = np.array([[[0.0, 0.0, 0.0, 2.0]]])
    x = Tensor(image, requires_grad=True)
    y = mg.lp_pool1d(x, p, 2)
    y.sum().backward(create_graph=True)
    np.testing.assert_allclose(y.data, [[[0, 2]]])
    np.testing.assert_allclose(x.grad.data, [[[0, 0, 0, 1]]])
    first = x.grad
    x.zero_grad()
    if first.requires_grad:
        with np.errstate(all="ignore"):
            first.sum().backward()
        of_zeros, of_zero_and_2 = (np.zeros((1, 1, 4)) if x.grad is None else x.grad).reshape(2, 2)
        np.testing.assert_array_equal(of_zeros, 0 if p in (1, np.inf) else np.nan)
        np.testing.assert_allclose(of_zero_and_2, [{2: 0.5, 0.5: np.nan, 1.5: np.nan}.get(p, 0), 0], atol=1e-15)


@given(st.data(), st.booleans())
def test_derivatives_to_the_second_order(data: Any, ceil_mode: bool) -> None:
    params = data.draw(windows(dilated=False, padded=False))
    x = data.draw(pooled_images(params["size"], ties=False))[:1, :1]
    p = data.draw(st.sampled_from([0.5, 1, 1.5, 2, 3, np.inf]))
    mg.check_grads(lambda x: lp_pool(params)(x, p, params["kernel"], params["stride"], ceil_mode), x, order=2)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_by_default_incomplete_windows_are_left_out(axes: int) -> None:
    assert getattr(mg, f"lp_pool{axes}d")(np.ones((1, 1, *(5,) * axes)), 2, 2).shape == (1, 1, *(2,) * axes)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_an_empty_batch(axes: int) -> None:
    x = Tensor(np.ones((0, 3, *(4,) * axes)), requires_grad=True)
    y = getattr(mg, f"lp_pool{axes}d")(x, 2, 2)
    y.sum().backward()
    assert y.shape == (0, 3, *(2,) * axes)
    assert x.grad.shape == x.shape


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((0, 2), "norm_type must be a number greater than 0: 2 for the length, np.inf for the maximum; got 0"),
        ((-1.0, 2), "norm_type must be a number .*; got -1.0"),
        ((np.nan, 2), "norm_type must be a number .*; got nan"),
        (("2", 2), "norm_type must be a number .*; got '2'"),
        ((2, (2, 2, 2)), "kernel_size must be a whole number ≥ 1"),
    ],
)
def test_errors_say_how_to_mend_it(args: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^lp_pool2d: .*{message}"):
        mg.lp_pool2d(np.ones((1, 1, 4, 4)), *args)
