"""What holds for every transform: dtypes, layouts, sizes, random numbers, errors."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from nn.data import Brightness, Compose, Crop, Cutout, Flip, Noise, Rescale, Rotate, Shear, Transform, Translate
from nn.random import SampleGenerator

TRANSFORMS: list[Transform] = [
    Rotate(15),
    Rotate(15, mode="reflect"),
    Translate(0.1),
    Rescale(0.1),
    Shear(10),
    Flip(0.5, 0.5),
    Crop(2),
    Crop(1, "constant", fill=0.5),
    Noise(0.1),
    Brightness(0.2),
    Cutout(3),
    Compose(
        [Rotate(15, mode="edge"), Translate(0.1, mode="edge"), Flip(), Crop(1), Noise(0.1), Brightness(0.1), Cutout(2)]
    ),
]
every = pytest.mark.parametrize("transform", TRANSFORMS, ids=repr)


def images(*shape: int, dtype: Any = np.float32) -> Any:
    x = np.random.default_rng(0).random(shape)
    return (x * 255).astype(dtype) if dtype == np.uint8 else x.astype(dtype)


def numbers(samples: Any) -> SampleGenerator:
    return SampleGenerator(seed=1, epoch=2, samples=samples, purpose="transform")


@every
@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(7, 1, 8, 9), (3, 3, 6, 5), (0, 1, 8, 8), (1, 4, 5, 5)])
def test_shape_and_dtype_are_those_of_the_images(transform: Transform, shape: Any, dtype: Any) -> None:
    x = images(*shape, dtype=dtype)
    y = transform(x, numbers(np.arange(shape[0])))
    assert (y.shape, y.dtype) == (shape, dtype)
    assert y.flags.c_contiguous
    assert y.flags.writeable


@every
def test_the_images_stay_and_their_layout_does_not_matter(transform: Transform) -> None:
    x = images(5, 3, 8, 8)
    layouts = [x, np.asfortranarray(x), images(5, 8, 8, 3).transpose(0, 3, 1, 2), x[:, ::-1, ::-1], x[::2]]
    for layout in layouts:
        given = layout.copy()
        layout.flags.writeable = False
        y = transform(layout, numbers(np.arange(len(layout))))
        np.testing.assert_array_equal(layout, given)
        assert not np.shares_memory(y, layout)
        np.testing.assert_array_equal(y, transform(given, numbers(np.arange(len(layout)))))


@every
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_a_sample_depends_on_its_own_numbers_alone(transform: Transform, dtype: Any) -> None:
    x = images(300, 2, 8, 8, dtype=dtype)
    y = transform(x, numbers(np.arange(300)))
    for batch in (np.arange(300)[::-1], np.array([7]), np.array([250, 3, 3, 299])):
        np.testing.assert_array_equal(transform(x[batch], numbers(batch)), y[batch])


@every
def test_uint8_is_what_the_images_in_255ths_are(transform: Transform) -> None:
    """To a step for each rounding; noise is drawn in float32 for both."""
    x = images(20, 1, 8, 8, dtype=np.uint8) // 4 + 96  # far from 0 and 255, where uint8 is limited
    y = transform(x, numbers(np.arange(20))).astype(float)
    z = transform(x / np.float32(255), numbers(np.arange(20))) * 255
    assert np.abs(y - z).max() <= (2.5 if isinstance(transform, Compose) else 0.51)


@every
def test_seeds_and_generators_will_do_for_trying(transform: Transform) -> None:
    x = images(6, 1, 8, 8)
    np.testing.assert_array_equal(transform(x, 5), transform(x, rng=5))
    generator = np.random.default_rng(0)
    first, second = transform(x, generator), transform(x, generator)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, transform(x, np.random.default_rng(0)))


@every
def test_epochs_differ(transform: Transform) -> None:
    x = images(30, 1, 8, 8)
    first, second = (transform(x, SampleGenerator(0, epoch, np.arange(30), "transform")) for epoch in (1, 2))
    assert not np.array_equal(first, second)


@every
def test_it_is_pickled_and_says_what_it_is(transform: Transform) -> None:
    again = pickle.loads(pickle.dumps(transform))
    assert repr(again) == repr(transform)
    x = images(3, 1, 8, 8)
    np.testing.assert_array_equal(again(x, 0), transform(x, 0))


def test_what_is_printed() -> None:
    assert repr(Compose([Rotate(15), Flip()])) == (
        "Compose([Rotate(degrees=(-15.0, 15.0), mode='constant', fill=0.0), Flip(horizontal=0.5, vertical=0.0)])"
    )


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1)])
def test_images_of_one_row_or_pixel(size: Any) -> None:
    x = images(4, 1, *size)
    for transform in (Rotate(15, mode="reflect"), Translate(0.1), Rescale(0.1), Shear(9), Flip(1, 1), Crop(0)):
        assert transform(x, 0).shape == x.shape
    for transform in (Noise(0.1), Brightness(0.1), Cutout(1)):
        assert transform(x, 0).shape == x.shape


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (images(8, 8), ValueError, r"shape \(8, 8\), expected \(N, C, H, W\); one image is images\[None, None\]"),
        (images(2, 8, 8), ValueError, r"shape \(2, 8, 8\).*add the axis for C: images\[:, None\]"),
        (images(2, 8, 8, 3), ValueError, r"looks like \(N, H, W, C\).*images.transpose\(0, 3, 1, 2\)"),
        (images(2, 1, 0, 8), ValueError, r"shape \(1, 0, 8\) have no pixels"),
        (np.zeros((2, 1, 8, 8), int), TypeError, r"dtype int64, .* images.astype\(np.uint8\) for 0 … 255, or images /"),
        (np.zeros((2, 1, 8, 8), bool), TypeError, r"dtype bool, .* write images.astype\(np.float32\)"),
        (np.zeros((2, 1, 8, 8), ">f4"), TypeError, r"dtype >f4, .* write images.astype\(np.float32\)"),
        (np.zeros((2, 1, 8, 8), complex), TypeError, "dtype complex128, expected float32 or uint8$"),
        (np.ma.zeros((2, 1, 8, 8)), TypeError, "got a masked array"),
        (["a.png"], TypeError, "dtype <U5, expected float32 or uint8"),
    ],
    ids=lambda value: None,
)
def test_what_are_not_images(given: Any, error: Any, message: str) -> None:
    for transform in (Rotate(5), Noise(0.1), Compose([Flip()])):
        with pytest.raises(error, match=f"(Rotate|Noise|Flip|Compose): .*{message}"):
            transform(given, 0)


def test_numbers_for_other_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="Flip: rng has numbers for 3 samples, but there are 2 images"):
        Flip()(images(2, 1, 4, 4), numbers([0, 1, 2]))
    with pytest.raises(TypeError, match="rng: got 'seed', expected a seed"):
        Flip()(images(2, 1, 4, 4), "seed")


@pytest.mark.parametrize("transform", [Rotate(5, fill=255), Crop(1, "constant", fill=255), Cutout(2, fill=255)])
def test_the_fill_of_uint8_images_is_a_part_of_255(transform: Any) -> None:
    with pytest.raises(ValueError, match=r"fill is 255 and the images uint8, .*write fill=1 for 255 of 255"):
        transform(images(2, 1, 4, 4, dtype=np.uint8), 0)
    transform.fill = -0.5
    with pytest.raises(ValueError, match=r"fill is -0.5 and the images uint8, expected 0 … 1 from black to white$"):
        transform(images(2, 1, 4, 4, dtype=np.uint8), 0)


def test_a_tensor_is_taken_as_its_array() -> None:
    x = images(2, 1, 4, 4)
    np.testing.assert_array_equal(Flip()(mg.Tensor(x), 0), Flip()(x, 0))
