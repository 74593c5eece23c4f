"""Polynomials by their coefficients, the highest power first: values, the matrix of powers, and least squares."""

from __future__ import annotations

from operator import index

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.device import device_of, to_device
from minigrad.kernels.complex import require_real
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.powers import power
from minigrad.rules.linalg.matmul import matmul
from minigrad.rules.linalg.solve import pinv
from minigrad.rules.manipulation.conversion import in_floating_type
from minigrad.rules.reductions.norms import vector_norm
from minigrad.typing import Array
from minigrad.user_frame import warn

__all__ = ["polyfit", "polyval", "vander"]


@implements(np.polyval)
def polyval(p: Array, x: Array) -> Array:
    """``p[0] xⁿ + … + p[n−1] x + p[n]``, the polynomial with these coefficients, by Horner's scheme.

    Arguments:
        p: coefficients, the highest power first, shape ``(n + 1,)``.
        x: where to evaluate, of any shape.

    Raises:
        ValueError: if `p` is not a vector.

    >>> import minigrad as mg
    >>> mg.polyval([1.0, 2.0, 3.0], mg.Tensor([0.0, 1.0, 10.0]))
    Tensor([  3.,   6., 123.])
    """
    p, x = as_array(p, "polyval", x), as_array(x, "polyval", p)
    if p.ndim != 1:
        raise ValueError(f"polyval: got coefficients of shape {p.shape}, expected a vector, the highest power first")
    if p.size < 2:
        zeros = np.zeros_like(x) * x
        return zeros + p[0] if p.size else zeros
    y = p[0]
    for i in range(1, p.size):
        y = y * x + p[i]
    return y


@implements(np.vander)
def vander(x: Array, N: int | None = None, increasing: bool = False) -> Array:
    """The Vandermonde matrix, whose columns are powers of `x`: xᴺ⁻¹, …, x, 1.

    Arguments:
        N: the number of columns; that of rows if not given.
        increasing: whether the columns are 1, x, …, xᴺ⁻¹ instead.

    Raises:
        ValueError: if `x` is not a vector, or `N` is negative.

    >>> import minigrad as mg
    >>> mg.vander(mg.Tensor([1.0, 2.0, 3.0]))
    Tensor([[1., 1., 1.],
            [4., 2., 1.],
            [9., 3., 1.]])
    """
    x = as_array(x, "vander")
    if x.ndim != 1:
        raise ValueError(f"vander: got shape {x.shape}, expected a vector")
    powers = np.arange(x.size if N is None else index(N))
    powers = to_device((powers if increasing else powers[::-1]).astype(x.real.dtype), device_of(x))
    return power(x[:, None], powers)


@implements(np.polyfit)
def polyfit(x: Array, y: Array, deg: int, rcond: float | None = None, *, w: Array = None) -> Array:
    """The coefficients of the polynomial through the points (x, y) with the smallest sum of squared distances in y.

    The error signals are valid where the points determine the polynomial, as more than `deg` different positions do.

    Arguments:
        x: positions, shape ``(M,)``.
        y: values, shape ``(M,)``; or K columns of them, ``(M, K)``.
        deg: the degree of the polynomial.
        rcond: singular values below this fraction of the largest one count as 0; by default M times the dtype's `eps`.
        w: weights of the distances, which are multiplied before they are squared.

    Returns:
        The coefficients, the highest power first, shape ``(deg + 1,)`` or ``(deg + 1, K)``.

    Raises:
        ValueError: if the shapes do not fit, `deg` is negative, or there are no points.

    >>> import minigrad as mg
    >>> y = mg.Tensor([1.0, 3.0, 5.0], requires_grad=True)
    >>> slope, intercept = mg.polyfit([0.0, 1.0, 2.0], y, 1)
    >>> round(float(slope.data), 6), round(float(intercept.data), 6)
    (2.0, 1.0)
    >>> slope.backward()
    >>> y.grad.round(6) + 0.0
    array([-0.5,  0. ,  0.5])
    """
    x, y = as_array(x, "polyfit", y), as_array(y, "polyfit", x)
    x, y = in_floating_type(x), in_floating_type(y)
    if w is not None:
        w = as_array(w, "polyfit", x)
        require_real(w, "polyfit")
    if (
        x.ndim != 1
        or y.ndim not in (1, 2)
        or y.shape[:1] != x.shape
        or not x.size
        or (w is not None and w.shape != x.shape)
    ):
        weights = "" if w is None else f" and weights of shape {w.shape}"
        raise ValueError(
            f"polyfit: got positions of shape {x.shape}, values of shape {y.shape}{weights}, expected (M,) and (M,) or "
            "(M, K), M ≥ 1"
        )
    if index(deg) < 0:
        raise ValueError(f"polyfit: got deg={deg}, expected 0 or more")
    V = vander(x, deg + 1)
    if w is not None:
        V, y = w[:, None] * V, (w if y.ndim == 1 else w[:, None]) * y
    scale = vector_norm(V, axis=0)  # columns of one length, for precision
    V = V / scale
    rcond = x.size * float(np.finfo(x.dtype).eps) if rcond is None else rcond
    if np.linalg.matrix_rank(V, rcond * np.linalg.norm(V, 2)) <= deg:
        warn(f"polyfit: the {x.size} points do not determine a polynomial of degree {deg}; lower it")
    c = matmul(pinv(V, rcond), y)
    return c / (scale if y.ndim == 1 else scale[:, None])
