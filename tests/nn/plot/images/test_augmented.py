"""Images before and after a random transform."""

from typing import Any

import numpy as np
import pytest

from nn import plot
from nn.data import Brightness, Compose, Flip, Noise, Rotate, Translate
from nn.random import SampleGenerator
from tests.helpers.figures import overlaps, texts

pytest.importorskip("matplotlib")


def digits(*shape: int) -> Any:
    return np.random.default_rng(0).random(shape).astype(np.float32)


def shown(figure: Any) -> Any:
    return [np.asarray(image.get_array()) for image in figure.axes[0].images]


def test_sixteen_pairs_of_given_and_augmented_images() -> None:
    x = digits(20, 1, 8, 8)
    transform = Compose([Rotate(15), Translate(0.1)])
    figure = plot.augmented(x, transform, rng=3)
    images = shown(figure)
    assert len(images) == 32
    np.testing.assert_allclose(images[::2], x[:16, 0])
    numbers = SampleGenerator(3, 1, np.arange(16), "transform")
    np.testing.assert_allclose(images[1::2], transform(x[:16], numbers)[:, 0])
    assert texts(figure) == ["16 augmented images", "left as given, right augmented"]
    np.testing.assert_array_equal(shown(plot.augmented(x, [Rotate(15), Translate(0.1)], rng=3)), images)


def test_one_image_is_shown_with_other_numbers_each_time() -> None:
    images = shown(plot.augmented(digits(1, 8, 8), Rotate(30), rng=0, limit=4))
    assert len(images) == 8
    np.testing.assert_array_equal(images[0], images[6])
    assert all(not np.array_equal(images[1], other) for other in images[3::2])


def test_both_have_the_scale_of_the_given_images() -> None:
    """Otherwise each would be stretched to its own black and white, and brightness could not be seen."""
    x = np.full((1, 1, 2, 2), 0.5)
    np.testing.assert_allclose(
        shown(plot.augmented(x, Brightness((0.5, 0.5)), limit=1)), [[[0.5] * 2] * 2, [[0.25] * 2] * 2]
    )
    bytes_ = np.full((1, 2, 2), 51, np.uint8)
    np.testing.assert_allclose(shown(plot.augmented(bytes_, Brightness((2, 2)), limit=1))[1], 0.4)
    standardized = np.array([-1.0, 0.0, 3.0, 1.0]).reshape(1, 1, 2, 2)
    np.testing.assert_allclose(shown(plot.augmented(standardized, Flip(0), limit=1))[1], [[0, 0.25], [1, 0.5]])
    assert shown(plot.augmented(np.full((1, 2, 2), 7e9), Flip(), limit=1))[0].tolist() == [[0, 0], [0, 0]]
    noisy = shown(plot.augmented(x, Noise(2), rng=0))[1::2]
    assert (np.min(noisy), np.max(noisy)) == (0, 1)


def test_colours_keep_their_place() -> None:
    x = np.zeros((1, 3, 2, 2), np.uint8)
    x[0, 1] = 255  # green
    for image in shown(plot.augmented(x, Flip(1), limit=1)):
        assert image[0, 0].tolist() == [0, 1, 0]


@pytest.mark.parametrize("shape", [(3, 28, 28), (3, 1, 8, 40), (3, 3, 40, 8)])
@pytest.mark.parametrize("limit", [1, 2, 7, 16, 30])
def test_nothing_overlaps(shape: Any, limit: int) -> None:
    figure = plot.augmented(digits(*shape), Flip(), limit=limit)
    assert len(figure.axes[0].images) == 2 * limit
    assert overlaps(figure) == []


def test_a_transform_may_change_the_size_and_nothing_is_changed_in_place() -> None:
    x = digits(2, 1, 6, 6)
    given = x.copy()

    def doubled(images: Any) -> Any:
        images *= 2
        return images[:, :, :3, :4]

    assert shown(plot.augmented(x, doubled, limit=2))[1].shape == (3, 4)
    np.testing.assert_array_equal(x, given)


def test_errors() -> None:
    x = digits(2, 1, 6, 6)
    with pytest.raises(ValueError, match=r"shape \(6, 6\).*one image is images\[None\]"):
        plot.augmented(x[0, 0], Flip())
    with pytest.raises(ValueError, match=r"shape \(2, 6, 6, 3\).*transpose\(0, 3, 1, 2\)"):
        plot.augmented(digits(2, 6, 6, 3), Flip())
    with pytest.raises(ValueError, match=r"there are no images, their shape is \(0, 1, 6, 6\)"):
        plot.augmented(x[:0], Flip())
    with pytest.raises(ValueError, match="some pixels are infinite or NaN"):
        plot.augmented(x * np.nan, Flip())
    with pytest.raises(TypeError, match=r"augmented: transform is <class .*Flip'>, .*write Flip\(…\)"):
        plot.augmented(x, Flip)
    with pytest.raises(ValueError, match=r"the transform returned shape \(2, 36\) for images of shape \(2, 1, 6, 6\)"):
        plot.augmented(x, lambda x: x.reshape(len(x), -1), limit=2)
    with pytest.raises(ValueError, match="augmented: limit is 0, expected at least 1"):
        plot.augmented(x, Flip(), limit=0)
