"""Einstein sums of one or two arrays: each letter is a loop, those that the result lacks are summed."""

from __future__ import annotations

from collections.abc import Iterator

from minigrad.notation import operations as ops
from minigrad.player.scenes.loops import Index, Loops
from minigrad.player.scenes.scene import Operand, Scene, Work, shows

__all__: list[str] = []


@shows(ops.einsum)
def einsum(work: Work) -> Iterator[Scene]:
    """Each result is a sum of products of the cells with the same letters."""
    subscripts = work.call.params["subscripts"].replace(" ", "")
    if len(work.arguments) > 2 or "." in subscripts or "->" not in subscripts:
        return
    left, result = subscripts.split("->")
    operands = left.split(",")
    sizes = {
        x: n
        for letters, array in zip(operands, work.arguments, strict=True)
        for x, n in zip(letters, array.shape, strict=True)
    }
    loops, at = Loops(), dict[str, Index]()
    for letter in result[:-2]:
        (at[letter],) = loops.choose(letter, sizes[letter])
    for letter in result[-2:]:
        (at[letter],) = loops.step(sizes[letter])
    for letter in sizes:
        if letter not in at:
            (at[letter],) = loops.term(sizes[letter])
    a, *b = [
        Operand(e, array, tuple(at[x] for x in letters), tuple(letters[:-2]))
        for e, array, letters in zip(work.call.args, work.arguments, operands, strict=True)
    ]
    out = Operand(work.call, work.result, tuple(at[x] for x in result), tuple(result[:-2]))
    yield Scene("products", loops, out, a, b[0] if b else None, falk=_is_product(operands, result))


def _is_product(operands: list[str], result: str) -> bool:
    """Whether rows of the first array meet columns of the second, as in a product of matrices."""
    if len(operands) != 2 or min(map(len, (*operands, result))) < 2:
        return False
    (a, b), row, column = operands, result[-2], result[-1]
    return a[-2] == row and b[-1] == column and a[-1] == b[-2] and a[-1] not in result
