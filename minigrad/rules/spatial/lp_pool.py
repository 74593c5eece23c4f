"""Lp pooling: the p-norm of each window, as in L2-norm pooling.

Composed of powers and the sum over each window; the maximum over each window for p = ∞.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from minigrad.core.recording.scopes import records_arrays
from minigrad.kernels.overflow_safe_scaling import in_single_precision, size_out_of_range
from minigrad.rules.elementwise.complex import is_real, modulus
from minigrad.rules.manipulation.conversion import in_floating_type
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.safe_division import positive_power
from minigrad.rules.spatial.avg_pool import sum_pool
from minigrad.rules.spatial.max_pool import max_pool
from minigrad.rules.spatial.pool_arguments import as_images, pool_window
from minigrad.typing import Array, PerAxis

__all__ = ["lp_pool1d", "lp_pool2d", "lp_pool3d"]


def lp_pool1d(
    x: Array,
    norm_type: float,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    ceil_mode: bool = False,
    *,
    strict: bool = False,
) -> Array:
    """The norm of each window of a sequence: `lp_pool2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        norm_type, kernel_size, stride, ceil_mode, strict: as for `lp_pool2d`, in tuples of one.

    Returns:
        Shape ``(N, C, OL)``.

    Raises:
        ValueError: as `lp_pool2d`.

    >>> import minigrad as mg
    >>> mg.lp_pool1d([[[3.0, -4.0, 0.0, 2.0]]], 2, 2)
    array([[[5., 2.]]])
    """
    return _lp_pool(1, x, norm_type, kernel_size, stride, ceil_mode, strict)


def lp_pool2d(
    x: Array,
    norm_type: float,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    ceil_mode: bool = False,
    *,
    strict: bool = False,
) -> Array:
    """The norm of each window of an image, ``(Σ |x|ᵖ)^(1/p)``: p = 1 is the sum, p = ∞ the maximum of ``|x|``.

    With p = 2 it is the lecture's L2-norm pooling. An element that is 0 gets the error signal 0. x may be complex.

    PyTorch's function of this name takes xᵖ without the absolute value: the two agree where x ≥ 0 or p is even.
    PyTorch also scales up windows that `ceil_mode` cuts off; here they are the norm of the pixels they have.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        norm_type: p, greater than 0; ``np.inf`` for the maximum of ``|x|``.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        ceil_mode: whether to include a last window that reaches beyond the image, if it starts inside.
        strict: whether to refuse a last window that leaves pixels unseen, as for `max_pool2d`.

    Returns:
        Shape ``(N, C, OH, OW)`` with ⌊(N − F) / S⌋ + 1 windows along each axis.

    Raises:
        ValueError: if `x` is not four-dimensional, no window fits, `norm_type` is not such a number, or under `strict`
            the last window leaves pixels unseen.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor(np.array([[3.0, 0.0], [-4.0, 0.0]]).reshape(1, 1, 2, 2), requires_grad=True)
    >>> mg.lp_pool2d(x, 2, 2).backward()
    >>> x.grad[0, 0]
    array([[ 0.6,  0. ],
           [-0.8,  0. ]])
    """
    return _lp_pool(2, x, norm_type, kernel_size, stride, ceil_mode, strict)


def lp_pool3d(
    x: Array,
    norm_type: float,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    ceil_mode: bool = False,
    *,
    strict: bool = False,
) -> Array:
    """The norm of each window of a volume: `lp_pool2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        norm_type, kernel_size, stride, ceil_mode, strict: as for `lp_pool2d`, in tuples of three (planes, rows,
            columns).

    Returns:
        Shape ``(N, C, OD, OH, OW)``.

    Raises:
        ValueError: as `lp_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.lp_pool3d(np.ones((1, 1, 2, 2, 4)), 1, 2)
    array([[[[[8., 8.]]]]])
    """
    return _lp_pool(3, x, norm_type, kernel_size, stride, ceil_mode, strict)


def _lp_pool(
    axes: int, x: Array, p: float, kernel_size: PerAxis, stride: PerAxis | None, ceil_mode: bool, strict: bool
) -> Array:
    name = f"lp_pool{axes}d"
    if not isinstance(p, int | float | np.number) or isinstance(p, bool) or not p > 0:
        raise ValueError(
            f"{name}: norm_type must be a number greater than 0: 2 for the length, np.inf for the maximum; got {p!r}"
        )
    x = as_images(name, axes, x)
    x = x if is_real(x) else modulus(x)
    x = in_floating_type(x)  # the powers of int8 would overflow
    _, window = pool_window(name, x.shape[2:], kernel_size, stride, 0, 1, ceil_mode, strict)
    if p == inf:
        return max_pool(axes, abs(x), window)
    if p == 1:
        return sum_pool(axes, abs(x), window)
    return in_single_precision(_norm_of_windows, x, axes, p, window)


def _norm_of_windows(x: Array, axes: int, p: float, window: dict[str, Any]) -> Array:
    size = size_out_of_range(unwrap(x), p)
    if size is not None:
        return _norm_of_windows(x / size, axes, p, window) * size
    powers = np.square(x) if p == 2 else positive_power(abs(x), p) if p < 1 else abs(x) ** p
    total = sum_pool(axes, powers, window)
    return (
        np.sqrt(total) if p == 2 and not records_arrays() and not np.any(total == 0) else positive_power(total, 1 / p)
    )
