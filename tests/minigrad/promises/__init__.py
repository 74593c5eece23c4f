"""The page "Numerical promises", row by row: the docstring of each test is the first cell of its row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor

inf, nan = np.inf, np.nan


def slopes(f: Callable[..., Any], *xs: Any, signal: Any = None) -> Any:
    """The error signals of the arguments; of the sum, if no error signal is given. NumPy's warnings are silenced."""
    tensors = [Tensor(x, requires_grad=True, dtype=None if hasattr(x, "dtype") else float) for x in xs]
    with np.errstate(all="ignore"):
        y = f(*tensors)
        y.backward(np.ones(y.shape) if signal is None else signal)
    found = [None if t.grad is None else t.grad for t in tensors]
    return found[0] if len(xs) == 1 else found


def same(found: Any, expected: Any) -> None:
    """Equal to the last digit; NaN equals NaN."""
    np.testing.assert_array_equal(found, expected)
