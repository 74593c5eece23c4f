"""Polynomials by their coefficients, the highest power first: values, least squares, arithmetic, slopes and roots."""

from __future__ import annotations

from operator import index

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.device import device_of, to_device, to_host
from minigrad.kernels.complex import require_real
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.elementwise.complex import real
from minigrad.rules.elementwise.powers import power
from minigrad.rules.linalg.decompositions.eig import eigvals
from minigrad.rules.linalg.matmul import matmul
from minigrad.rules.linalg.solve import pinv
from minigrad.rules.manipulation.conversion import astype, in_floating_type
from minigrad.rules.manipulation.join import concatenate, stack
from minigrad.rules.manipulation.shape import atleast_1d
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.norms import vector_norm
from minigrad.rules.signal.convolve import convolve
from minigrad.typing import Array
from minigrad.user_frame import warn

__all__ = [
    "poly", "polyadd", "polyder", "polydiv", "polyfit", "polyint", "polymul", "polysub", "polyval", "roots", "vander",
]  # fmt: skip


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
    refuse_gradient("polyfit", "rcond", rcond)
    rcond = x.size * float(np.finfo(x.dtype).eps) if rcond is None else rcond
    if np.linalg.matrix_rank(V, rcond * np.linalg.norm(V, 2)) <= deg:
        warn(f"polyfit: the {x.size} points do not determine a polynomial of degree {deg}; lower it")
    c = matmul(pinv(V, rcond), y)
    return c / (scale if y.ndim == 1 else scale[:, None])


# ---------------------------------------------------------------- arithmetic
def _coefficients(name: str, *ps: Array) -> list[Array]:
    found = [atleast_1d(as_array(p, name, *ps)) for p in ps]
    for p in found:
        if p.ndim != 1:
            raise ValueError(f"{name}: got coefficients of shape {p.shape}, expected a vector, the highest power first")
    return found


def _of_one_length(name: str, p: Array, q: Array) -> list[Array]:
    """The coefficients with zeros in front of the shorter ones."""
    found = _coefficients(name, p, q)
    n = max(p.size for p in found)
    return [concatenate([np.zeros_like(p, shape=n - p.size), p]) if p.size < n else p for p in found]


@implements(np.polyadd)
def polyadd(p: Array, q: Array) -> Array:
    """The coefficients of the sum of two polynomials.

    >>> import minigrad as mg
    >>> mg.polyadd([1.0, 2.0], mg.Tensor([9.0, 5.0, 4.0]))
    Tensor([9., 6., 6.])
    """
    p, q = _of_one_length("polyadd", p, q)
    return p + q


@implements(np.polysub)
def polysub(p: Array, q: Array) -> Array:
    """The coefficients of the difference of two polynomials.

    >>> import minigrad as mg
    >>> mg.polysub([1.0, 2.0], mg.Tensor([9.0, 5.0, 4.0]))
    Tensor([-9., -4., -2.])
    """
    p, q = _of_one_length("polysub", p, q)
    return p - q


@implements(np.polymul)
def polymul(p: Array, q: Array) -> Array:
    """The coefficients of the product of two polynomials, without the zeros that they begin with.

    >>> import minigrad as mg
    >>> mg.polymul(mg.Tensor([1.0, 2.0]), [1.0, -2.0])
    Tensor([ 1.,  0., -4.])
    """
    p, q = _coefficients("polymul", p, q)
    return convolve(p, q)[_leading_zeros(p) + _leading_zeros(q) :]


def _leading_zeros(p: Array) -> int:
    """How many coefficients before the first that is not 0; the last one counts in any case."""
    return int(p.size - max(1, np.trim_zeros(to_host(unwrap(p)), "f").size))


@implements(np.polydiv)
def polydiv(u: Array, v: Array) -> tuple[Array, Array]:
    """The quotient and the remainder of two polynomials: ``u = q v + r``.

    Raises:
        ValueError: if `v` begins with 0.

    >>> import minigrad as mg
    >>> mg.polydiv(mg.Tensor([3.0, 5.0, 2.0]), [2.0, 1.0])
    (Tensor([1.5 , 1.75]), Tensor([0.25]))
    """
    u, v = map(in_floating_type, _coefficients("polydiv", u, v))
    dtype = np.result_type(u.dtype, v.dtype)
    u, v = astype(u, dtype, copy=False), astype(v, dtype, copy=False)
    if not v[0]:
        raise ValueError(
            "polydiv: the divisor begins with 0, expected another number; mg.trim_zeros(v, 'f') leaves it out"
        )
    n, quotient = v.size, []
    while u.size >= n:
        quotient.append(u[0] / v[0])
        u = concatenate([u[1:n] - quotient[-1] * v[1:], u[n:]])
    if not quotient:
        return 0 * v[:1], u
    while u.size > 1 and np.allclose(u[0], 0):
        u = u[1:]
    return stack(quotient), u if u.size else np.zeros_like(v, shape=1)


