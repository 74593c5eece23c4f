"""Class numbers one-hot encoded, and what may be wrong with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.recorder import recordable
from minigrad.typing import Array

__all__ = ["class_axis", "one_hot", "without_classes"]


def class_axis(ndim: int) -> int:
    """The axis of the classes in outputs of shape ``(C,)``, ``(N, C)`` or ``(N, C, d1, …)``."""
    return 1 if ndim > 2 else -1


def without_classes(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of class numbers for outputs of this shape.

    >>> without_classes((8, 10)), without_classes((8, 10, 28, 28))
    ((8,), (8, 28, 28))
    """
    return shape[:1] + shape[2:] if class_axis(len(shape)) == 1 else shape[:-1]


@recordable
def one_hot(
    name: str, labels: Array, shape: tuple[int, ...], dtype: Any, ignore_index: int | None = None
) -> tuple[Array, bool]:
    """Class numbers one-hot encoded, as an array of this shape; and whether some of them are ignored.

    Arguments:
        name: the function that was called.
        shape: of the outputs, ``(C,)``, ``(N, C)`` or ``(N, C, d1, …)``.
        ignore_index: a number that stands for no class: its row is 0.

    Raises:
        ValueError: if the labels do not have the shape without the classes, or one is not in 0 … C−1.
    """
    axis = class_axis(len(shape))
    classes, rows = shape[axis], without_classes(shape)
    if labels.shape != rows:
        raise ValueError(
            f"{name}: outputs of shape {shape} need class numbers of shape {rows}, got shape {labels.shape}"
            + _meant(labels.shape, shape, rows, axis)
        )
    ignored = None
    if labels.size:
        low, high = labels.min(), labels.max()
        if ignore_index is not None and (low < 0 or high >= classes or ignore_index >= 0):
            ignored = labels == ignore_index
            kept = labels[~ignored]
            low, high = (kept.min(), kept.max()) if kept.size else (0, 0)
        if low < 0 or high >= classes:
            raise ValueError(
                f"{name}: class numbers run from 0 to {classes - 1} for {classes} classes (outputs of shape {shape}), "
                f"got {low} … {high}"
                + ("; if they count from 1, write target - 1" if low == 1 and high == classes > 1 else "")
                + ("; for yes or no of one output use binary_cross_entropy_with_logits" if classes == 1 else "")
            )
    numbers = to_device(np.arange(classes), device_of(labels))
    place: Any = (..., None)  # an axis for the classes; np.expand_dims takes ten times as long
    if axis == 1:
        place = (slice(None), None)
        numbers = numbers.reshape((classes,) + (1,) * (len(shape) - 2))
    encoded = labels[place] == numbers
    if ignored is None or not ignored.any():
        return encoded.astype(dtype), False
    encoded &= ~ignored[place]
    return encoded.astype(dtype), True


def _meant(given: tuple[int, ...], shape: tuple[int, ...], rows: tuple[int, ...], axis: int) -> str:
    """How to make class numbers of labels of this shape."""
    if given == shape:
        return f"; of one-hot rows, write target.argmax(axis={axis})"
    if given == (*rows, 1):
        return "; write target[..., 0]"
    if len(shape) > 2 and given == shape[:-1]:
        return "; classes are on axis 1: write np.moveaxis(z, -1, 1) for outputs whose last axis they are"
    return ""
