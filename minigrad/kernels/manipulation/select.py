"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np


def where(condition: Any, a: Any, b: Any) -> Any:
    """``np.where``, with a scalar for a scalar where NumPy gives a 0-d array."""
    return np.where(condition, a, b)[()]
