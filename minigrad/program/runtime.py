"""What a program needs at run time: conditions under which it holds, and operations by their registered names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minigrad.core.primitive import _registered
from minigrad.kernels.losses import one_hot as kernels
from minigrad.typing import Array

__all__ = ["OtherProgram", "expect", "expect_shape", "one_hot", "operation"]


class OtherProgram(ValueError):
    """The program was written for other numbers: an operation takes another way with these."""


def expect(value: Any, expected: Any) -> None:
    """Hold on if an operation would take another way with these numbers than with those of the recording.

    Raises:
        OtherProgram: if `value` is not what it was.

    >>> expect(1 < 2, True)
    """
    if value != expected and (value == value or expected == expected):
        raise OtherProgram(
            f"this program holds while a condition within an operation is {expected!r}, and with these numbers it is "
            f"{value!r}; compile the function for them"
        )


def expect_shape(value: Any, shape: tuple[int, ...]) -> None:
    """Hold on if a selection has another number of elements than in the recording.

    Raises:
        OtherProgram: if `value` has another shape.
    """
    if value.shape != shape:
        raise OtherProgram(
            f"this program holds while what is selected has shape {shape}, and with these numbers it is {value.shape}; "
            "compile the function for them"
        )


def operation(name: str) -> Callable[..., Any]:
    """The function of arrays that an operation computes, by its registered name."""
    return _registered(name).forward


def one_hot(
    labels: Array, shape: tuple[int, ...], dtype: Any, *, ignore_index: int | None = -100, name: str = "cross_entropy"
) -> Array:
    """Class numbers one-hot encoded for outputs of this shape, of which none is ignored, as in the recording.

    Raises:
        OtherProgram: if some are ignored: they do not count for the mean.
        ValueError: if one is not the number of a class.

    >>> import numpy as np
    >>> one_hot(np.array([1, 0]), (2, 2), np.float64)
    array([[0., 1.],
           [1., 0.]])
    """
    encoded, some_ignored = kernels.one_hot(name, labels, shape, dtype, ignore_index)
    if some_ignored:
        raise OtherProgram(
            f"this program holds while no label is {ignore_index}, which is ignored; compile the function for them"
        )
    return encoded
