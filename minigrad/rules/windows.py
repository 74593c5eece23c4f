"""What convolution and pooling ask of their arguments before anything is computed."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.windows import Pair, output_size

__all__ = ["check_fits", "pair"]


def pair(what: str, value: int | Pair, least: int) -> Pair:
    """One number for both axes, or a pair (rows, columns).

    Raises:
        ValueError: if it is neither, or too small.
    """
    both = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(both) != 2 or not all(isinstance(n, int | np.integer) and n >= least for n in both):
        raise ValueError(f"{what} must be a whole number ≥ {least}, or a pair (rows, columns) of them; got {value!r}")
    return int(both[0]), int(both[1])


def check_fits(what: str, size: Pair, kernel: Pair, stride: Pair, padding: Pair) -> None:
    """Raise a ValueError with the arithmetic in it, unless the window has at least one position."""
    for axis, n, f, s, p, positions in zip(
        ("rows", "columns"), size, kernel, stride, padding, output_size(size, kernel, stride, padding), strict=True
    ):
        if positions < 1:
            raise ValueError(
                f"{what} of {f} {axis} does not fit into {n} {axis} with padding {p}: "
                f"⌊(N − F + 2P) / S⌋ + 1 = ⌊({n} − {f} + 2·{p}) / {s}⌋ + 1 = {positions}; "
                f"use a window of at most {n + 2 * p}, or a padding of at least {-(-(f - n) // 2)}"
            )
