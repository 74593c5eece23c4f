"""Complex numbers between real inputs and a real loss: real and imaginary part, conjugate, modulus and angle.

Parameters and losses are real, but a spectrum on the way from one to the other is complex, and so may the arguments of
`grad` be. The error signal of a complex z is the number z̄ with dL = Re(z̄ dz), without conjugation, so that the rules of
every other table hold for complex numbers unchanged. Where a real value receives a complex error signal, the engine
keeps its real part: the value has no imaginary part that could move.
"""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.safe_division import safe_divide
from minigrad.typing import Array

__all__ = ["angle", "conj", "imag", "real", "real_if_close"]

# Not `Unary`: a small step dz, seen by its two parts, is not simply multiplied by a derivative.
# fmt: off
#                   name       forward      error signal of the argument
_real   = Primitive("real",    np.real,     lambda y_bar, y, z: y_bar,       symbol="Re",  axes=elementwise)
_imag   = Primitive("imag",    np.imag,     lambda y_bar, y, z: y_bar * -1j, symbol="Im",  axes=elementwise)
_conj   = Primitive("conj",    np.conj,     lambda y_bar, y, z: np.conj(y_bar),            axes=elementwise)
modulus = Primitive("modulus", np.absolute, lambda y_bar, y, z: y_bar * safe_divide(np.conj(z), y),
                                                                             symbol="abs", axes=elementwise)
_angle  = Primitive("angle",   np.angle,    lambda y_bar, y, z: y_bar * safe_divide(-1j, z),
                                                                                           axes=elementwise)
# fmt: on


def is_real(z: Array) -> bool:
    """Whether it is an array or a Tensor of real numbers; Python's numbers and lists are not looked into."""
    dtype = getattr(z, "dtype", None)
    return dtype is not None and dtype.kind in "biuf"


@implements(np.real)
def real(z: Array) -> Array:
    """The real part, element by element; a real Tensor is returned as it is.

    >>> import minigrad as mg
    >>> mg.real(mg.Tensor([1.0 + 2.0j, 3.0 - 4.0j]))
    Tensor([1., 3.])
    """
    return z if is_real(z) else _real(z)


@implements(np.imag)
def imag(z: Array) -> Array:
    """The imaginary part, element by element, as a real number.

    >>> import minigrad as mg
    >>> x = mg.Tensor(0.5, requires_grad=True)
    >>> mg.imag(mg.exp(1j * x)).backward()  # sin x, whose derivative is cos x
    >>> print(round(float(x.grad), 4))
    0.8776
    """
    return _imag(z)


@implements(np.conjugate)
def conj(z: Array) -> Array:
    """The complex conjugate, element by element: the imaginary part changes its sign.

    >>> import minigrad as mg
    >>> mg.conj(mg.Tensor([1.0 + 2.0j, 3.0 - 4.0j]))
    Tensor([1.-2.j, 3.+4.j], dtype=complex128)
    """
    return z if is_real(z) else _conj(z)


@implements(np.angle)
def angle(z: Array, deg: bool = False) -> Array:
    """The angle from the positive real axis, −π to π, element by element.

    At 0, which has no angle, the derivative is taken as 0. On the negative real axis the angle jumps from π to −π;
    its derivative is the same on both sides.

    Arguments:
        deg: whether the angle is in degrees.

    >>> import minigrad as mg
    >>> mg.angle(mg.Tensor([1.0 + 1.0j, -2.0j]), deg=True)
    Tensor([ 45., -90.])
    """
    return _angle(z) * (180 / np.pi) if deg else _angle(z)


@implements(np.real_if_close)
def real_if_close(z: Array, tol: float = 100) -> Array:
    """The real part, if all imaginary parts are as small as rounding makes them; otherwise `z` as it is.

    Arguments:
        tol: the limit of the imaginary parts: below 1 itself, above 1 in units of the dtype's `eps`.

    >>> import minigrad as mg
    >>> mg.real_if_close(mg.Tensor([1.0 + 1e-15j, 2.0]))
    Tensor([1., 2.])
    """
    z = as_array(z, "real_if_close")
    refuse_gradient("real_if_close", "tol", tol)
    if is_real(z):
        return z
    limit = tol * np.finfo(z.dtype).eps if tol > 1 else tol
    return real(z) if np.all(np.absolute(np.imag(z)) < limit) else z
