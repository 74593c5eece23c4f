"""What all augmentations are: functions of a batch of images and random numbers, of which each sample has its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.augmentation.images import as_images
from nn.random import SampleGenerator, seed_of
from nn.unsupported import Explained

__all__ = ["DrawnTransform", "Transform", "draw_columns", "numbers_for"]


class Transform(Explained, ABC):
    """A random change of images: ``transform(images, rng)``, with images (N, C, H, W) in and out.

    The result is a new array of the same dtype; float32, float64, float16 and uint8 are taken. Among uint8 images,
    settings mean what they mean for the images / 255: ``Noise(0.1)`` adds 25.5 on average, and the result is rounded.

    Arguments:
        images: shape (N, C, H, W). They are not changed.
        rng: the `SampleGenerator` that a `DataLoader` passes on. For trying, a seed or a generator, as for
            `numpy.random.default_rng`; sample i of the batch then gets the i-th numbers.

    Raises:
        ValueError: if the images have another shape.
        TypeError: if they have another dtype.
    """

    def __call__(self, images: Any, rng: Any) -> NDArray[Any]:
        x = as_images(self.name, images)
        return self.transform(x, numbers_for(self.name, len(x), rng))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    @property
    def name(self) -> str:
        """What its errors begin with."""
        return type(self).__name__

    @abstractmethod
    def transform(self, images: NDArray[Any], rng: SampleGenerator) -> NDArray[Any]:
        """New images, for checked ones."""


class DrawnTransform(Transform):
    """A transform that takes a few uniform random numbers for each sample; `Compose` draws those of all at once."""

    #: How many it takes.
    n_numbers = 1

    def transform(self, images: NDArray[Any], rng: SampleGenerator) -> NDArray[Any]:
        return self.apply(images, draw_columns(rng, self.n_numbers))

    @abstractmethod
    def apply(self, images: NDArray[Any], u: NDArray[np.float64]) -> NDArray[Any]:
        """New images, for random numbers u from 0 to 1, (n_numbers, N)."""


def draw_columns(rng: SampleGenerator, n_numbers: int) -> NDArray[np.float64]:
    """Uniform random numbers, (n_numbers, N).

    Contiguous, as NumPy computes cosines of strided arrays by other code, with other last digits: the number of
    samples must not matter.
    """
    return np.ascontiguousarray(rng.random((n_numbers,)).T)


def numbers_for(name: str, n: int, rng: Any) -> SampleGenerator:
    """Random numbers for n samples, from what `Transform` takes as rng."""
    if isinstance(rng, SampleGenerator):
        if len(rng) != n:
            raise ValueError(f"{name}: rng has numbers for {len(rng)} samples, but there are {n} images")
        return rng
    return SampleGenerator(seed_of(rng), epoch=0, samples=np.arange(n), purpose="transform")
