"""Flips, and crops of images that were continued beyond their border: pixels move, and keep their values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.augmentation.images import fill_in, fill_of_mode, padding_mode
from nn.data.augmentation.transform import DrawnTransform
from nn.hyperparameters import Setting, finite_number, whole_number

__all__ = ["Crop", "Flip"]


class Flip(DrawnTransform):
    """Mirrors each image with a probability.

    Arguments:
        horizontal: the probability that left and right change places.
        vertical: the probability that top and bottom change places.

    Raises:
        ValueError: if a probability is not from 0 to 1.
        TypeError: if it is not a number.

    >>> import nn
    >>> images = np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2)
    >>> nn.data.Flip(horizontal=1.0)(images, rng=0)[0, 0]
    array([[1., 0.],
           [3., 2.]], dtype=float32)
    """

    n_numbers = 2
    horizontal = Setting(lambda what, value: finite_number(what, value, most=1))
    vertical = Setting(lambda what, value: finite_number(what, value, most=1))

    def __init__(self, horizontal: float = 0.5, vertical: float = 0.0) -> None:
        self.horizontal = horizontal
        self.vertical = vertical

    def apply(self, images: NDArray[Any], u: NDArray[np.float64]) -> NDArray[Any]:
        out = np.array(images, order="C")
        for chosen, mirror in (
            (u[0] < self.horizontal, np.s_[:, :, :, ::-1]),
            (u[1] < self.vertical, np.s_[:, :, ::-1]),
        ):
            out[chosen] = out[chosen][mirror]
        return out


class Crop(DrawnTransform):
    """Continues each image on all sides, and cuts out an image of the given size at a place that is drawn.

    The image moves by whole pixels, up to `padding` in each direction, so that nothing is blurred.

    Arguments:
        padding: how many pixels are added on each side; less than the height and width of the images.
        mode: what these pixels are: "reflect" for the image's mirror image, "edge" for the nearest pixel, "constant"
            for `fill`, as in `numpy.pad`.
        fill: the value of added pixels. For uint8 images 1.0 is 255.

    Raises:
        ValueError: if the padding is negative, or not less than the size of the images, or the mode is not known.
        TypeError: if the padding is not a whole number.

    >>> import nn
    >>> images = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    >>> nn.data.Crop(1)(images, rng=1)[0, 0]
    array([[4., 3., 4.],
           [7., 6., 7.],
           [4., 3., 4.]], dtype=float32)
    """

    n_numbers = 2
    padding = Setting(lambda what, value: whole_number(what, value, least=0))
    mode = Setting(padding_mode)

    def __init__(self, padding: int, mode: str = "reflect", *, fill: float = 0.0) -> None:
        self.padding = padding
        self.mode = mode
        self.fill = fill_of_mode("Crop", mode, fill)

    def apply(self, images: NDArray[Any], u: NDArray[np.float64]) -> NDArray[Any]:
        n, size = self.padding, images.shape[2:]
        if n >= min(size):
            raise ValueError(
                f"Crop: padding is {n} and the images are of {size[0]} × {size[1]} pixels, of which nothing might be "
                f"left; expected at most {min(size) - 1}"
            )
        options: Any = {"constant_values": fill_in("Crop", self.fill, images.dtype)} if self.mode == "constant" else {}
        padded = np.pad(images, ((0, 0), (0, 0), (n, n), (n, n)), self.mode, **options)
        windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=(2, 3))
        top, left = np.floor(u * (2 * n + 1)).astype(np.intp)
        return np.ascontiguousarray(windows[np.arange(len(images)), :, top, left])
