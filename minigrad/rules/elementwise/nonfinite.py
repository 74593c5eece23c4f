"""Replacing NaN and infinities, which no slope can cross."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.elementwise.complex import imag, is_real, real
from minigrad.rules.manipulation.select import where
from minigrad.typing import Array

__all__ = ["nan_to_num"]


def _where_finite(y_bar: Array, x: Array) -> Array:
    """ȳ where x was kept, 0 where it was replaced; of a complex x both parts by themselves."""
    if is_real(x):
        return where(np.isfinite(x), y_bar, 0)
    parts = where(np.isfinite(np.real(x)), real(y_bar), 0), where(np.isfinite(np.imag(x)), imag(y_bar), 0)
    return parts[0] + 1j * parts[1]


_nan_to_num = Primitive(
    "nan_to_num",
    lambda x, nan, posinf, neginf: np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf),
    lambda y_bar, y, x, nan, posinf, neginf: _where_finite(y_bar, x),
    axes=elementwise,
)


@implements(np.nan_to_num)
def nan_to_num(
    x: Array, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Array:
    """`x` with numbers in place of NaN and infinities; what is replaced gets the error signal 0.

    Arguments:
        copy: ignored, since a Tensor's value is never written into.
        nan: what replaces NaN.
        posinf, neginf: what replaces ∞ and −∞; by default the largest and the smallest number of the dtype.

    Raises:
        TypeError: if a replacement is a Tensor that requires gradients.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor([1.0, np.nan, np.inf], requires_grad=True)
    >>> y = mg.nan_to_num(x, posinf=9.0)
    >>> y.data
    array([1., 0., 9.])
    >>> y.sum().backward()
    >>> x.grad
    array([1., 0., 0.])
    """
    x = as_array(x, "nan_to_num")
    for key, number in {"nan": nan, "posinf": posinf, "neginf": neginf}.items():
        refuse_gradient("nan_to_num", f"{key}=", number, "write mg.where(np.isfinite(x), x, y)")
    return _nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)
