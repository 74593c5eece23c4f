"""Max-pooling: against loops, ties above all, where the first of the largest elements wins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.kernels.spatial import max_pool as kernels
from tests.helpers.spatial import naive
from tests.helpers.spatial.pool_windows import pooled_images, windows
from tests.samples import PRIMITIVES

POOLS = {axes: getattr(mg, f"max_pool{axes}d") for axes in (1, 2, 3)}


def pooled(x: Any, window: dict[str, Any], **params: Any) -> Any:
    kernel, *others = (window[key] for key in ("kernel", "stride", "padding", "dilation"))
    return POOLS[len(kernel)](x, kernel, *others, **params)


@given(st.data())
def test_values_and_error_signals_against_loops(data: Any) -> None:
    params = data.draw(windows())
    x = Tensor(data.draw(pooled_images(params["size"])), requires_grad=True)  # few values: ties everywhere
    size = params.pop("size")
    y = pooled(x, params)
    expected, switches = naive.max_pool(x.data, **params)
    np.testing.assert_array_equal(y.data, expected)
    y_bar = np.random.default_rng(0).normal(size=y.shape)
    y.backward(y_bar)
    np.testing.assert_allclose(x.grad, naive.unpool(y_bar, switches, size, **params), atol=1e-12)


@given(st.data())
def test_indices_name_the_winners(data: Any) -> None:
    params = data.draw(windows())
    x = data.draw(pooled_images(params["size"]))
    y, indices = pooled(x, params, return_indices=True)
    assert indices.dtype == np.int64
    flat = x.reshape(*x.shape[:2], -1)
    np.testing.assert_array_equal(np.take_along_axis(flat, indices.reshape(*x.shape[:2], -1), 2).reshape(y.shape), y)
    of_tensor, same = pooled(Tensor(x), params, return_indices=True)
    np.testing.assert_array_equal(of_tensor.data, y)
    assert type(same) is np.ndarray
    np.testing.assert_array_equal(same, indices)


@given(st.data())
def test_unpool_and_pick_are_adjoint(data: Any) -> None:
    """⟨pick(x), y⟩ = ⟨x, unpool(y)⟩, for switches of any kind."""
    params = data.draw(windows())
    size = params.pop("size")
    x = data.draw(pooled_images(size))
    _, switches = kernels.max_pool(data.draw(pooled_images(size))[:1, :1] + 0 * x, **params)
    y = np.random.default_rng(1).normal(size=switches.shape)
    pick, unpool = (PRIMITIVES[f"{name}{len(size)}d"] for name in ("pick", "unpool"))
    picked = pick(x, switches=switches, **params)
    assert np.sum(picked * y) == pytest.approx(np.sum(x * unpool(y, switches=switches, size=size, **params)), abs=1e-9)


@given(st.data())
def test_derivatives_to_the_second_order(data: Any) -> None:
    params = data.draw(windows())
    x = data.draw(pooled_images(params["size"], ties=False))
    mg.check_grads(lambda x: mg.square(pooled(x, params)), x[:1, :1], order=2)


@given(st.data())
def test_with_ceil_mode_the_last_window_starts_inside(data: Any) -> None:
    params = data.draw(windows(as_pytorch=True))
    size = params.pop("size")
    x = data.draw(pooled_images(size))
    y = pooled(x, params, ceil_mode=True)
    spans = [d * (f - 1) + 1 for f, d in zip(params["kernel"], params["dilation"], strict=True)]
    for n, m, f, s, (p, _) in zip(size, y.shape[2:], spans, params["stride"], params["padding"], strict=True):
        starts = [a for a in range(-p, n, s) if a + f <= n + p or a - s + f < n + p]
        assert m == len(starts)
    np.testing.assert_array_equal(y[:, :, *(slice(m) for m in pooled(x, params).shape[2:])], pooled(x, params))


def test_a_window_larger_than_the_image_counts_with_ceil_mode() -> None:
    x = np.arange(3.0).reshape(1, 1, 3)
    np.testing.assert_array_equal(mg.max_pool1d(x, 4, 2, ceil_mode=True), [[[2]]])
    with pytest.raises(ValueError, match="window of 4 elements does not fit into 3 elements"):
        mg.max_pool1d(x, 4, 2)
    with pytest.raises(ValueError, match="window of 6 elements does not fit into 3 elements"):
        mg.max_pool1d(x, 6, 2, ceil_mode=True)


def test_the_first_of_several_wins() -> None:
    x = Tensor(np.zeros((1, 1, 2, 4)), requires_grad=True)
    mg.max_pool2d(x, 2).backward([[[[1.0, 2.0]]]])
    np.testing.assert_array_equal(x.grad[0, 0], [[1, 0, 2, 0], [0, 0, 0, 0]])


def test_an_element_that_wins_twice_gets_both_error_signals() -> None:
    image = np.zeros((1, 1, 3, 3))
    image[0, 0, 1, 1] = 5
    x = Tensor(image, requires_grad=True)
    mg.max_pool2d(x, 2, stride=1).sum().backward()
    np.testing.assert_array_equal(x.grad, image / 5 * 4)


@pytest.mark.parametrize("value", [-7.0, -np.inf])
def test_padding_never_wins(value: float) -> None:
    """Not even against −∞: then the first pixel of the image wins."""
    x = Tensor(np.full((1, 1, 2, 2), value), requires_grad=True)
    y, indices = mg.max_pool2d(x, 2, stride=2, padding=1, return_indices=True)
    y.sum().backward()
    np.testing.assert_array_equal(y.data, np.full((1, 1, 2, 2), value))
    np.testing.assert_array_equal(x.grad, np.ones((1, 1, 2, 2)))
    np.testing.assert_array_equal(indices, [[[[0, 1], [2, 3]]]])


@given(st.data())
def test_among_the_lowest_values_the_first_pixel_wins(data: Any) -> None:
    params = data.draw(windows())
    size = params.pop("size")
    places = np.arange(float(np.prod(size))).reshape(1, 1, *size)
    _, indices = pooled(np.full((1, 1, *size), -np.inf), params, return_indices=True)
    first = -pooled(-places, params)
    np.testing.assert_array_equal(indices, first)
    _, indices = pooled(np.full((1, 1, *size), np.iinfo(np.int8).min, np.int8), params, return_indices=True)
    np.testing.assert_array_equal(indices, first)


@given(st.data())
def test_the_first_nan_of_a_window_wins(data: Any) -> None:
    params = data.draw(windows())
    x = data.draw(pooled_images(params["size"]))
    x = np.where(x == -2, np.nan, x)
    y, indices = pooled(x, params, return_indices=True)
    instead, places = pooled(np.where(np.isnan(x), 9.0, x), params, return_indices=True)
    np.testing.assert_array_equal(y, np.where(instead == 9, np.nan, instead))
    np.testing.assert_array_equal(indices, places)


def test_windows_of_more_elements_than_a_byte_counts() -> None:
    x = np.random.default_rng(0).normal(size=(2, 1, 20, 20))
    y, indices = mg.max_pool2d(x, 18, stride=2, return_indices=True)
    expected, switches = naive.max_pool(x, (18, 18), (2, 2), ((0, 0),) * 2, (1, 1))
    np.testing.assert_array_equal(y, expected)
    assert switches.max() > 255
    np.testing.assert_array_equal(np.take(x[1].ravel(), indices[1]), y[1])


def test_the_stride_is_the_window_unless_given() -> None:
    assert mg.max_pool2d(np.zeros((1, 1, 6, 6)), (2, 3)).shape == (1, 1, 3, 2)
    assert mg.max_pool2d(np.zeros((1, 1, 5, 5)), 2).shape == (1, 1, 2, 2)  # the last row and column are left out


def test_padding_in_any_form() -> None:
    x = np.random.default_rng(0).normal(size=(1, 1, 5, 4))
    same = mg.max_pool2d(x, 2, 1, "same")
    assert same.shape == x.shape
    np.testing.assert_array_equal(same, mg.max_pool2d(x, 2, 1, ((0, 1), (0, 1))))
    np.testing.assert_array_equal(mg.max_pool2d(x, 2, padding="valid"), mg.max_pool2d(x, 2))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_an_empty_batch(axes: int) -> None:
    x = Tensor(np.ones((0, 3, *(4,) * axes)), requires_grad=True)
    y, indices = POOLS[axes](x, 2, return_indices=True)
    y.sum().backward()
    assert y.shape == indices.shape == (0, 3, *(2,) * axes)
    assert x.grad.shape == x.shape


def test_complex_numbers_have_no_largest() -> None:
    z = np.ones((1, 1, 4, 4), complex)
    for pool in (lambda: mg.max_pool2d(z, 2), lambda: mg.adaptive_max_pool2d(z, 3), lambda: mg.global_max_pool(z)):
        with pytest.raises(
            TypeError, match=r"^\w*max_pool\w*: complex numbers have no largest element; pool abs\(x\)$"
        ):
            pool()


def test_nested_lists_and_whole_numbers() -> None:
    np.testing.assert_array_equal(mg.max_pool1d([[[1, 3, 2, -5]]], 2), [[[3, 2]]])
    assert mg.max_pool1d([[[1, 3, 2, -5]]], 2).dtype == int
    np.testing.assert_array_equal(mg.max_pool1d(np.array([[[-1, -3, -2]]]), 3, 1, 1), [[[-1, -1, -2]]])
    np.testing.assert_array_equal(mg.max_pool1d(np.array([[[False, True, False, False]]]), 2), [[[True, False]]])


@pytest.mark.parametrize(
    ("shape", "params", "message"),
    [
        (
            (4, 4),
            {"kernel_size": 2},
            r"expected images of shape \(N, C, H, W\), got \(4, 4\); a single image of one channel needs both axes",
        ),
        ((1, 4, 4), {"kernel_size": 2}, r"got \(1, 4, 4\); a single image needs a batch axis: x\[None\]"),
        ((1, 1, 4, 4), {"kernel_size": 5}, r"window of 5 rows does not fit into 4 rows"),
        ((1, 1, 4, 4), {"kernel_size": 2, "padding": 2}, r"padding 2 is more than half the window \(2, 2\)"),
        ((1, 1, 4, 4), {"kernel_size": 3, "padding": ((1, 2), 0)}, r"padding \(\(1, 2\), 0\) is more than half the"),
        (
            (1, 1, 4, 4),
            {"kernel_size": 2, "padding": 2, "dilation": 2},
            r"half the window \(2, 2\), which spans \(3, 3\)",
        ),
        (
            (1, 1, 1, 4),
            {"kernel_size": 2, "padding": 1, "dilation": 2},
            r"dilation 2 steps over all of \(1, 4\).*use a dilation of at most \(1, 4\)$",
        ),
        ((1, 1, 4, 4), {"kernel_size": 0}, r"kernel_size must be a whole number ≥ 1"),
        ((1, 1, 4, 4), {"kernel_size": 2, "stride": 0}, r"stride must be a whole number ≥ 1"),
        ((1, 1, 4, 4), {"kernel_size": 2, "dilation": 0}, r"dilation must be a whole number ≥ 1"),
        ((1, 1, 4, 4), {"kernel_size": 2, "padding": -1}, r"padding must be a whole number ≥ 0"),
    ],
)
def test_errors_say_how_to_mend_it(shape: Any, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^max_pool2d: .*{message}"):
        mg.max_pool2d(Tensor(np.zeros(shape)), **params)


@pytest.mark.parametrize(
    ("axes", "expected"), [(1, r"sequences of shape \(N, C, L\)"), (3, r"volumes of shape \(N, C, D, H, W\)")]
)
def test_the_expected_shape_depends_on_the_number_of_axes(axes: int, expected: str) -> None:
    with pytest.raises(ValueError, match=rf"^max_pool{axes}d: expected {expected}, got \(2, 2, 2, 2\)"):
        POOLS[axes](np.ones((2, 2, 2, 2)), 2)


def test_a_dilation_may_step_over_an_image_that_is_not_padded() -> None:
    x = np.arange(4.0).reshape(1, 1, 1, 4)
    np.testing.assert_array_equal(mg.max_pool2d(x, (1, 2), 1, dilation=(2, 1)), [[[[1, 2, 3]]]])
    np.testing.assert_array_equal(mg.max_pool2d(x, (1, 2), 1, (0, 1), dilation=(2, 1))[0, 0], [[0, 1, 2, 3, 3]])


# ---------------------------------------------------------------- whole channels


@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3, 4, 5), (2, 1, 3, 2, 2), (1, 2, 2, 1, 2, 2), (0, 2, 3), (2, 0, 3)])
def test_global_max_pool_is_the_largest_of_each_channel(shape: tuple[int, ...]) -> None:
    x = Tensor(np.random.default_rng(0).integers(-2, 2, shape).astype(float), requires_grad=True)
    y = mg.global_max_pool(x)
    rows = x.data.reshape(*shape[:2], int(np.prod(shape[2:])))
    np.testing.assert_array_equal(y.data, rows.max(axis=2))
    y.backward(2 * np.ones(y.shape))
    first = np.arange(rows.shape[2]) == rows.argmax(axis=2)[..., None]
    np.testing.assert_array_equal(x.grad, 2.0 * first.reshape(shape))


@pytest.mark.parametrize("shape", [(2,), (2, 3), (2, 3, 0)])
@pytest.mark.parametrize("name", ["global_max_pool", "global_avg_pool"])
def test_channels_have_pixels(name: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=rf"^{name}: expected shape \(N, C, \*size\) with at least one axis and pixel"):
        getattr(mg, name)(np.ones(shape))
