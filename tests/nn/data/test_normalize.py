"""normalize: mean 0 and standard deviation 1."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from nn.data import normalize

IMAGES = np.random.default_rng(0).integers(0, 256, (50, 3, 8, 9), dtype=np.uint8)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64])
def test_each_channel_has_mean_0_and_standard_deviation_1(dtype: type) -> None:
    x, mean, std = normalize(IMAGES.astype(dtype))
    assert x.dtype == (np.float64 if dtype is np.float64 else np.float32)
    x = x.astype(np.float64)
    assert x.mean(axis=(0, 2, 3)) == pytest.approx([0, 0, 0], abs=1e-6)
    assert x.std(axis=(0, 2, 3)) == pytest.approx([1, 1, 1], abs=1e-6)
    scale = 255 if dtype is np.uint8 else 1
    assert mean == pytest.approx(IMAGES.mean(axis=(0, 2, 3)) / scale)
    assert std == pytest.approx(IMAGES.std(axis=(0, 2, 3)) / scale)


@pytest.mark.parametrize(("axis", "others"), [(None, None), (0, (1, 2, 3)), (3, (0, 1, 2)), (-1, (0, 1, 2))])
def test_other_axes(axis: int | None, others: tuple[int, ...] | None) -> None:
    values = IMAGES.astype(np.float64)
    x, mean, std = normalize(values, axis=axis)
    expected = (values - values.mean(axis=others, keepdims=True)) / values.std(axis=others, keepdims=True)
    np.testing.assert_allclose(x, expected, rtol=1e-12, atol=1e-12)
    assert mean.shape == std.shape == (() if axis is None else (values.shape[axis],))


def test_others_are_normalized_as_the_training_images() -> None:
    x, mean, std = normalize(IMAGES)
    assert (normalize(IMAGES[:7], mean, std).values == x[:7]).all()
    np.testing.assert_allclose(normalize(IMAGES / 255, mean, std).values, x, rtol=1e-5, atol=1e-6)
    one = normalize(IMAGES, 0.5, 0.5).values
    np.testing.assert_allclose(one, IMAGES / 127.5 - 1, rtol=1e-5, atol=1e-6)


def test_a_large_mean_takes_no_digits() -> None:
    values = np.random.default_rng(1).normal(1e6, 1, (4000, 2)).astype(np.float32)
    x = normalize(values).values
    x = x.astype(np.float64)
    assert x.mean(axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert x.std(axis=0) == pytest.approx([1, 1], abs=1e-6)


def test_a_constant_channel_becomes_0() -> None:
    values = np.stack([np.full(1000, 0.1), np.arange(1000.0)], axis=1)
    x, mean, std = normalize(values)
    assert abs(x[:, 0]).max() < 1e-14
    assert std[0] == 1
    assert (normalize(values, mean, std).values == x).all()
    assert mean[0] == pytest.approx(0.1)


def test_parts_are_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    x, mean, std = normalize(IMAGES)
    monkeypatch.setattr(import_module("nn.data.normalize"), "CHUNK", 1000)
    parts = normalize(IMAGES)
    np.testing.assert_allclose(parts.values, x, rtol=1e-6)
    np.testing.assert_allclose([parts.mean, parts.std], [mean, std], rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros((5, 28, 28)),), "axis=None for images without channels"),
        ((np.zeros((0, 3)),), r"there are no values \(shape \(0, 3\)\)"),
        ((np.array([[1.0, np.nan], [np.inf, 0]]),), r"2 of 4 values are not finite, the first is nan at \(0, 1\)"),
        ((IMAGES, 0.5), "give mean and std together"),
        ((IMAGES, 0.5, 0), r"std is \[0.0, 0.0, 0.0\], expected numbers greater than 0"),
        ((IMAGES, [0.1, 0.2], 1), r"mean has shape \(2,\), expected one number or 3, one for each channel"),
        ((IMAGES, np.nan, 1), "mean is nan, expected finite numbers"),
    ],
)
def test_errors(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        normalize(*arguments)  # type: ignore[arg-type]


def test_text_and_wrong_axes() -> None:
    with pytest.raises(TypeError, match="expected real numbers"):
        normalize(np.array(["a"]))
    with pytest.raises(ValueError, match="axis is 4, but the values have 4 axes"):
        normalize(IMAGES, axis=4)
    with pytest.raises(ValueError, match="one number"):
        normalize(IMAGES, [1, 2, 3], 1, axis=None)
