"""Complex values between a real input and a real loss: parts, conjugate, size and angle.

Parameters are real, and so is a loss, but a spectrum on the way from one to the other is complex. The error
signal of a complex z is the number z̄ by which dL = Re(z̄ dz): what multiplies dz is paired without conjugation,
so that the rules of every other table hold for complex numbers as they stand. Where a real value meets a complex
error signal, the engine keeps the real part: the value has no imaginary part that could move.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.elementwise.arithmetic import _abs
from minigrad.rules.safe_math import safe_divide

__all__ = ["abs", "angle", "conj", "imag", "real"]


# fmt: off


# Not `Unary`: these see the two parts of a number, so what they do to a small step is not multiplication.
_real    = Primitive("real",    np.real,     lambda y_bar, y, z: y_bar,                          symbol="Re")
_imag    = Primitive("imag",    np.imag,     lambda y_bar, y, z: y_bar * -1j,                    symbol="Im")
_conj    = Primitive("conj",    np.conj,     lambda y_bar, y, z: np.conj(y_bar))
_modulus = Primitive("modulus", np.absolute, lambda y_bar, y, z: safe_divide(y_bar * np.conj(z), y),  symbol="abs")
_angle   = Primitive("angle",   np.angle,    lambda y_bar, y, z: safe_divide(y_bar * -1j, z))
# fmt: on


def _is_real(z: Any) -> bool:
    return hasattr(z, "dtype") and z.dtype.kind in "biuf"


@implements(np.real)
def real(z: Any) -> Any:
    """The real part, element by element; a real Tensor is its own.

    >>> import minigrad as mg
    >>> mg.real(mg.Tensor([1.0 + 2.0j, 3.0 - 4.0j]))
    Tensor([1., 3.])
    """
    return z if _is_real(z) else _real(z)


@implements(np.imag)
def imag(z: Any) -> Any:
    """The imaginary part, element by element: a real number.

    >>> import minigrad as mg
    >>> x = mg.Tensor(0.5, requires_grad=True)
    >>> mg.imag(mg.exp(1j * x)).backward()  # sin x, whose derivative is cos x
    >>> print(round(float(x.grad), 4))
    0.8776
    """
    return _imag(z)


@implements(np.conjugate)
def conj(z: Any) -> Any:
    """The complex conjugate, element by element: the imaginary part with the other sign.

    >>> import minigrad as mg
    >>> mg.conj(mg.Tensor([1.0 + 2.0j, 3.0 - 4.0j]))
    Tensor([1.-2.j, 3.+4.j], dtype=complex128)
    """
    return z if _is_real(z) else _conj(z)


@implements(np.absolute)
def abs(z: Any) -> Any:
    """The absolute value ``|z|``, element by element, of real and of complex numbers; its slope at 0 is taken as 0.

    `np.fabs` is the same for real numbers.

    >>> import minigrad as mg
    >>> mg.abs(mg.Tensor([3.0 + 4.0j, -2.0]))
    Tensor([5., 2.])
    """
    return _abs(z) if _is_real(z) else _modulus(z)


@implements(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    """The angle from the positive real axis, −π … π, element by element.

    Where z is 0 there is no angle, and its derivative is taken as 0; on the negative real axis, where the angle
    jumps from π to −π, the derivative is that of either side, which are the same.

    Arguments:
        deg: in degrees.

    >>> import minigrad as mg
    >>> mg.angle(mg.Tensor([1.0 + 1.0j, -2.0j]), deg=True)
    Tensor([ 45., -90.])
    """
    return _angle(z) * (180 / np.pi) if deg else _angle(z)
