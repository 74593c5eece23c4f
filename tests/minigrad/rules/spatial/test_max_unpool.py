"""Max-unpooling: where elements go, and which of several with the same index wins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.spatial.pool_windows import pooled_images, windows
from tests.samples.spatial.max_unpool import scattered


@given(st.data())
def test_pooled_images_go_back_to_their_size(data: Any) -> None:
    params = data.draw(windows(dilated=False, as_pytorch=True))
    x = data.draw(pooled_images(params["size"]))
    axes, kernel, stride = len(params["size"]), params["kernel"], params["stride"]
    padding = tuple(before for before, _ in params["padding"])
    y, indices = getattr(mg, f"max_pool{axes}d")(x, kernel, stride, padding, return_indices=True)
    unpool = getattr(mg, f"max_unpool{axes}d")
    back = unpool(y, indices, kernel, stride, padding, params["size"])
    np.testing.assert_array_equal(back, scattered(y, indices, params["size"]))
    np.testing.assert_array_equal(back[back != 0], x[back != 0])
    np.testing.assert_array_equal(unpool(y, indices, kernel, stride, padding, x.shape), back)


@given(st.data())
def test_the_last_with_an_index_wins_and_gets_the_error_signal(data: Any) -> None:
    shape = data.draw(st.sampled_from([(1, 1, 4), (2, 2, 3), (2, 1, 2, 3), (1, 2, 2, 1, 2)]))
    size = tuple(2 * n for n in shape[2:])
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    indices = rng.integers(0, np.prod(size), shape)
    x = Tensor(rng.normal(size=shape), requires_grad=True)
    unpool = getattr(mg, f"max_unpool{len(size)}d")
    y = unpool(x, indices, 2)
    np.testing.assert_array_equal(y.data, scattered(x.data, indices, size))
    y_bar = rng.normal(size=y.shape)
    y.backward(y_bar)
    winners = scattered(np.arange(1, x.size + 1).reshape(shape), indices, size)  # numbered from 1, at each pixel
    expected = np.zeros(x.size + 1)
    expected[winners.astype(int).ravel()] = y_bar.ravel()
    np.testing.assert_array_equal(x.grad.ravel(), expected[1:])
    mg.check_grads(lambda x: mg.square(unpool(x, indices, 2)), x.data, order=2)


def test_overwritten_elements_leave_no_trace_even_if_infinite() -> None:
    y = mg.max_unpool1d(Tensor([[[np.inf, 2.0]]]), [[[1, 1]]], 2)
    np.testing.assert_array_equal(y.data, [[[0, 2, 0, 0]]])


def test_images_of_several_sizes_are_pooled_to_the_same_size() -> None:
    y, indices = mg.max_pool1d(np.arange(5.0).reshape(1, 1, 5), 2, return_indices=True)
    assert mg.max_unpool1d(y, indices, 2).shape == (1, 1, 4)
    for size in [(5,), [5], (1, 1, 5), (3,)]:
        if max(size) > 3:
            assert mg.max_unpool1d(y, indices, 2, output_size=size).shape == (1, 1, 5)
        else:
            with pytest.raises(ValueError, match=r"indices go from 1 to 3, but an output of .* has the indices 0 to 2"):
                mg.max_unpool1d(y, indices, 2, output_size=size)


def test_an_empty_batch() -> None:
    x = Tensor(np.ones((0, 3, 2, 2)), requires_grad=True)
    y = mg.max_unpool2d(x, np.ones((0, 3, 2, 2), int), 2)
    y.sum().backward()
    assert y.shape == (0, 3, 4, 4)
    assert x.grad.shape == x.shape


def test_indices_may_be_a_tensor_or_lists() -> None:
    for indices in [[[[0, 3]]], Tensor(np.array([[[0, 3]]])), np.array([[[0, 3]]], np.uint8)]:
        np.testing.assert_array_equal(mg.max_unpool1d([[[1.0, 2.0]]], indices, 2), [[[1, 0, 0, 2]]])


@pytest.mark.parametrize(
    ("indices", "params", "error", "message"),
    [
        (
            [[[0.0, 3.0]]],
            {},
            TypeError,
            r"indices must be integers, as max_pool1d\(…, return_indices=True\) returns; got float64",
        ),
        ([[0, 3]], {}, ValueError, r"indices have shape \(1, 2\), expected one for each element of x: \(1, 1, 2\)"),
        ([[[0, 4]]], {}, ValueError, r"indices go from 0 to 4, but an output of size \(4,\) has the indices 0 to 3;"),
        ([[[-1, 3]]], {}, ValueError, r"indices go from -1 to 3, "),
        (
            [[[0, 3]]],
            {"output_size": (6,)},
            ValueError,
            r"pooling 6 elements does not give 2: \(N − 1\)·S − 2P \+ F = "
            r"\(2 − 1\)·2 − 2·0 \+ 2 = 4, and .* up to S − 1 = 1 more or fewer; pass an output_size of 3 to 5$",
        ),
        ([[[0, 3]]], {"output_size": 2}, ValueError, r"pooling 2 elements does not give 2"),
        ([[[0, 3]]], {"output_size": (2, 1, 4)}, ValueError, r"output_size must be a whole number .*got \(2, 1, 4\)"),
        ([[[0, 3]]], {"output_size": (4, 4)}, ValueError, r"output_size must be a whole number .*got \(4, 4\)"),
        (
            [[[0, 0]]],
            {"padding": 2},
            ValueError,
            r"pooling 0 elements does not give .* = 0, .*; pass an output_size of 1$",
        ),
        (
            [[[0, 0]]],
            {"padding": 3},
            ValueError,
            r"pooling −2 elements does not give .* = −2, .*; use a smaller padding$",
        ),
        ([[[0, 3]]], {"output_size": 4.0}, ValueError, r"output_size must be a whole number ≥ 1, .*got 4\.0"),
        ([[[0, 3]]], {"padding": -1}, ValueError, r"padding must be a whole number ≥ 0"),
        ([[[0, 3]]], {"stride": (1, 1)}, ValueError, r"stride must be a whole number ≥ 1"),
    ],
)
def test_errors_say_how_to_mend_it(indices: Any, params: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=rf"^max_unpool1d: .*{message}"):
        mg.max_unpool1d(Tensor([[[1.0, 2.0]]]), indices, 2, **params)


def test_a_window_has_at_least_one_pixel() -> None:
    with pytest.raises(ValueError, match=r"^max_unpool1d: kernel_size must be a whole number ≥ 1.*; got 0"):
        mg.max_unpool1d(np.ones((1, 1, 2)), np.ones((1, 1, 2), int), 0)


def test_one_image_needs_a_batch_axis() -> None:
    with pytest.raises(ValueError, match=r"^max_unpool2d: expected images of shape \(N, C, H, W\), got \(2, 2, 2\)"):
        mg.max_unpool2d(np.ones((2, 2, 2)), np.ones((2, 2, 2), int), 2)
