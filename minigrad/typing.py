"""Types that signatures share: arrays, axes, and the settings of windows.

Public as ``mg.typing``, but not among the names of ``from minigrad import *``, where it would hide Python's `typing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

__all__ = ["Array", "Axis", "Padding", "PerAxis"]

#: A NumPy or CuPy array, a NumPy scalar, a Tensor, or numbers that NumPy makes an array of. It is `Any` to a type
#: checker: NumPy itself does not describe which functions take which of these.
Array: TypeAlias = Any

#: One axis, several, or ``None`` for all of them.
Axis = int | tuple[int, ...] | None

#: One number for all axes of an image, or a sequence with one for each.
PerAxis = int | Sequence[int]

#: Padding of an image: as `PerAxis`, or with pairs (before, after) in place of numbers, or ``"same"`` or ``"valid"``.
Padding = int | str | Sequence[int | tuple[int, int]]
