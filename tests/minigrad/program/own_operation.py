"""An operation of a user's own, in a module that programs can import."""

import numpy as np
from numpy.typing import NDArray

import minigrad as mg

__all__ = ["doubled"]


@mg.primitive(lambda y_bar, y, x: 2.0 * y_bar)
def doubled(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """2 x."""
    return x * 2.0
