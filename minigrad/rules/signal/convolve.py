"""TODO"""

from __future__ import annotations

from typing import Literal

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.arguments import shape_of
from minigrad.rules.manipulation.shape import reshape
from minigrad.typing import Array

__all__ = ["convolve", "correlate"]


# ---------------------------------------------------------------- convolution of sequences
def _mode(x: Array, y: Array, like: Array) -> Literal["full", "valid"]:
    """How much of the convolution of two sequences has the length of a third."""
    return "full" if x.shape[0] + y.shape[0] - 1 == like.shape[0] else "valid"


# NumPy's correlation is that of complex numbers: it conjugates its second argument.
_convolve = Primitive(
    "convolve",
    np.convolve,
    lambda y_bar, y, a, v, mode: np.correlate(y_bar, np.conj(v), _mode(y_bar, v, a)),
    lambda y_bar, y, a, v, mode: np.correlate(y_bar, np.conj(a), _mode(y_bar, a, v)),
)
_correlate = Primitive(
    "correlate",
    np.correlate,
    lambda y_bar, y, a, v, mode: np.convolve(y_bar, np.conj(v), _mode(y_bar, v, a)),
    lambda y_bar, y, a, v, mode: np.correlate(np.conj(a), y_bar, _mode(a, y_bar, v)),
)


def _sequences(primitive: Primitive, a: Array, v: Array, mode: str) -> Array:
    """An operation on two sequences, of which a mode says how much is wanted."""
    name = primitive.name
    if mode not in ("full", "same", "valid"):
        raise ValueError(f'{name}: mode is "full", "same" or "valid", got {mode!r}')
    a, v = (reshape(x, 1) if shape_of(x) == () else x for x in (a, v))  # a number is a sequence of one
    (n, *more), (m, *others) = shape_of(a), shape_of(v)
    if more or others:
        raise ValueError(
            f"{name}: got shapes {shape_of(a)} and {shape_of(v)}, expected two sequences, of one axis each; "
            "images are convolved by mg.conv2d"
        )
    if not n or not m:
        raise ValueError(f"{name}: got sequences of {n} and {m} numbers; both need at least one")
    if mode != "same":
        return primitive(a, v, mode=mode)
    start = (min(n, m) - 1) // 2 if primitive is _convolve or n >= m else min(n, m) // 2
    return primitive(a, v, mode="full")[start : start + max(n, m)]


@implements(np.convolve)
def convolve(a: Array, v: Array, mode: str = "full") -> Array:
    """The convolution of two sequences, yₖ = Σⱼ aⱼ vₖ₋ⱼ: their product, if they are coefficients of polynomials.

    Arguments:
        a, v: sequences of n and m numbers, at least one each.
        mode: ``"full"``, wherever the two overlap, n + m − 1 values; ``"valid"``, only where the shorter one lies
            inside of the longer; ``"same"``, the middle of ``"full"``, as many values as the longer one has.

    Raises:
        ValueError: if they are no sequences, or one is empty, or there is no such mode.

    >>> import minigrad as mg
    >>> mg.convolve(mg.Tensor([1.0, 2.0, 3.0]), [1.0, 10.0])
    Tensor([ 1., 12., 23., 30.])
    """
    return _sequences(_convolve, a, v, mode)


@implements(np.correlate)
def correlate(a: Array, v: Array, mode: str = "valid") -> Array:
    """How alike two sequences are when one is moved along the other, cₖ = Σⱼ aⱼ₊ₖ v̂ⱼ; v̂ is the conjugate of v.

    Arguments and errors as in `convolve`. Where `v` is the longer one, k runs through negative numbers.

    >>> import minigrad as mg
    >>> mg.correlate(mg.Tensor([1.0, 2.0, 3.0]), [1.0, 10.0])
    Tensor([21., 32.])
    """
    return _sequences(_correlate, a, v, mode)
