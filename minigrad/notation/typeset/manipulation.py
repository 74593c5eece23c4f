"""Shapes, indices, and elements in another order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Form, Product
from minigrad.notation.layout import Fenced, Layout, Number, Phrase, Script, Sign, Word
from minigrad.notation.simplify import is_call
from minigrad.notation.typeset.brackets import Precedence, is_column
from minigrad.notation.typeset.typesetter import AXIS_LETTERS, TRANSPOSED, Typeset, Typesetter, row, typesets
from minigrad.notation.values import literal

# ---------------------------------------------------------------- shape


@typesets(ops.reshape)
def reshape(t: Typesetter, e: Call) -> Typeset:
    if is_column(e):
        return t.formula(e.args[0])  # the lectures' vectors are columns, and a bias goes to its channel
    return t.call(e, _shape(e)) if len(e.shape) <= 3 else t.call(e)  # the shape of images would be long


@typesets(ops.broadcast_to)
def broadcast_to(t: Typesetter, e: Call) -> Typeset:
    """An array that repeats a number, a row or a column is a product with ones."""
    (inner,) = e.args
    if len(e.shape) == 2 and inner.shape == (e.shape[0], 1):  # the same column for each column
        ones = Script(Word("𝟏"), above=TRANSPOSED)
        return row(t.operand(inner, Precedence.POWER), Sign(" "), ones), Precedence.PRODUCT
    if len(e.shape) == 2 and inner.shape == (1, e.shape[1]) and is_call(inner, Form.ROW):
        return row(Word("𝟏"), Sign(" "), t.operand(inner, Precedence.POWER)), Precedence.PRODUCT
    if inner.shape != ():
        return t.call(e, _shape(e))
    if isinstance(inner, Constant):
        return t.formula(inner)
    coefficient, factors = (inner.coefficient, inner.factors) if isinstance(inner, Product) else (1.0, (inner,))
    return t.product(Product(coefficient, (*factors, Call(Form.ONES, (), e.shape)), e.shape))


@typesets(Form.ONES)
def ones(t: Typesetter, e: Call) -> Typeset:  # noqa: ARG001
    if len(e.shape) == 2 and e.shape[0] == 1 < e.shape[1]:
        return Script(Word("𝟏"), above=TRANSPOSED), Precedence.POWER
    return Word("𝟏"), Precedence.ATOM


# ---------------------------------------------------------------- indices


@typesets(ops.getitem, ops.padded_embedding)
def getitem(t: Typesetter, e: Call) -> Typeset:
    return row(t.operand(e.args[0], Precedence.ATOM), _index(e)), Precedence.ATOM


@typesets(ops.scatter)
def scatter(t: Typesetter, e: Call) -> Typeset:
    """The error signal of the elements selected, at the index they were selected from."""
    return at(t, e, _index(e))


@typesets(ops.reorder)
def reorder(t: Typesetter, e: Call) -> Typeset:
    """The error signal of sorted elements, at the positions they came from."""
    return at(t, e, Word("argsort"))


def at(t: Typesetter, e: Call, position: Layout) -> Typeset:
    """An error signal, and where in the array it goes: ``ȳ at [0]``."""
    signal = t.operand(e.args[0], Precedence.PRODUCT)
    return row(signal, Sign(" "), Phrase("at"), Sign(" "), position), Precedence.SUM


def _index(e: Call) -> Layout:
    return Fenced(Word(_index_text(e.params["index"])), "[", "]")


def _index_text(index: Any) -> str:
    """``0``, ``1:3, :``; ``[…]`` for an array of many indices."""
    parts = index if isinstance(index, tuple) else (index,)
    return ", ".join(map(_index_part, parts))


def _index_part(part: Any) -> str:
    if isinstance(part, slice):
        ends = f"{'' if part.start is None else part.start}:{'' if part.stop is None else part.stop}"
        return ends + (f":{part.step}" if part.step is not None else "")
    if part is Ellipsis:
        return "…"
    if np.ndim(part):
        return "[" + ", ".join(map(str, np.ravel(part))) + "]" if np.size(part) <= 4 else "[…]"
    return str(part)


# ---------------------------------------------------------------- functions with settings


@typesets(ops.partition)
def partition(t: Typesetter, e: Call) -> Typeset:
    return t.call(e, Word(str(e.params["kth"])))


@typesets(ops.roll)
def roll(t: Typesetter, e: Call) -> Typeset:
    return t.call(e, _integers(e.params["shift"]))


@typesets(ops.tile)
def tile(t: Typesetter, e: Call) -> Typeset:
    reps = e.params["reps"]
    return t.call(e, _integers(reps[0] if len(reps) == 1 else reps))


@typesets(ops.repeat)
def repeat(t: Typesetter, e: Call) -> Typeset:
    return t.call(e, _integers(e.params["repeats"]))


@typesets(ops.triu, ops.tril)
def triangle(t: Typesetter, e: Call) -> Typeset:
    return t.call(e, _integers(e.params["k"])) if e.params["k"] else t.call(e)


@typesets(ops.pad)
def pad(t: Typesetter, e: Call) -> Typeset:
    """With the settings that a reader would write.

    The letters of the padded axes unless all are, one width where all are the same, the mode unless the padding is 0.
    """
    widths: Any = e.params["pad_width"]
    axes = tuple(i for i, pair in enumerate(widths) if any(pair))
    if axes and len(widths) in AXIS_LETTERS:
        e = replace(e, params={**e.params, "axis": axes})
        widths = tuple(widths[i] for i in axes)
    if len(set(widths)) == 1:
        widths = widths[0][0] if widths[0][0] == widths[0][1] else widths[0]
    settings = [_integers(widths)]
    values = e.params["constant_values"]
    if e.params["mode"] != "constant":
        settings.append(Word(e.params["mode"]))
    elif np.any(values):
        settings.append(Word("…") if np.ndim(values) else Number(literal(values)))
    return t.call(e, *settings)


def _shape(e: Call) -> Layout:
    return Word("×".join(map(str, e.shape)) or "()")


def _integers(value: Any) -> Layout:
    """An integer, or a tuple of a few."""
    if not isinstance(value, tuple):
        return Number(str(value).replace("-", "−"))
    return Word(str(value).replace("-", "−") if len(value) <= 4 else "(…)")
