"""Numbers as captions and axes write them."""

from __future__ import annotations

from typing import Any

__all__ = ["power_of_ten", "short"]

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: Any) -> str:
    """Two digits of a number, with a minus sign as long as a plus.

    >>> short(-0.01234), short(-2e-7)
    ('−0.012', '−2e−07')
    """
    return f"{value:.2g}".replace("-", "−")


def power_of_ten(exponent: int) -> str:
    """
    >>> power_of_ten(-3)
    '10⁻³'
    """
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"
