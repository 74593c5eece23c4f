"""Changes of the values of pixels: noise, brightness, and squares that are cut out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.augmentation.images import computed_in, fill_in, rounded_to, white_of
from nn.data.augmentation.intervals import around_one, between
from nn.data.augmentation.transform import DrawnTransform, Transform
from nn.hyperparameters import Setting, finite_number, real_number, whole_number
from nn.random import SampleGenerator

__all__ = ["Brightness", "Cutout", "Noise"]


class Noise(Transform):
    """Adds Gaussian noise, which is drawn for each pixel and channel.

    Arguments:
        std: its standard deviation, in the unit of the images. For uint8 images 1.0 is 255; they are limited to
            0 … 255, images of floats are not limited.

    Raises:
        ValueError: if it is negative, infinite or NaN.
        TypeError: if it is not a number.

    >>> import nn
    >>> images = np.zeros((2, 1, 28, 28), dtype=np.float32)
    >>> nn.data.Noise(0.1)(images, rng=0).std().round(2)
    np.float32(0.1)
    """

    std = Setting(finite_number)

    def __init__(self, std: float) -> None:
        self.std = std

    def transform(self, images: NDArray[Any], rng: SampleGenerator) -> NDArray[Any]:
        noise = rng.standard_normal(images.shape[1:], computed_in(images.dtype))
        noise *= self.std * white_of(images.dtype)
        noise += images
        return rounded_to(images.dtype, noise)


class Brightness(DrawnTransform):
    """Multiplies each image by a factor that is drawn uniformly: black stays black.

    Black is 0, so images that are to have mean 0 are normalized afterwards.

    Arguments:
        factor: how far the factor is from 1: 0.2 draws factors from 0.8 to 1.2; or a pair (low, high). uint8 images
            are limited to 255, images of floats are not limited.

    Raises:
        ValueError: if a factor may be negative, is infinite or NaN, or a pair is not in order.
        TypeError: if it is not a number.

    >>> import nn
    >>> images = np.full((1, 1, 1, 2), 100, dtype=np.uint8)
    >>> nn.data.Brightness((1.5, 1.5))(images, rng=0)
    array([[[[150, 150]]]], dtype=uint8)
    """

    factor = Setting(around_one)

    def __init__(self, factor: float | Sequence[float]) -> None:
        self.factor = factor

    def apply(self, images: NDArray[Any], u: NDArray[np.float64]) -> NDArray[Any]:
        dtype = computed_in(images.dtype)
        factors = between(self.factor, u[0]).astype(dtype)[:, None, None, None]
        return rounded_to(images.dtype, np.multiply(images, factors, dtype=dtype, order="C"))


class Cutout(DrawnTransform):
    """Covers a square of each image, whose middle is drawn among all pixels; at the border a part of it is left.

    Source: DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout", 2017.

    Arguments:
        size: the height and width of the square in pixels, at most those of the images.
        fill: its value. For uint8 images 1.0 is 255.

    Raises:
        ValueError: if the size is less than 1 or larger than the images, or `fill` is infinite or NaN.
        TypeError: if the size is not a whole number.

    >>> import nn
    >>> images = np.ones((1, 1, 4, 4), dtype=np.float32)
    >>> nn.data.Cutout(2)(images, rng=0)[0, 0]
    array([[1., 1., 1., 1.],
           [1., 1., 1., 1.],
           [1., 1., 0., 0.],
           [1., 1., 0., 0.]], dtype=float32)
    """

    n_numbers = 2
    size = Setting(lambda what, value: whole_number(what, value, least=1))
    fill = Setting(real_number)

    def __init__(self, size: int, fill: float = 0.0) -> None:
        self.size = size
        self.fill = fill

    def apply(self, images: NDArray[Any], u: NDArray[np.float64]) -> NDArray[Any]:
        size = images.shape[2:]
        if self.size > min(size):
            raise ValueError(
                f"Cutout: size is {self.size} and the images are of {size[0]} × {size[1]} pixels, "
                f"expected at most {min(size)}"
            )
        rows, columns = (self._covered(u[axis], size[axis]) for axis in (0, 1))
        out = np.array(images, order="C")
        fill = out.dtype.type(fill_in("Cutout", self.fill, images.dtype))
        np.copyto(out, fill, where=rows[:, None, :, None] & columns[:, None, None, :])
        return out

    def _covered(self, u: NDArray[np.float64], n: int) -> NDArray[np.bool_]:
        """Which of n rows or columns are covered, (N, n)."""
        first = np.floor(u * n)[:, None] - self.size // 2
        place = np.arange(n) - first
        covered: NDArray[np.bool_] = (place >= 0) & (place < self.size)
        return covered
