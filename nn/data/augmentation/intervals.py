"""Settings that are drawn for each sample: a number is how far they vary, a pair is their range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nn.hyperparameters import finite_number, real_number

__all__ = ["around_one", "around_zero", "between"]

Interval = tuple[float, float]


def around_zero(what: str, value: Any) -> Interval:
    """15 is the range from -15 to 15, and a pair is itself.

    Raises:
        TypeError: if it is neither a number nor a pair of numbers.
        ValueError: if a number is infinite, NaN or negative, or the pair is not in order.

    >>> around_zero("Rotate: degrees", 15), around_zero("Rotate: degrees", (0, 90))
    ((-15.0, 15.0), (0.0, 90.0))
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _pair(what, value)
    width = finite_number(what, value)
    return -width or 0.0, width


def around_one(what: str, value: Any) -> Interval:
    """0.2 is the range of factors from 0.8 to 1.2, and a pair is itself.

    Raises:
        TypeError, ValueError: as `around_zero`, and if a factor would be negative.

    >>> around_one("Rescale: factor", 0.25), around_one("Rescale: factor", (1, 2))
    ((0.75, 1.25), (1.0, 2.0))
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        low, high = _pair(what, value)
        if low < 0:
            raise ValueError(f"{what} is {value}, but factors must not be negative")
        return low, high
    width = finite_number(what, value)
    if width > 1:
        raise ValueError(
            f"{what} is {value}, expected at most 1: 0.2 draws factors from 0.8 to 1.2; "
            f"for a range of factors write a pair, ({1 / width:.3g}, {width:.3g})"
        )
    return 1 - width, 1 + width


def between(interval: Interval, u: Any) -> Any:
    """Random numbers from 0 to 1, stretched to an interval; one of no width gives its number exactly."""
    low, high = interval
    return low + (high - low) * u


def _pair(what: str, value: Any) -> Interval:
    if len(value) != 2:
        raise ValueError(f"{what} has {len(value)} numbers, expected one, or a pair (low, high)")
    low, high = (real_number(f"{what}[{i}]", number) for i, number in enumerate(value))
    if low > high:
        raise ValueError(f"{what} is {value}, expected (low, high) with low ≤ high; write ({high:g}, {low:g})")
    return low, high
