"""Max-pooling against loops, ties above all: the first element of a window that is the largest takes all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.tensor import Tensor
from tests import naive

sizes, up_to_3 = st.integers(1, 6), st.integers(1, 3)


@given(
    st.tuples(up_to_3, up_to_3, sizes, sizes),
    st.tuples(up_to_3, up_to_3),
    st.tuples(up_to_3, up_to_3),
    st.tuples(st.integers(0, 1), st.integers(0, 1)),
    st.integers(0, 99),
)
def test_values_and_error_signals_against_loops(shape: Any, kernel: Any, stride: Any, padding: Any, seed: int) -> None:
    assume(all(k <= n + 2 * p and 2 * p <= k for k, n, p in zip(kernel, shape[2:], padding, strict=True)))
    rng = np.random.default_rng(seed)
    x = Tensor(rng.integers(-2, 1, size=shape).astype(float), requires_grad=True)  # few values: ties everywhere
    y = mg.max_pool2d(x, kernel, stride, padding)
    expected, switches = naive.max_pool2d(x.data, kernel, stride, padding)
    np.testing.assert_array_equal(y.data, expected)
    y_bar = rng.normal(size=y.shape)
    y.backward(y_bar)
    np.testing.assert_allclose(x.grad, naive.unpool(y_bar, switches, shape[2:], kernel, stride, padding), atol=1e-12)


def test_the_first_of_several_wins() -> None:
    x = Tensor(np.zeros((1, 1, 2, 4)), requires_grad=True)
    mg.max_pool2d(x, 2).backward([[[[1.0, 2.0]]]])
    np.testing.assert_array_equal(x.grad[0, 0], [[1, 0, 2, 0], [0, 0, 0, 0]])


def test_an_element_that_wins_twice_gets_both_shares() -> None:
    image = np.zeros((1, 1, 3, 3))
    image[0, 0, 1, 1] = 5
    x = Tensor(image, requires_grad=True)
    mg.max_pool2d(x, 2, stride=1).sum().backward()
    np.testing.assert_array_equal(x.grad, image / 5 * 4)


def test_padding_never_wins() -> None:
    x = Tensor(np.full((1, 1, 2, 2), -7.0), requires_grad=True)
    y = mg.max_pool2d(x, 2, stride=2, padding=1)
    y.sum().backward()
    np.testing.assert_array_equal(y.data, np.full((1, 1, 2, 2), -7))
    np.testing.assert_array_equal(x.grad, np.ones((1, 1, 2, 2)))


def test_the_stride_is_the_window_unless_given() -> None:
    assert mg.max_pool2d(np.zeros((1, 1, 6, 6)), (2, 3)).shape == (1, 1, 3, 2)
    assert mg.max_pool2d(np.zeros((1, 1, 5, 5)), 2).shape == (1, 1, 2, 2)  # the last row and column are left out


@pytest.mark.parametrize(
    ("shape", "how", "message"),
    [
        ((4, 4), {"kernel_size": 2}, r"expected images of shape \(N, C, H, W\), got \(4, 4\)"),
        ((1, 1, 4, 4), {"kernel_size": 5}, r"window of 5 rows does not fit into 4 rows"),
        ((1, 1, 4, 4), {"kernel_size": 2, "padding": 2}, r"padding \(2, 2\) is more than half the window \(2, 2\)"),
        ((1, 1, 4, 4), {"kernel_size": 0}, r"kernel_size must be a whole number ≥ 1"),
        ((1, 1, 4, 4), {"kernel_size": 2, "stride": 0}, r"stride must be a whole number ≥ 1"),
        ((1, 1, 4, 4), {"kernel_size": 2, "padding": -1}, r"padding must be a whole number ≥ 0"),
    ],
)
def test_errors_say_how_to_mend_it(shape: Any, how: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^max_pool2d: .*{message}"):
        mg.max_pool2d(Tensor(np.zeros(shape)), **how)
