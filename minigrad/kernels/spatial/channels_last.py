"""Images whose channels lie next to each other in memory, pixel by pixel: the order N, H, W, C.

The shape stays (N, C, H, W), only the strides differ. oneDNN convolves such images without copying them into an order
of its own, and looks for the maxima of a window in many channels at once. An operation on images gives its result the
order of its input, as PyTorch's do: so the first convolution, of images that have few channels, puts them into this
order, and the rest follows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.recorder import recordable
from minigrad.typing import Array

__all__ = ["as_channels_last", "channels_last", "empty_channels_last", "empty_images", "is_channels_last"]


def is_channels_last(x: Array) -> bool:
    """Whether its channels lie next to each other; of a single channel the stride of that axis says it."""
    step = x.itemsize
    strides = [step]
    step *= x.shape[1]
    for n in x.shape[:1:-1]:
        strides.append(step)
        step *= n
    return bool(x.strides == (step, strides[0], *strides[:0:-1]))


def empty_images(shape: tuple[int, ...], dtype: Any, like: Array) -> Array:
    """An array of this shape for images, whose channels lie next to each other if those of `like` do."""
    usual = type(like) is not np.ndarray or (like.flags.c_contiguous and like.shape[1] > 1)  # without a call
    if usual or not is_channels_last(like):
        return np.empty_like(like, shape=shape, dtype=dtype, order="C")
    return empty_channels_last(shape, dtype)


def empty_channels_last(shape: tuple[int, ...], dtype: Any) -> Array:
    """An array of this shape for images, whose channels lie next to each other."""
    return np.empty((shape[0], *shape[2:], shape[1]), dtype).transpose(_places(len(shape)))


def as_channels_last(x: Array) -> Array:
    """The images themselves if their channels lie next to each other, or else in this order."""
    return x if is_channels_last(x) else channels_last(x)


@recordable
def channels_last(x: Array) -> Array:
    """A copy of the images, whose channels lie next to each other; of a single channel a view.

    >>> x = np.zeros((8, 3, 4, 5))
    >>> channels_last(x).shape, channels_last(x).strides
    ((8, 3, 4, 5), (480, 8, 120, 24))
    """
    if x.shape[1] == 1 and x.flags.c_contiguous:
        return x.reshape(x.shape[0], *x.shape[2:], 1).transpose(_places(x.ndim))
    y = np.empty((x.shape[0], *x.shape[2:], x.shape[1]), x.dtype).transpose(_places(x.ndim))
    y[...] = x
    return y


def _places(ndim: int) -> tuple[int, ...]:
    """Where the axes N, C, H, W lie in N, H, W, C."""
    return (0, ndim - 1, *range(1, ndim - 1))
