"""Mean 0 and standard deviation 1 in each channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

import minigrad as mg
from nn.unsupported import explains_calls

__all__ = ["Normalized", "normalize"]

CHUNK = 1 << 20  # elements at a time


class Normalized(NamedTuple):
    """Normalized values, and what they were normalized with: ``x, mean, std = normalize(images)``."""

    values: NDArray[Any]
    mean: NDArray[Any]
    """One number for each channel, or a single one."""
    std: NDArray[Any]


@explains_calls
def normalize(
    values: ArrayLike,
    mean: ArrayLike | None = None,
    std: ArrayLike | None = None,
    *,
    axis: int | Literal["channels"] | None = "channels",
) -> Normalized:
    """(values − mean) / std, with mean and standard deviation of each channel.

    Bytes are divided by 255 first, so that `mean` and `std` are those of images from 0 to 1, as in a `Preprocessing`.

    Arguments:
        values: images (N, C, H, W), features (N, F) or another array of numbers.
        mean, std: from the training images, in order to normalize others in the same way; computed if not given.
        axis: the axis of channels, each of which has its own mean and standard deviation; ``None`` for one of all
            values. ``"channels"`` is axis 1, if there are 2, 4 or 5 axes.

    Returns:
        The values as float32, or float64 if they are float64, and mean and standard deviation, of shape (C,) or (). A
        channel that is the same everywhere has the standard deviation 1, and becomes 0.

    Raises:
        TypeError: if the values are not real numbers.
        ValueError: if there are none, some are infinite or NaN, the axis of channels is not known, or `mean` or `std`
            do not fit or only one of them is given.

    >>> train = np.array([[[[0, 255]]], [[[255, 0]]]], dtype=np.uint8)
    >>> x, mean, std = normalize(train)
    >>> x[0, 0], mean, std
    (array([[-1.,  1.]], dtype=float32), array([0.5]), array([0.5]))
    >>> normalize(np.full((1, 1, 1, 1), 255, np.uint8), mean, std).values.item()
    1.0
    """
    mg.array_checks.refuse_lossy(values, "normalize")
    given = np.asarray(values)
    if given.dtype.kind not in "iuf":
        raise TypeError(f"normalize: the values are {given.dtype.name}, expected real numbers")
    if not given.size:
        raise ValueError(f"normalize: there are no values (shape {given.shape})")
    channels = _axis_of_channels(given, axis)
    if (mean is None) != (std is None):
        raise ValueError("normalize: give mean and std together, or neither")
    dtype = given.dtype if given.dtype in (np.float32, np.float64) else np.dtype(np.float32)
    result = np.empty(given.shape, dtype)
    scale = 255 if given.dtype == np.uint8 else 1
    if mean is None or std is None:
        mean, std = _statistics(_channels_last(given, channels), channels is None, scale)
    else:
        n = None if channels is None else given.shape[channels]
        mean, std = _fitting("mean", mean, n), _fitting("std", std, n)
        if not (std > 0).all():
            raise ValueError(f"normalize: std is {std.tolist()}, expected numbers greater than 0")
    parts = zip(_parts(_channels_last(given, channels)), _parts(_channels_last(result, channels)), strict=True)
    for part, normalized in parts:
        normalized[...] = (part / np.float64(scale) - mean) / std
    return Normalized(result, mean, std)


def _axis_of_channels(values: NDArray[Any], axis: int | str | None) -> int | None:
    if axis is None:
        return None
    if axis == "channels":
        if values.ndim not in (2, 4, 5):
            raise ValueError(
                f"normalize: of values of shape {values.shape} it is not known which axis is that of the channels; "
                "write axis=None for images without channels, axis=1 for sequences (N, C, L)"
            )
        return 1
    if not isinstance(axis, int) or isinstance(axis, bool) or not -values.ndim <= axis < values.ndim:
        raise ValueError(f"normalize: axis is {axis!r}, but the values have {values.ndim} axes")
    return axis % values.ndim


def _channels_last(values: NDArray[Any], channels: int | None) -> NDArray[Any]:
    """A view with at least two axes, the last of them that of the channels."""
    return np.atleast_2d(values if channels is None else np.moveaxis(values, channels, -1))


def _statistics(values: NDArray[Any], together: bool, scale: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Mean and standard deviation of each channel, or of all `together`, in float64."""
    others = tuple(range(values.ndim - (not together)))
    count = values.size if together else values.size // values.shape[-1]
    mean = np.asarray(sum(part.sum(axis=others, dtype=np.float64) for part in _parts(values)) / count)
    if not np.isfinite(mean).all():
        raise ValueError(f"normalize: {_not_finite(values)}")
    variance = sum(((part - mean) ** 2).sum(axis=others) for part in _parts(values)) / count
    # Rounding leaves a channel that is the same everywhere a standard deviation of some 1e-17 of its value.
    std = np.asarray(np.sqrt(variance))
    return mean / scale, np.where(std <= 1e-12 * abs(mean), scale, std) / scale


def _parts(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """A part of the samples at a time, so that computing in float64 takes little memory."""
    step = max(1, CHUNK * len(values) // values.size)
    for start in range(0, len(values), step):
        yield values[start : start + step]


def _not_finite(values: NDArray[Any]) -> str:
    wrong = np.argwhere(~np.isfinite(values))
    first = tuple(int(i) for i in wrong[0])
    return f"{len(wrong)} of {values.size} values are not finite, the first is {values[first]} at {first}"


def _fitting(what: str, given: ArrayLike, n: int | None) -> NDArray[Any]:
    """One number, or one for each of n channels."""
    numbers = np.asarray(given, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError(f"normalize: {what} is {numbers.tolist()}, expected finite numbers")
    if numbers.ndim > 1 or numbers.size not in (1, n or 1):
        expected = "one number" + f" or {n}, one for each channel" * (n is not None)
        raise ValueError(f"normalize: {what} has shape {numbers.shape}, expected {expected}")
    return numbers.reshape(()) if n is None else np.broadcast_to(numbers.ravel(), n).copy()