@implements(np.polyder)
def polyder(p: Array, m: int = 1) -> Array:
    """The coefficients of the derivative of a polynomial.

    Arguments:
        m: which derivative.

    Raises:
        ValueError: if `m` is negative.

    >>> import minigrad as mg
    >>> mg.polyder(mg.Tensor([1.0, 2.0, 3.0]))
    Tensor([2., 2.])
    """
    (p,) = _coefficients("polyder", p)
    for _ in range(_times("polyder", m)):
        p = p[:-1] * _powers(p)[:-1]
    return p


@implements(np.polyint)
def polyint(p: Array, m: int = 1, k: Array = None) -> Array:
    """The coefficients of the integral of a polynomial.

    Arguments:
        m: how many times to integrate.
        k: the constants of integration, one for each time, or one for all; 0 by default.

    Raises:
        ValueError: if `m` is negative, or there are fewer constants.

    >>> import minigrad as mg
    >>> mg.polyint(mg.Tensor([6.0, 2.0]), k=5.0)
    Tensor([3., 2., 5.])
    """
    (p,) = _coefficients("polyint", p)
    m = _times("polyint", m)
    constants = [0.0] * m if k is None else list(_coefficients("polyint", k)[0])
    if len(constants) == 1:
        constants *= m
    if len(constants) < m:
        raise ValueError(f"polyint: got {len(constants)} constants, expected one or {m}")
    for i in range(m):
        p = in_floating_type(p)
        constant = as_array(constants[i], "polyint", p).reshape(1)
        p = concatenate([p / (_powers(p) + 1), astype(constant, np.result_type(p.dtype, constants[i]), copy=False)])
    return p


def _powers(p: Array) -> Array:
    """Of which each is the coefficient: n, …, 1, 0, in the dtype of p."""
    n = np.arange(p.size)[::-1]
    return to_device(n.astype(p.real.dtype) if p.dtype.kind in "fc" else n, device_of(p))


def _times(name: str, m: int) -> int:
    if index(m) < 0:
        raise ValueError(f"{name}: got m={m}, expected 0 or more; polyder and polyint undo each other")
    return m


# ---------------------------------------------------------------- roots
@implements(np.roots)
def roots(p: Array) -> Array:
    """The roots of a polynomial, complex if one of them is.

    A root that occurs several times has no derivative: NumPy warns of the division by 0, where it is exact.

    >>> import minigrad as mg
    >>> mg.roots(mg.Tensor([1.0, 0.0, -4.0]))
    Tensor([-2.,  2.])
    """
    return _roots(*_coefficients("roots", p))


def _roots_rule(x_bar: Array, x: Array, p: Array) -> Array:
    """A root moves by dx = −(dp)(x) / p′(x), so that p(x) stays 0."""
    return -vander(x, p.size).T @ (x_bar / polyval(polyder(p), x))


_roots = Primitive("roots", np.roots, _roots_rule)


@implements(np.poly)
def poly(x: Array) -> Array:
    """The coefficients of the polynomial with these roots, from 1 on; of a matrix those of its characteristic one.

    Arguments:
        x: roots, as often as they occur; or a square matrix, of its eigenvalues.

    Raises:
        ValueError: if `x` is neither a vector nor a square matrix.

    >>> import minigrad as mg
    >>> mg.poly(mg.Tensor([-2.0, 3.0]))
    Tensor([ 1., -1., -6.])
    """
    x = in_floating_type(atleast_1d(as_array(x, "poly")))
    if x.ndim == 2 and x.shape[0] == x.shape[1] > 0:
        x = eigvals(x)
    elif x.ndim != 1:
        raise ValueError(f"poly: got shape {x.shape}, expected a vector of roots, or a square matrix")
    one = np.ones_like(x, shape=1)
    p = one
    for i in range(x.size):
        p = convolve(p, concatenate([one, -x[i : i + 1]]))
    conjugates = p.dtype.kind == "c" and np.all(np.sort(unwrap(x)) == np.sort(np.conj(unwrap(x))))
    return real(p) if conjugates else p
