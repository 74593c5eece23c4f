"""Batches of images as arrays that can be augmented, and results in their dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import minigrad as mg
from nn.hyperparameters import real_number

__all__ = [
    "as_images",
    "computed_in",
    "fill_in",
    "fill_of_mode",
    "padding_mode",
    "refuse_nonfinite",
    "rounded_to",
    "white_of",
]

DTYPES = (np.dtype(np.float32), np.dtype(np.uint8), np.dtype(np.float64), np.dtype(np.float16))
CHANNELS_OF_FILES = (1, 3, 4)  # grey, RGB, RGBA
MODES = ("constant", "edge", "reflect")


def as_images(name: str, given: Any) -> NDArray[Any]:
    """The images as an array (N, C, H, W).

    Raises:
        ValueError: if they have another number of axes, no pixels, or the channels last.
        TypeError: if they are not floating-point numbers or uint8, masked, or not an array.
    """
    mg.array_checks.refuse_lossy(given, name)
    images = np.asarray(given)
    if images.dtype not in DTYPES:
        raise TypeError(f"{name}: images have dtype {images.dtype}, expected float32 or uint8{_mend(images)}")
    if images.ndim != 4:
        hints = {2: "; one image is images[None, None]", 3: "; add the axis for C: images[:, None]"}
        raise ValueError(f"{name}: images have shape {images.shape}, expected (N, C, H, W){hints.get(images.ndim, '')}")
    _, channels, height, width = images.shape
    if not channels * height * width:
        raise ValueError(f"{name}: images of shape {images.shape[1:]} have no pixels, expected (N, C, H, W)")
    if width in CHANNELS_OF_FILES and min(channels, height) > max(CHANNELS_OF_FILES):
        raise ValueError(
            f"{name}: images have shape {images.shape}, which looks like (N, H, W, C), expected (N, C, H, W); "
            "move the channels: images.transpose(0, 3, 1, 2)"
        )
    return images


def refuse_nonfinite(name: str, images: NDArray[Any]) -> None:
    """Raise a ValueError if a pixel is infinite or NaN: interpolation would spread it to its neighbours."""
    if images.dtype == np.uint8 or not images.size or np.isfinite([images.max(), images.min()]).all():
        return
    bad = np.argwhere(~np.isfinite(images))
    n, c, y, x = bad[0].tolist()
    raise ValueError(
        f"{name}: images[{n}, {c}, {y}, {x}] is {images[n, c, y, x]}, one of {len(bad):,} numbers that are not "
        "finite; mend the data, or leave such images out: x[np.isfinite(x).all(axis=(1, 2, 3))]"
    )


def computed_in(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype to compute in: float64 for itself, otherwise float32."""
    return dtype if dtype == np.float64 else DTYPES[0]


def white_of(dtype: np.dtype[Any]) -> int:
    """What 1.0 is among images of a dtype: 255 for uint8, so that settings mean the same as for images / 255."""
    return 255 if dtype == np.uint8 else 1


def rounded_to(dtype: np.dtype[Any], images: NDArray[Any]) -> NDArray[Any]:
    """Computed images in the dtype of those that were given; uint8 rounded, and limited to 0 … 255."""
    if dtype == np.uint8:
        np.rint(images, out=images)
        np.clip(images, 0, 255, out=images)
    return images.astype(dtype, copy=False)


def fill_in(name: str, fill: float, dtype: np.dtype[Any]) -> float:
    """The value of new pixels, among images of this dtype.

    Raises:
        ValueError: if it is not from 0 to 1, and the images are uint8.
    """
    if dtype == np.uint8:
        if not 0 <= fill <= 1:
            mend = f"; write fill={fill / 255:.3g} for {fill:g} of 255" if 1 < fill <= 255 else ""
            raise ValueError(f"{name}: fill is {fill:g} and the images uint8, expected 0 … 1 from black to white{mend}")
        return float(round(255 * fill))
    return fill


def padding_mode(what: str, value: Any) -> str:
    """The name of a way to continue an image beyond its border, as in `numpy.pad`."""
    if value not in MODES:
        raise ValueError(f"{what} is {value!r}, expected one of {', '.join(map(repr, MODES))}, as in numpy.pad")
    return str(value)


def fill_of_mode(name: str, mode: str, fill: Any) -> float:
    """A value for new pixels, which only the mode "constant" has."""
    number = real_number(f"{name}: fill", fill)
    if number and mode != "constant":
        raise ValueError(f"{name}: fill is {fill}, but mode={mode!r} fills with pixels of the image; leave one out")
    return number


def _mend(images: NDArray[Any]) -> str:
    if images.dtype.kind in "iu":
        return "; write images.astype(np.uint8) for 0 … 255, or images / np.float32(255)"
    return "; write images.astype(np.float32)" * (images.dtype.kind in "bf")
