"""The upper and the lower triangle of a matrix, with 0 in the other one."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.convert_arguments import as_array, as_integers
from minigrad.typing import Array

__all__ = ["tril", "triu"]

# fmt: off

_triu = Primitive("triu", lambda x, k: np.triu(x, k),
                          lambda y_bar, y, x, k: np.triu(y_bar, k))
_tril = Primitive("tril", lambda x, k: np.tril(x, k),
                          lambda y_bar, y, x, k: np.tril(y_bar, k))
# fmt: on


@implements(np.triu)
def triu(x: Array, k: int = 0) -> Array:
    """The upper triangle of each matrix, shape ``(…, M, N)``: 0 below the k-th diagonal.

    >>> import minigrad as mg
    >>> mg.triu(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[1., 2.],
            [0., 4.]])
    """
    return _triu(as_array(x, "triu"), k=as_integers("triu", k))


@implements(np.tril)
def tril(x: Array, k: int = 0) -> Array:
    """The lower triangle of each matrix, shape ``(…, M, N)``: 0 above the k-th diagonal.

    >>> import minigrad as mg
    >>> mg.tril(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[1., 0.],
            [3., 4.]])
    """
    return _tril(as_array(x, "tril"), k=as_integers("tril", k))
