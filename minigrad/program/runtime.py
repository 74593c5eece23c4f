"""What a program needs at run time: conditions under which it holds, and operations by their registered names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minigrad.core.primitive import _registered

__all__ = ["OtherProgram", "expect", "expect_shape", "operation"]


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
