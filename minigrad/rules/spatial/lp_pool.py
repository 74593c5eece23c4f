"""TODO"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from minigrad.rules.manipulation.select import where
from minigrad.rules.safe_math import nonzero_or_one
from minigrad.rules.spatial.avg_pool import sum_pool
from minigrad.rules.spatial.max_pool import POOLS, images, windows_of
from minigrad.typing import PerAxis

__all__ = ["lp_pool1d", "lp_pool2d", "lp_pool3d"]


# ---------------------------------------------------------------- norms
def lp_pool1d(
    x: Any, norm_type: float, kernel_size: PerAxis, stride: PerAxis | None = None, ceil_mode: bool = False
) -> Any:
    """The norm of each window of a sequence: `lp_pool2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        norm_type, kernel_size, stride, ceil_mode: as for `lp_pool2d`, in tuples of one.

    Returns:
        Shape ``(N, C, OL)``.

    Raises:
        ValueError: as `lp_pool2d`.

    >>> import minigrad as mg
    >>> mg.lp_pool1d([[[3.0, -4.0, 0.0, 2.0]]], 2, 2)
    array([[[5., 2.]]])
    """
    return _norms("lp_pool1d", 1, x, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    x: Any, norm_type: float, kernel_size: PerAxis, stride: PerAxis | None = None, ceil_mode: bool = False
) -> Any:
    """The norm of each window of an image, ``(Σ |x|ᵖ)^(1/p)``: between their sum (p = 1) and their largest (p = ∞).

    With p = 2 it is the lecture's L2-norm pooling. An element that is 0 receives the error signal 0.

    PyTorch's function of this name takes xᵖ without the modulus, so that both agree where x ≥ 0 or p is even; and it
    scales up what `ceil_mode` leaves incomplete, where this is the norm of what there is.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        norm_type: p, greater than 0; ``np.inf`` for the largest size.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        ceil_mode: whether a last window that reaches beyond the image counts, if it starts inside.

    Returns:
        Shape ``(N, C, OH, OW)`` with ⌊(N − F) / S⌋ + 1 windows along each axis.

    Raises:
        ValueError: if `x` is not four-dimensional, no window fits, or `norm_type` is no such number.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor(np.array([[3.0, 0.0], [-4.0, 0.0]]).reshape(1, 1, 2, 2), requires_grad=True)
    >>> mg.lp_pool2d(x, 2, 2).backward()
    >>> x.grad[0, 0]
    array([[ 0.6,  0. ],
           [-0.8,  0. ]])
    """
    return _norms("lp_pool2d", 2, x, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    x: Any, norm_type: float, kernel_size: PerAxis, stride: PerAxis | None = None, ceil_mode: bool = False
) -> Any:
    """The norm of each window of a volume: `lp_pool2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        norm_type, kernel_size, stride, ceil_mode: as for `lp_pool2d`, in tuples of three (planes, rows, columns).

    Returns:
        Shape ``(N, C, OD, OH, OW)``.

    Raises:
        ValueError: as `lp_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.lp_pool3d(np.ones((1, 1, 2, 2, 4)), 1, 2)
    array([[[[[8., 8.]]]]])
    """
    return _norms("lp_pool3d", 3, x, norm_type, kernel_size, stride, ceil_mode)


def _norms(
    name: str, axes: int, x: Any, p: float, kernel_size: PerAxis, stride: PerAxis | None, ceil_mode: bool
) -> Any:
    if not isinstance(p, int | float | np.number) or isinstance(p, bool) or not p > 0:
        raise ValueError(f"{name}: norm_type is a number greater than 0, 2 for lengths, or np.inf; got {p!r}")
    x = images(name, axes, x)
    _, window = windows_of(name, x, kernel_size, stride, 0, 1, ceil_mode)
    if p == inf:
        return POOLS[axes](abs(x), **window)
    if p == 2:
        return _smooth(np.sqrt, sum_pool(axes, np.square(x), window))
    if p == 1:
        return sum_pool(axes, abs(x), window)
    sizes = _smooth(lambda size: size**p, abs(x)) if p % 1 else abs(x) ** p
    return _smooth(lambda total: total ** (1 / p), sum_pool(axes, sizes, window))


def _smooth(f: Any, x: Any) -> Any:
    """f(x), with the value 0 and the slope 0 where x is 0: powers have slopes there that are infinite, or no number."""
    at_0 = x == 0
    return where(at_0, 0, f(nonzero_or_one(x))) if np.any(at_0) else f(x)
