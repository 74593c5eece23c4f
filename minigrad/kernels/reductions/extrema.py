"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np


def largest(x: Any, axis: Any, keepdims: bool) -> Any:
    try:
        return x.max(axis=axis, keepdims=keepdims)
    except ValueError as error:
        raise _explained(error, "max", "largest", x, axis) from None


def smallest(x: Any, axis: Any, keepdims: bool) -> Any:
    try:
        return x.min(axis=axis, keepdims=keepdims)
    except ValueError as error:
        raise _explained(error, "min", "smallest", x, axis) from None


def _explained(error: ValueError, name: str, best: str, x: Any, axis: Any) -> ValueError:
    if x.size or isinstance(error, np.exceptions.AxisError):
        return error
    along = "" if axis is None else f" along axis {axis}"
    return ValueError(
        f"{name}: an array of shape {x.shape} has no {best} element{along}, for there is none; "
        "leave the empty axis out, or ask only where x.size > 0"
    )
