"""Einstein summation: ``"ij,jk->ik"`` says in letters which axes are multiplied and summed.

For zᵢₖ = Σⱼ Aᵢⱼ Bⱼₖ the error signal of A is Āᵢⱼ = Σₖ z̄ᵢₖ Bⱼₖ: the letters of z and of A change places.
So einsum is its own derivative, and everything composed of it can be differentiated any number of times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.graph import unbroadcast
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import einsum as kernels
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules import builtin_axes
from minigrad.rules.linalg.diagonal import on_diagonal
from minigrad.rules.linalg.einsum_subscripts import explicit_subscripts
from minigrad.typing import Array

__all__ = ["einsum"]


def _einsum_argument(i: int, y_bar: Array, y: Array, *xs: Array, subscripts: str, optimize: Any) -> Array:
    """The output and argument i change places; then come the axes of x alone, and its repeated letters."""
    inputs, _, output = subscripts.partition("->")
    terms = inputs.split(",")
    term, terms[i] = terms[i], output
    others = list(xs)
    letters = dict.fromkeys(term)
    shared = "".join(c for c in letters if any(c in other for other in terms))
    path = optimize if isinstance(optimize, bool | str) else True  # a path is for the arrays of the forward pass
    x_bar = y_bar
    if terms != [shared]:
        equation = f"{','.join(terms)}->{shared}"
        x_bar = in_single_precision(
            lambda y_bar: _einsum(*others[:i], y_bar, *others[i + 1 :], subscripts=equation, optimize=path), y_bar
        )
    shape = tuple(dict(zip(term, xs[i].shape, strict=True)).values())
    if len(shared) < len(letters):
        x_bar = np.expand_dims(x_bar, tuple(axis for axis, c in enumerate(letters) if c not in shared))
    broadcast = np.broadcast_shapes(x_bar.shape, shape)
    if x_bar.shape != broadcast:  # an axis that the forward pass only summed: each element gets the same
        x_bar = np.broadcast_to(x_bar, broadcast)
    return x_bar if len(letters) == len(term) else _on_diagonals(unbroadcast(x_bar, shape), "".join(letters), term)


def _on_diagonals(x: Array, letters: str, term: str) -> Array:
    """`x`, with one axis for each letter, spread to the axes of `term`: 0 off the diagonals of equal letters."""
    for c in letters:
        for _ in range(term.count(c) - 1):
            axis = letters.index(c)
            x = np.transpose(x, (*range(axis), *range(axis + 1, x.ndim), axis))
            x = on_diagonal(x)
            letters = letters.replace(c, "", 1) + c + c
    axes = {c: [i for i, letter in enumerate(letters) if letter == c] for c in letters}
    return np.transpose(x, tuple(axes[c].pop(0) for c in term))


_einsum: Primitive = Primitive("einsum", kernels.einsum, each=_einsum_argument, axes=builtin_axes.einsum)


@implements(np.einsum)
def einsum(*operands: Any, optimize: Any = False) -> Array:
    """Products summed over the axes that share a letter: ``"ij,jk->ik"`` is Σⱼ Aᵢⱼ Bⱼₖ.

    Letters that are missing from the output, after ``->``, are summed over. Without an output, letters that occur
    once are kept, in alphabetical order. ``...`` stands for any number of axes, which broadcast. A letter that
    occurs twice in one array takes its diagonal: ``"ii->"`` is the trace.

    Arguments:
        operands: subscripts and arrays, or each array followed by the list of its axes:
            ``einsum(A, [0, 1], B, [1, 2], [0, 2])``.
        optimize: as in NumPy: ``True`` chooses an order for more than two arrays, and may use matrix products.

    Raises:
        ValueError: if the subscripts do not fit the arrays, or axes that share a letter differ in length.

    >>> import minigrad as mg
    >>> A, B = mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), mg.Tensor([[1.0, 1.0], [0.0, 1.0]])
    >>> mg.einsum("ij,jk->ik", A, B)
    Tensor([[1., 3.],
            [3., 7.]])
    >>> mg.einsum("ii", A)
    Tensor(5.)
    """
    arrays, subscripts = explicit_subscripts(operands)
    return _einsum(*arrays, subscripts=subscripts, optimize=optimize)
