"""The ways in which NumPy lets one say which axes einsum multiplies and sums, brought into one.

Subscripts are written out: an output after ``->``, and letters in place of an ellipsis. ``"...ij,jk"`` of
a batch of matrices and a matrix is ``"aij,jk->aik"``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from string import ascii_letters
from typing import Any

from minigrad.rules.arguments import shape_of

__all__ = ["LETTERS", "written_out"]


#: For axes without a letter, those that the lectures use first.
LETTERS = "ijklmnpqrstuvwxyzabcdefgho" + ascii_letters[26:]
Term = tuple[Any, ...]  # letters, or the numbers of the other form, and perhaps an ellipsis


def written_out(operands: Sequence[Any]) -> tuple[Sequence[Any], str]:
    """The arrays among the arguments of einsum, and the subscripts.

    Raises:
        TypeError: if the arguments are neither subscripts and arrays, nor arrays and lists of axes.
        ValueError: if the subscripts do not fit the arrays, or one another.
    """
    if not operands:
        raise TypeError('einsum: expected subscripts and arrays, as in einsum("ij,jk->ik", A, B); got nothing')
    if isinstance(operands[0], str):
        text, *arrays = operands
        return arrays, _of_text(text, tuple([len(shape_of(x)) for x in arrays]))
    pairs = len(operands) // 2
    arrays = list(operands[: 2 * pairs : 2])
    lists = [*operands[1 : 2 * pairs : 2], *operands[2 * pairs :]]
    if not pairs or not all(isinstance(axes, list | tuple) for axes in lists):
        raise TypeError(
            "einsum: expected subscripts and arrays, as in einsum('ij,jk->ik', A, B), or each array with a list of "
            f"its axes, einsum(A, [0, 1], B, [1, 2], [0, 2]); got {', '.join(type(x).__name__ for x in operands)}"
        )
    terms = tuple(map(tuple, lists[:pairs]))
    out = tuple(lists[pairs]) if len(lists) > pairs else None
    return arrays, _subscripts(terms, out, tuple(len(shape_of(x)) for x in arrays))


@lru_cache(512)  # the same few in every round of a loop
def _of_text(text: str, ndims: tuple[int, ...]) -> str:
    inputs, arrow, output = text.replace(" ", "").partition("->")
    terms = tuple(_term(part) for part in inputs.split(","))
    if len(terms) != len(ndims):
        raise ValueError(f"einsum: {len(terms)} groups of subscripts for {len(ndims)} arrays; separate them by commas")
    return _subscripts(terms, _term(output) if arrow else None, ndims)


def _term(text: str) -> Term:
    before, dots, after = text.partition("...")
    return (*before, Ellipsis, *after) if dots else tuple(before)


def _subscripts(terms: tuple[Term, ...], out: Term | None, ndims: tuple[int, ...]) -> str:
    uses = Counter(c for term in terms for c in term if c is not Ellipsis)
    for c in (*uses, *(out or ())):
        if c is not Ellipsis and c not in (ascii_letters if isinstance(c, str) else range(len(ascii_letters))):
            raise ValueError(f"einsum: {c!r} is no subscript; write letters, and ... for further axes")
    # A letter for each number, in the same order; letters stand for themselves.
    letter = {c: c if isinstance(c, str) else name for name, c in zip(LETTERS, sorted(uses), strict=False)}
    free = [c for c in LETTERS if c not in letter.values()]
    wanted = [_further(term, ndim) for term, ndim in zip(terms, ndims, strict=True)]
    dots = "".join(free[: max(wanted)])
    if out is None:
        out = (Ellipsis, *sorted(c for c, n in uses.items() if n == 1))
    elif dots and Ellipsis not in out:
        raise ValueError("einsum: the output needs ... for the axes that ... stands for in an input; write ->...")
    given = Counter(out)
    for c, n in given.items():
        if n > 1 or (c is not Ellipsis and c not in uses):
            raise ValueError(f"einsum: the output names {c!r} {'twice' if n > 1 else 'and no input does'}")

    def spelt(term: Term, further: int) -> str:
        return "".join(dots[len(dots) - further :] if c is Ellipsis else letter[c] for c in term)

    return ",".join(map(spelt, terms, wanted)) + "->" + spelt(out, len(dots))


def _further(term: Term, ndim: int) -> int:
    """How many axes an ellipsis stands for."""
    named = sum(c is not Ellipsis for c in term)
    if named > ndim or (named < ndim and Ellipsis not in term):
        text = "".join("..." if c is Ellipsis else str(c) for c in term)
        raise ValueError(
            f"einsum: {text!r} names {named} axes of an array that has {ndim}"
            + ("; write ... for axes in front" if named < ndim else "")
        )
    return ndim - named
