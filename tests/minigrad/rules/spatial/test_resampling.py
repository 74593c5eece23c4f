"""Resampling: which pixels contribute to which, scales, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.samples import PRIMITIVES

LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


@st.composite
def resizings(draw: Any) -> tuple[tuple[int, ...], dict[str, Any]]:
    """A shape, and arguments."""
    axes = draw(st.integers(1, 3))
    size = st.lists(st.integers(1, 6), min_size=axes, max_size=axes).map(tuple)
    mode = draw(st.sampled_from(["nearest", LINEAR[axes]]))
    params = {"mode": mode, "align_corners": mode != "nearest" and draw(st.booleans())}
    scales = st.lists(st.floats(1, 4), min_size=axes, max_size=axes).map(tuple)
    params |= {"size": draw(size)} if draw(st.booleans()) else {"scale_factor": draw(scales)}
    return (draw(st.integers(0, 2)), draw(st.integers(1, 2)), *draw(size)), params


@given(resizings())
def test_an_image_of_one_colour_keeps_it(resizing: Any) -> None:
    shape, params = resizing
    y = mg.upsample(np.full(shape, 7.0), **params)
    np.testing.assert_allclose(y, np.full(y.shape, 7.0))


@given(resizings(), st.integers(0, 99))
def test_the_rule_is_the_adjoint(resizing: Any, seed: int) -> None:
    shape, params = resizing
    assume(shape[0])
    rng = np.random.default_rng(seed)
    x = Tensor(rng.normal(size=shape), requires_grad=True)
    y = mg.upsample(x, **params)
    y_bar = rng.normal(size=y.shape)
    y.backward(y_bar)
    assert np.vdot(y.data, y_bar) == pytest.approx(np.vdot(x.data, x.grad), rel=1e-10, abs=1e-10)


@given(resizings())
def test_new_pixels_lie_between_their_neighbours(resizing: Any) -> None:
    shape, params = resizing
    for axis in range(2, len(shape)):
        rising = np.indices(shape)[axis].astype(float)
        assert np.all(np.diff(mg.upsample(rising, **params), axis=axis) >= -1e-12)


def test_nearest_repeats_or_leaves_out_pixels() -> None:
    x = np.array([[[1, 2, 3, 4]]])
    assert mg.upsample(x, scale_factor=2).tolist() == [[[1, 1, 2, 2, 3, 3, 4, 4]]]
    assert mg.upsample(x, scale_factor=0.5).tolist() == [[[1, 3]]]
    assert mg.upsample(x, size=3).tolist() == [[[1, 2, 3]]]
    assert mg.upsample(x, size=3).dtype == x.dtype


def test_means_of_integers_are_floats() -> None:
    assert mg.upsample(np.array([[[1, 2]]]), 3, mode="linear", align_corners=True).tolist() == [[[1, 1.5, 2]]]


def test_the_given_scale_is_used_not_the_ratio_of_the_sizes() -> None:
    """As in PyTorch: 3 pixels times 1.5 are 4, and the last of them lies before the last one of the image."""
    x = np.array([[[0.0, 1.0, 2.0]]])
    np.testing.assert_allclose(mg.upsample(x, scale_factor=1.5, mode="linear"), [[[0, 0.5, 7 / 6, 11 / 6]]])
    np.testing.assert_allclose(mg.upsample(x, size=4, mode="linear"), [[[0, 0.625, 1.375, 2]]])


def test_scales_that_give_the_same_or_with_nearest_twice_the_size_are_1_or_2() -> None:
    """As in PyTorch: an image of the same size is the same image, and one of twice the size has each pixel twice."""
    x = np.arange(16.0).reshape(1, 1, 16)
    for mode in ("nearest", "linear"):
        np.testing.assert_array_equal(mg.upsample(x, scale_factor=1.06, mode=mode), x)
    np.testing.assert_array_equal(mg.upsample(x, scale_factor=2.05), x.repeat(2, axis=2))
    y = mg.upsample(x, scale_factor=2.05, mode="linear")
    np.testing.assert_allclose(y[0, 0, -1], 31.5 / 2.05 - 0.5)
    np.testing.assert_array_equal(mg.upsample(x, scale_factor=3.05)[0, 0, -3:], np.floor(np.array([45, 46, 47]) / 3.05))


def test_images_without_channels() -> None:
    assert mg.upsample(np.ones((2, 0, 3, 4)), scale_factor=2).shape == (2, 0, 6, 8)


def test_a_nan_spoils_only_the_pixels_computed_from_it() -> None:
    x = np.array([[[1.0, np.nan, 3.0, 4.0]]])
    assert np.isnan(mg.upsample(x, scale_factor=2)).tolist() == [[[0, 0, 1, 1, 0, 0, 0, 0]]]
    y_bar = np.array([[[np.nan, 1.0, 2.0]]])
    found = PRIMITIVES["upsample_input_grad"](y_bar, size=(7,), steps=(7 / 3,), mode="nearest", align_corners=False)
    np.testing.assert_array_equal(found, [[[np.nan, 0, 1, 0, 2, 0, 0]]])


def test_the_formula_names_the_transpose() -> None:
    x = Tensor(np.ones((1, 1, 2, 2)), requires_grad=True, name="x")
    assert "x̄ = upsampleᵀ(ȳ)" in str(mg.explain(mg.sum(mg.upsample(x, 3).named("y") ** 2)))


@given(st.integers(0, 2), st.integers(1, 3), st.integers(0, 3), st.integers(1, 3), st.integers(1, 3))
def test_pixel_shuffle_puts_each_channel_at_its_offset(n: int, c: int, h: int, w: int, r: int) -> None:
    x = np.random.default_rng(0).normal(size=(n, c * r * r, h, w))
    y = mg.pixel_shuffle(x, r)
    assert y.shape == (n, c, h * r, w * r)
    for i, j in np.ndindex(r, r):
        np.testing.assert_array_equal(y[:, :, i::r, j::r], x[:, i * r + j :: r * r])


@pytest.mark.parametrize(
    ("shape", "params", "message"),
    [
        ((1, 1, 4), {}, r"got size=None and scale_factor=None, expected one of the two: size=32 for 32 pixels"),
        ((1, 1, 4), {"size": 2, "scale_factor": 2}, r"got size=2 and scale_factor=2"),
        ((4, 4), {"size": 2}, r"expected sequences \(N, C, L\), images .* got shape \(4, 4\); a single image of one"),
        (
            (3, 4, 4),
            {"size": 2, "mode": "bilinear"},
            r"mode='bilinear' for shape \(3, 4, 4\), expected 'nearest' or 'linear'; a single image needs a batch axis",
        ),
        ((1, 1, 0, 4), {"size": 2}, r"at least one pixel, got shape \(1, 1, 0, 4\)"),
        ((1, 1, 4, 4), {"size": 2, "mode": "cubic"}, r"got mode='cubic' .* expected 'nearest' or 'bilinear'$"),
        (
            (1, 1, 4, 4),
            {"size": 2, "align_corners": True},
            r"align_corners is for linear modes; leave it out with mode='nearest'",
        ),
        ((1, 1, 4, 4), {"size": 0}, r"size must be a whole number ≥ 1, or a pair \(rows, columns\); got 0"),
        ((1, 1, 4, 4), {"size": (2, 2, 2)}, r"size must be a whole number ≥ 1"),
        (
            (1, 1, 4, 4),
            {"scale_factor": -1},
            r"scale_factor must be a number above 0, or one for each of 2 axes; got -1",
        ),
        ((1, 1, 4, 4), {"scale_factor": 0}, r"scale_factor must be a number above 0"),
        ((1, 1, 4, 4), {"scale_factor": -0.5}, r"scale_factor must be a number above 0"),
        ((1, 1, 4, 4), {"scale_factor": float("inf")}, r"scale_factor must be a number above 0"),
        ((1, 1, 4, 4), {"scale_factor": (1.0, "2")}, r"scale_factor must be a number above 0"),
        ((1, 1, 4, 4), {"scale_factor": float("nan")}, r"scale_factor must be a number above 0"),
        (
            (1, 1, 4, 2),
            {"scale_factor": 0.3},
            r"leaves ⌊N · scale⌋ = ⌊2 · 0.3⌋ = 0 columns; use at least 1/2, or size=1",
        ),
    ],
)
def test_errors_about_the_size_say_how_to_mend_it(shape: Any, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^upsample: .*{message}"):
        mg.upsample(Tensor(np.zeros(shape)), **params)


@pytest.mark.parametrize(
    ("shape", "r", "message"),
    [
        (
            (1, 6, 2, 2),
            2,
            r"6 channels \(shape \(1, 6, 2, 2\), N C H W\) .* for each output channel, such as 4 or 8$",
        ),
        ((1, 3, 2, 2), 2, r"divided into r·r = 2·2 pixels each; .* for each output channel, such as 4$"),
        ((4, 2, 2), 2, r"expected images \(N, C·r², H, W\), got shape \(4, 2, 2\); a single image needs a batch axis"),
        ((1, 4, 2, 2), 0, r"upscale_factor must be a whole number ≥ 1; got 0$"),
        ((1, 4, 2, 2), 2.0, r"upscale_factor must be a whole number ≥ 1; got 2\.0$"),
    ],
)
def test_errors_about_the_channels_say_how_to_mend_it(shape: Any, r: int, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^pixel_shuffle: .*{message}"):
        mg.pixel_shuffle(Tensor(np.zeros(shape)), r)
