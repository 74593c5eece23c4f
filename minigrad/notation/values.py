"""Numbers and arrays as text, to four significant digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from minigrad.device import to_host

__all__ = ["extent", "is_small", "literal", "number", "show", "showing", "squeezed", "summary"]

_ROOM = 36  # columns, in a line of 80 that has a formula, too
_max_shown: ContextVar[int] = ContextVar("minigrad max_shown", default=6)


@contextmanager
def showing(max_shown: int) -> Iterator[None]:
    """Within, arrays are shown number by number up to `max_shown` × `max_shown`."""
    token = _max_shown.set(max_shown)
    try:
        yield
    finally:
        _max_shown.reset(token)


def number(value: Any) -> str:
    """A number to four significant digits, an integer in full, with a true minus sign.

    >>> number(-0.10508), number(3.0), number(65536), number(1 - 2j)
    ('−0.1051', '3', '65536', '1 − 2i')
    """
    item = value.item() if hasattr(value, "item") else value
    if isinstance(item, complex):
        return _complex(item, number)
    if isinstance(item, bool):
        return "1" if item else "0"  # a condition counts as a number in a formula
    text = str(item) if isinstance(item, int) else f"{item + 0.0:.4g}"  # −0 becomes 0
    return text.replace("-", "−")


def literal(value: Any) -> str:
    """A number written into a formula: with all its digits if they are few.

    >>> literal(1.00001), literal(0.1), literal(2 / 7)
    ('1.00001', '0.1', '0.2857')
    """
    item = value.item() if hasattr(value, "item") else value
    if isinstance(item, complex):
        return _complex(item, literal)
    text = "" if isinstance(item, int) else f"{item + 0.0:.10g}"
    return text.replace("-", "−") if text and len(text) <= 9 else number(item)


def _complex(z: complex, part: Callable[[float], str]) -> str:
    """``1 + 2i``; only one part where the other is 0."""
    real, imaginary = part(z.real), part(abs(z.imag))
    if imaginary == "0":
        return real
    unit = "i" if imaginary == "1" else f"{imaginary}i"
    if real == "0":
        return f"−{unit}" if z.imag < 0 else unit
    return f"{real} {'−' if z.imag < 0 else '+'} {unit}"


def is_small(value: Any) -> bool:
    """Whether an array can be shown number by number: few numbers in at most two axes, and few rows."""
    array, limit = squeezed(value), _max_shown.get()
    few = array.ndim == 0 or 0 < array.size <= limit**2
    return bool(few and array.ndim <= 2 and (array.ndim < 2 or len(array) <= limit))


def squeezed(value: Any) -> Any:
    """The array without leading axes of length 1 beyond two axes: a batch of one image is shown as a matrix."""
    array = np.asarray(to_host(value))
    while array.ndim > 2 and array.shape[0] == 1:
        array = array[0]
    return array


def extent(value: Any) -> tuple[str, str, str]:
    """Smallest and largest element and Euclidean norm, as text; for complex numbers of the absolute values."""
    array = np.asarray(to_host(value))
    array = np.abs(array) if np.iscomplexobj(array) else array
    norm = np.sqrt(np.sum(np.square(array, dtype=float)))
    return number(array.min()), number(array.max()), number(norm)


def summary(value: Any) -> str:
    """A large array in one line: shape, range and norm.

    >>> summary(np.arange(64.0).reshape(8, 8))
    '8×8, 0 … 63, norm 292.1'
    """
    array = np.asarray(to_host(value))
    shape = "×".join(map(str, array.shape)) + (" elements" if array.ndim == 1 else "")
    if not array.size:
        return f"{shape}, empty"
    low, high, norm = extent(array)
    size = "|z| = " if np.iscomplexobj(array) else ""
    return f"{shape}, {size}{low} … {high}, norm {norm}"


def show(value: Any, room: int = _ROOM) -> str:
    """A value as text: a number, a vector in a line, a small matrix in lines of its own, else its `summary`.

    Arguments:
        room: the columns that an array may take.

    >>> print(show([[1.0, -0.5], [2.0, 10.0]]))
    ⎡1  −0.5⎤
    ⎣2    10⎦
    """
    array = squeezed(value)
    if array.ndim == 0:
        return number(array)
    if not is_small(array):
        return summary(value)
    if array.ndim == 1:
        text = f"[{', '.join(map(number, array))}]"
        return text if len(text) <= room else summary(value)
    cells = [[number(x) for x in row] for row in array]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    if sum(widths) + 2 * len(widths) > room:
        return summary(value)
    rows = ["  ".join(text.rjust(n) for text, n in zip(row, widths, strict=True)) for row in cells]
    if len(rows) == 1:
        return f"[{rows[0]}]"
    left = ["⎡", *"⎢" * (len(rows) - 2), "⎣"]
    right = ["⎤", *"⎥" * (len(rows) - 2), "⎦"]
    return "\n".join(a + row + b for a, row, b in zip(left, rows, right, strict=True))
