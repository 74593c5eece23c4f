"""Convolution and correlation of sequences, which are each other's rules."""

from __future__ import annotations

from typing import Literal

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.builtin_axes import sequences
from minigrad.rules.convert_arguments import shape_of
from minigrad.rules.manipulation.shape import reshape
from minigrad.typing import Array

__all__ = ["convolve", "correlate"]


def _mode(x: Array, y: Array, target: Array) -> Literal["full", "valid"]:
    """The mode in which the convolution of two sequences has the length of a third."""
    return "full" if x.size + y.size - 1 == target.size else "valid"


# np.correlate conjugates its second argument.
_convolve = Primitive(
    "convolve",
    np.convolve,
    lambda y_bar, y, a, v, mode: np.correlate(y_bar, np.conj(v), _mode(y_bar, v, a)),
    lambda y_bar, y, a, v, mode: np.correlate(y_bar, np.conj(a), _mode(y_bar, a, v)),
    axes=sequences,
)
_correlate = Primitive(
    "correlate",
    np.correlate,
    lambda y_bar, y, a, v, mode: np.convolve(y_bar, np.conj(v), _mode(y_bar, v, a)),
    lambda y_bar, y, a, v, mode: np.correlate(np.conj(a), y_bar, _mode(a, y_bar, v)),
    axes=sequences,
)


def _convolve_or_correlate(primitive: Primitive, a: Array, v: Array, mode: str) -> Array:
    """Check the arguments, and cut the output of "full" for the mode "same"."""
    name = primitive.name
    if mode not in ("full", "same", "valid"):
        raise ValueError(f'{name}: got mode={mode!r}, expected "full", "same" or "valid"')
    a, v = (reshape(x, 1) if shape_of(x) == () else x for x in (a, v))  # a number is a sequence of length 1
    (n, *more), (m, *others) = shape_of(a), shape_of(v)
    if more or others:
        raise ValueError(
            f"{name}: got shapes {shape_of(a)} and {shape_of(v)}, expected two sequences, of one axis each; "
            "mg.conv2d convolves images"
        )
    if not n or not m:
        raise ValueError(f"{name}: got sequences of length {n} and {m}; neither may be empty")
    if mode != "same":
        return primitive(a, v, mode=mode)
    start = (min(n, m) - 1) // 2 if primitive is _convolve or n >= m else min(n, m) // 2
    return primitive(a, v, mode="full")[start : start + max(n, m)]


@implements(np.convolve)
def convolve(a: Array, v: Array, mode: str = "full") -> Array:
    """The convolution of two sequences, yₖ = Σⱼ aⱼ vₖ₋ⱼ, which multiplies polynomials given by their coefficients.

    Arguments:
        a, v: sequences of length n and m, at least 1.
        mode: ``"full"``, wherever the two overlap: n + m − 1 values; ``"valid"``, only where they overlap completely:
            ``|n − m| + 1`` values; ``"same"``, the middle of ``"full"``: max(n, m) values.

    Raises:
        ValueError: if one is not a sequence, or is empty, or the mode is unknown.

    >>> import minigrad as mg
    >>> mg.convolve(mg.Tensor([1.0, 2.0, 3.0]), [1.0, 10.0])
    Tensor([ 1., 12., 23., 30.])
    """
    return _convolve_or_correlate(_convolve, a, v, mode)


@implements(np.correlate)
def correlate(a: Array, v: Array, mode: str = "valid") -> Array:
    """The cross-correlation of two sequences, cₖ = Σⱼ aⱼ₊ₖ v̂ⱼ, where v̂ is the complex conjugate of v.

    Arguments and errors are those of `convolve`.

    >>> import minigrad as mg
    >>> mg.correlate(mg.Tensor([1.0, 2.0, 3.0]), [1.0, 10.0])
    Tensor([21., 32.])
    """
    return _convolve_or_correlate(_correlate, a, v, mode)
