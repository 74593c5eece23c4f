"""Images whose channels lie next to each other: the same numbers as in NumPy's order, and the order is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.kernels.spatial import onednn
from minigrad.kernels.spatial.channels_last import as_channels_last, channels_last, empty_images, is_channels_last
from minigrad.kernels.spatial.convolution import conv, conv_bias_grad, conv_input_grad, conv_weight_grad
from minigrad.kernels.spatial.max_pool import max_pool, unpool

needs_onednn = pytest.mark.skipif(onednn._dnnl() is None, reason="onednn-cpu-gomp is not installed")
SHAPES = [(2, 3, 4, 5), (2, 1, 4, 5), (3, 4, 7), (2, 3, 2, 3, 4), (1, 1, 1, 1)]


def draw(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).standard_normal(shape, dtype=np.float32)


@pytest.mark.parametrize("shape", SHAPES)
def test_order_in_memory(shape: tuple[int, ...]) -> None:
    x = draw(*shape)
    y = channels_last(x)
    np.testing.assert_array_equal(y, x)
    assert is_channels_last(y)
    assert as_channels_last(y) is y
    assert np.moveaxis(y, 1, -1).flags.c_contiguous
    assert is_channels_last(as_channels_last(x))
    assert is_channels_last(empty_images(shape, x.dtype, like=y))
    assert empty_images(shape, x.dtype, like=x).flags.c_contiguous


def test_numpys_order_and_slices_are_not_channels_last() -> None:
    x = draw(2, 3, 4, 5)
    assert not is_channels_last(x)
    assert not is_channels_last(channels_last(x)[:, :, 1:])


@pytest.mark.parametrize("channels", [1, 3, 8])
@pytest.mark.parametrize("n", [2, 64])  # computed by NumPy, and by oneDNN where it is installed
def test_convolution(n: int, channels: int) -> None:
    x, w, b, z_bar = draw(n, channels, 12, 14), draw(16, channels, 3, 3), draw(16), draw(n, 16, 12, 14)
    params: Any = {"stride": (1, 1), "padding": ((1, 1), (1, 1)), "dilation": (1, 1), "groups": 1}
    last, z_bar_last = channels_last(x), channels_last(z_bar)
    weight: Any = {"kernel": (3, 3), **params}
    size: Any = {"size": (12, 14), **params}
    for found, expected in (
        (conv(last, w, b, **params), conv(x, w, b, **params)),
        (conv_weight_grad(z_bar_last, last, **weight), conv_weight_grad(z_bar, x, **weight)),
        (conv_weight_grad(z_bar, last, **weight), conv_weight_grad(z_bar, x, **weight)),
        (conv_input_grad(z_bar_last, w, **size), conv_input_grad(z_bar, w, **size)),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * abs(expected).max())


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (64, 8, 28, 28), (1, 700, 5, 5), (3, 5, 6000), (600, 31)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_of_error_signals_in_either_order_keep_their_digits(shape: tuple[int, ...], dtype: Any) -> None:
    z_bar = (draw(*shape) + 1).astype(dtype)
    expected = z_bar.astype(np.float64).sum(axis=(0, *range(2, z_bar.ndim)))
    for given in (z_bar, channels_last(z_bar), np.repeat(z_bar, 2, axis=0)[::2]):
        found = conv_bias_grad(given)
        assert found.dtype == dtype
        np.testing.assert_allclose(found, expected, rtol=16 * np.finfo(dtype).eps)


@needs_onednn
@pytest.mark.parametrize(
    ("channels", "filters", "groups", "wanted"),
    [(1, 8, 1, True), (3, 16, 1, True), (4, 16, 1, False), (3, 6, 1, False), (2, 16, 2, False)],
)
def test_convolution_of_few_channels_begins_the_order(channels: int, filters: int, groups: int, wanted: bool) -> None:
    x, w = draw(64, channels, 14, 14), draw(filters, channels // groups, 5, 5)
    params: Any = {"stride": (1, 1), "padding": ((2, 2), (2, 2)), "dilation": (1, 1), "groups": groups}
    z = conv(x, w, **params)
    assert is_channels_last(z) == wanted
    single = conv(x[:1].astype(np.float64), w.astype(np.float64), **params)
    np.testing.assert_allclose(z[:1], single, rtol=1e-4, atol=1e-4)


@needs_onednn
def test_convolution_and_pooling_keep_the_order() -> None:
    x, w = channels_last(draw(64, 8, 16, 16)), draw(16, 8, 3, 3)
    params: Any = {"stride": (1, 1), "padding": ((1, 1), (1, 1)), "dilation": (1, 1), "groups": 1}
    window: Any = {"kernel": (2, 2), "stride": (2, 2), "padding": ((0, 0), (0, 0)), "dilation": (1, 1)}
    z = conv(x, w, **params)
    y, switches = max_pool(z, **window)
    z_bar = unpool(y, switches=switches, size=(16, 16), **window)
    assert all(map(is_channels_last, (z, y, switches, z_bar, conv_input_grad(z_bar, w, size=(16, 16), **params))))


@pytest.mark.parametrize("n", [1, 64])
@pytest.mark.parametrize("special", [None, np.nan, -np.inf])
def test_max_pooling(n: int, special: float | None) -> None:
    x = draw(n, 8, 16, 16)
    if special is not None:
        x[0, 1, :2, :3] = special
    window: Any = {"kernel": (2, 2), "stride": (2, 2), "padding": ((0, 0), (0, 0)), "dilation": (1, 1)}
    (y, switches), (expected, places) = max_pool(channels_last(x), **window), max_pool(x, **window)
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(switches, places)
    for y_bar in (np.ones_like(y), channels_last(np.ones_like(y))):
        found = unpool(y_bar, switches=switches, size=(16, 16), **window)
        np.testing.assert_array_equal(found, unpool(np.ones_like(y), switches=places, size=(16, 16), **window))
