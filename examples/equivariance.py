"""Convolution is equivariant to shifts, and what breaks it: ``python examples/equivariance.py``.

The lecture on the three properties of convolutional networks: f(g(x)) = g(f(x)). Shifting the image by g and then
computing the feature map f gives the same as computing the map and then shifting it, since I′(x, y) = I(x − 1, y) is
scanned with the same weights. But the shift has to be the same for image and map:

- at a border of zeros it is not: pixels from inside are now next to zeros, and the other way round;
- with a stride S, or pooling, the map can only move by whole positions, that is, the image by multiples of S.

Weights and pixels are whole numbers, so equality is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg

SIZE = 12


def main() -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 10, size=(1, 1, SIZE, SIZE)).astype(float)
    w = rng.integers(-2, 3, size=(1, 1, 3, 3)).astype(float)

    def circular(x: Any, stride: int = 1) -> Any:
        """The image continues at its left after its right border, so there is no border."""
        return mg.conv2d(x, w, stride=stride, padding=1, padding_mode="circular")

    def among_zeros(x: Any) -> Any:
        return mg.conv2d(x, w, padding=1)

    def with_stride(x: Any) -> Any:
        return circular(x, stride=2)

    def with_pooling(x: Any) -> Any:
        return mg.max_pool2d(circular(x), 2)

    def largest(x: Any) -> Any:
        return circular(x).max(axis=(2, 3), keepdims=True)

    print(f"{'f: 3×3 filter and …':<26} {'shift of x':>10} {'of f(x)':>8}  |f(g(x)) − g(f(x))|  at columns")
    compare("circular padding", circular, x, 1, 1)
    compare("circular padding", circular, x, 5, 5)
    compare("zero padding", among_zeros, x, 1, 1)
    compare("zero padding", among_zeros, x, 3, 3)
    compare("stride 2, circular", with_stride, x, 2, 1)
    compare("stride 2, circular", with_stride, x, 1, 0)
    compare("stride 2, circular", with_stride, x, 1, 1)
    compare("2×2 pooling, circular", with_pooling, x, 2, 1)
    compare("2×2 pooling, circular", with_pooling, x, 1, 0)
    compare("2×2 pooling, circular", with_pooling, x, 1, 1)
    compare("global maximum, circular", largest, x, 1, 0)
    print("\nThe last one is invariant: it stays the same for every shift of the image.")


def compare(name: str, f: Callable[[Any], Any], x: Any, shift: int, shift_of_map: int) -> None:
    """Print how far f(g(x)) is from g(f(x)), for a cyclic shift to the right by whole columns."""
    difference = abs(f(np.roll(x, shift, axis=3)) - np.roll(f(x), shift_of_map, axis=3)).max(axis=(0, 1, 2))
    columns = "".join("■" if d else "·" for d in difference)
    verdict = "equal" if not difference.any() else f"up to {difference.max():.0f}"
    print(f"{name:<26} {shift:>10} {shift_of_map:>8}  {verdict:<19}  {columns}")


if __name__ == "__main__":
    main()
