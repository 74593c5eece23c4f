"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.graph import unbroadcast
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import einsum as kernels
from minigrad.rules.linalg.diagonal import on_diagonal
from minigrad.rules.linalg.einsum_subscripts import written_out

__all__ = ["einsum"]


# ---------------------------------------------------------------- einsum
def _einsum_argument(i: int, y_bar: Any, y: Any, *xs: Any, subscripts: str, optimize: Any) -> Any:
    """The output and argument i change places; then the axes that nobody else has, and the repeated ones."""
    inputs, _, output = subscripts.partition("->")
    terms = inputs.split(",")
    mine, terms[i] = terms[i], output
    others = [y_bar if j == i else x for j, x in enumerate(xs)]
    letters = dict.fromkeys(mine)
    found = "".join(c for c in letters if any(c in term for term in terms))
    path = optimize if isinstance(optimize, bool | str) else True  # a path names the arrays of the forward pass
    x_bar = (
        y_bar
        if terms == [found]
        else einsum_primitive(*others, subscripts=f"{','.join(terms)}->{found}", optimize=path)
    )
    shape = tuple(dict(zip(mine, xs[i].shape, strict=True)).values())
    if len(found) < len(letters):
        x_bar = np.expand_dims(x_bar, tuple(axis for axis, c in enumerate(letters) if c not in found))
    wide = np.broadcast_shapes(x_bar.shape, shape)
    if x_bar.shape != wide:  # an axis summed over by itself: each element gets the same
        x_bar = np.broadcast_to(x_bar, wide)
    return x_bar if len(letters) == len(mine) else _on_diagonals(unbroadcast(x_bar, shape), "".join(letters), mine)


def _on_diagonals(x: Any, letters: str, wanted: str) -> Any:
    """An array with an axis for each of `letters` as one with these `wanted` axes, 0 where equal letters differ."""
    for c in letters:
        for _ in range(wanted.count(c) - 1):
            axis = letters.index(c)
            x = np.transpose(x, (*range(axis), *range(axis + 1, x.ndim), axis))
            x = on_diagonal(x)
            letters = letters.replace(c, "", 1) + c + c
    places = {c: [i for i, letter in enumerate(letters) if letter == c] for c in letters}
    return np.transpose(x, tuple(places[c].pop(0) for c in wanted))


einsum_primitive: Primitive = Primitive("einsum", kernels.einsum, each=_einsum_argument)


@implements(np.einsum)
def einsum(*operands: Any, optimize: Any = False) -> Any:
    """Products summed over the axes that share a letter: ``"ij,jk->ik"`` is Σⱼ Aᵢⱼ Bⱼₖ.

    Letters that the output, after ``->``, does not name are summed over. Without an output, those that occur
    once are kept, in alphabetical order. ``...`` stands for any further axes, which broadcast. A letter that
    occurs twice in one array walks along its diagonal: ``"ii->"`` is the trace.

    Arguments:
        operands: subscripts and arrays, or each array with the list of its axes:
            ``einsum(A, [0, 1], B, [1, 2], [0, 2])``.
        optimize: as in NumPy: ``True`` chooses an order for more than two arrays, and may use faster products.

    Raises:
        ValueError: if the subscripts do not fit the arrays, or lengths differ that share a letter.

    >>> import minigrad as mg
    >>> A, B = mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), mg.Tensor([[1.0, 1.0], [0.0, 1.0]])
    >>> mg.einsum("ij,jk->ik", A, B)
    Tensor([[1., 3.],
            [3., 7.]])
    >>> mg.einsum("ii", A)
    Tensor(5.)
    """
    arrays, subscripts = written_out(operands)
    return einsum_primitive(*arrays, subscripts=subscripts, optimize=optimize)
