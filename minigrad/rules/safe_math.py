"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.rules.manipulation.select import where


def zero_grad_like(y_bar: Any) -> Any:
    """The error signal behind a function that is constant there: 0, also where ȳ is infinite and 0 · ȳ is NaN."""
    return where(True, 0, y_bar)


def nonzero_or_one(x: Any) -> Any:
    """x, and 1 where it is 0: to divide by, where what is divided is 0 or replaced."""
    at_0 = x == 0
    return where(at_0, 1, x) if np.any(at_0) else x


def safe_divide(a: Any, b: Any) -> Any:
    """a / b, and 0 where b is 0, with all its derivatives: at the tip of a cone no direction is the steepest."""
    tip = b == 0
    return where(tip, 0, a / nonzero_or_one(b)) if np.any(tip) else a / b
