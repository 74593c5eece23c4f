"""Sums, products and norms along axes."""

from __future__ import annotations

import numpy as np

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Expression
from minigrad.notation.layout import Fenced, Number, Script, Total, Word
from minigrad.notation.simplify import is_call
from minigrad.notation.typeset.brackets import Precedence
from minigrad.notation.typeset.typesetter import AXIS_LETTERS, Typeset, Typesetter, row, typesets
from minigrad.notation.values import number


@typesets(ops.sum)
def sum(t: Typesetter, e: Call) -> Typeset:
    """A sum of all squares is ‖x‖²."""
    (body,) = e.args
    if is_call(body, ops.power) and _is_two(body.args[1]) and len(e.params["axis"]) == len(body.shape):
        return Script(Fenced(t.operand(body.args[0], Precedence.SUM), "‖", "‖"), above=Number("2")), Precedence.POWER
    return total(t, e)


@typesets(ops.prod)
def total(t: Typesetter, e: Call) -> Typeset:
    """Σ or Π of the elements."""
    (body,) = e.args
    axes, ndim = e.params["axis"], len(body.shape)
    if len(axes) == ndim:
        return row(Total("", e.symbol), t.operand(body, Precedence.PRODUCT)), Precedence.APPLICATION
    if ndim not in AXIS_LETTERS:
        return t.call(e)
    letters = AXIS_LETTERS[ndim]
    element = t.element(body, letters[: axes[-1] + 1])
    return row(Total("".join(letters[i] for i in axes), e.symbol), element), Precedence.APPLICATION


@typesets(ops.products_of_others)
def products_of_others(t: Typesetter, e: Call) -> Typeset:
    """For each element of a row the product of all the others."""
    (body,) = e.args
    ndim = len(body.shape)
    if ndim not in AXIS_LETTERS:
        return t.call(e)
    letters, other = AXIS_LETTERS[ndim], "j" if ndim == 1 else "m"
    element = t.element(body, letters[:-1] + other)
    return row(Total(f"{other}≠{letters[-1]}", "Π"), element), Precedence.APPLICATION


@typesets(ops.norm)
def norm(t: Typesetter, e: Call) -> Typeset:
    """‖x‖ with the kind of norm below, F for the Frobenius norm, and the index letters of its axes."""
    (body,) = e.args
    name = t.indexed(e, e.symbol)
    along = f",{name.below.text}" if isinstance(name, Script) and isinstance(name.below, Word) else ""
    ord, axis = e.params["ord"], e.params["axis"]
    whole = len(body.shape) > 1 and (axis is None or np.size(axis) > 1)
    kind = "F" if ord == 2 and whole else number(ord).replace("inf", "∞")
    return Script(Fenced(t.operand(body, Precedence.SUM), "‖", "‖"), below=Word(kind + along)), Precedence.ATOM


def _is_two(e: Expression) -> bool:
    return isinstance(e, Constant) and np.ndim(e.value) == 0 and e.value == 2
