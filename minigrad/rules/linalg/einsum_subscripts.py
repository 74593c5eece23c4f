"""Parsing the arguments of einsum: every form that NumPy takes becomes explicit subscripts.

Explicit subscripts have an output after ``->``, and letters in place of an ellipsis: for a batch of matrices
and a matrix, ``"...ij,jk"`` becomes ``"mij,jk->mik"``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from string import ascii_letters
from typing import Any

from minigrad.rules.convert_arguments import shape_of
from minigrad.typing import Array

__all__ = ["LETTERS", "explicit_subscripts"]


#: Letters for axes that have none, those that the lectures use first.
LETTERS = "ijklmnpqrstuvwxyzabcdefgho" + ascii_letters[26:]

#: The axes of one array: letters or, in the form with lists, numbers; one of them may be an ellipsis.
Term = tuple[Any, ...]


def explicit_subscripts(operands: Sequence[Any]) -> tuple[Sequence[Array], str]:
    """The arrays among the arguments of einsum, and their explicit subscripts.

    Raises:
        TypeError: if the arguments are neither subscripts and arrays, nor arrays and lists of axes.
        ValueError: if the subscripts do not fit the arrays, or one another.
    """
    if not operands:
        raise TypeError('einsum: expected subscripts and arrays, as in einsum("ij,jk->ik", A, B); got nothing')
    if isinstance(operands[0], str):
        text, *arrays = operands
        return arrays, _parse(text, tuple([len(shape_of(x)) for x in arrays]))
    pairs = len(operands) // 2
    arrays = list(operands[: 2 * pairs : 2])
    lists = [*operands[1 : 2 * pairs : 2], *operands[2 * pairs :]]
    if not pairs or not all(isinstance(axes, list | tuple) for axes in lists):
        raise TypeError(
            "einsum: expected subscripts and arrays, as in einsum('ij,jk->ik', A, B), or each array with a list of "
            f"its axes, einsum(A, [0, 1], B, [1, 2], [0, 2]); got {', '.join(type(x).__name__ for x in operands)}"
        )
    terms = tuple(map(tuple, lists[:pairs]))
    output = tuple(lists[pairs]) if len(lists) > pairs else None
    return arrays, _explicit(terms, output, tuple(len(shape_of(x)) for x in arrays))


@lru_cache(512)  # a loop calls einsum with the same few subscripts
def _parse(text: str, ndims: tuple[int, ...]) -> str:
    inputs, arrow, output = text.replace(" ", "").partition("->")
    terms = tuple(_term(part) for part in inputs.split(","))
    if len(terms) != len(ndims):
        raise ValueError(f"einsum: {len(terms)} groups of subscripts for {len(ndims)} arrays; separate them by commas")
    return _explicit(terms, _term(output) if arrow else None, ndims)


def _term(text: str) -> Term:
    before, dots, after = text.partition("...")
    return (*before, Ellipsis, *after) if dots else tuple(before)


def _explicit(terms: tuple[Term, ...], output: Term | None, ndims: tuple[int, ...]) -> str:
    uses = Counter(c for term in terms for c in term if c is not Ellipsis)
    for c in (*uses, *(output or ())):
        if c is not Ellipsis and c not in (ascii_letters if isinstance(c, str) else range(len(ascii_letters))):
            raise ValueError(f"einsum: {c!r} is not a subscript; write letters, and ... for other axes")
    # A letter for each number, in the same order; letters stand for themselves.
    letter = {c: c if isinstance(c, str) else name for name, c in zip(LETTERS, sorted(uses), strict=False)}
    free = [c for c in LETTERS if c not in letter.values()]
    ellipsis_ndims = [_ellipsis_ndim(term, ndim) for term, ndim in zip(terms, ndims, strict=True)]
    dots = "".join(free[: max(ellipsis_ndims)])
    if output is None:
        output = (Ellipsis, *sorted(c for c, n in uses.items() if n == 1))
    elif dots and Ellipsis not in output:
        raise ValueError("einsum: an input has ... and the output does not; write ->... to keep these axes")
    for c, n in Counter(output).items():
        if n > 1 or (c is not Ellipsis and c not in uses):
            raise ValueError(f"einsum: the output names {c!r} {'twice' if n > 1 else 'and no input does'}")

    def spell(term: Term, ellipsis_ndim: int) -> str:
        return "".join(dots[len(dots) - ellipsis_ndim :] if c is Ellipsis else letter[c] for c in term)

    return ",".join(map(spell, terms, ellipsis_ndims)) + "->" + spell(output, len(dots))


def _ellipsis_ndim(term: Term, ndim: int) -> int:
    """How many axes the ellipsis stands for."""
    named = sum(c is not Ellipsis for c in term)
    if named > ndim or (named < ndim and Ellipsis not in term):
        text = "".join("..." if c is Ellipsis else str(c) for c in term)
        raise ValueError(
            f"einsum: {text!r} names {named} axes of an array that has {ndim}"
            + ("; write ... for the leading axes" if named < ndim else "")
        )
    return ndim - named
