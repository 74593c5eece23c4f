"""Types that signatures share; those of arrays and windows are minigrad's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import minigrad as mg

__all__ = ["Array", "Loss", "Padding", "PerAxis"]

Array: TypeAlias = mg.typing.Array
PerAxis: TypeAlias = mg.typing.PerAxis
Padding: TypeAlias = mg.typing.Padding

#: Takes outputs and targets, and returns a single number.
Loss: TypeAlias = Callable[[Array, Array], Array]
