"""The engine of typesetting: the order of things, the signs between them, and brackets only where they are needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.notation import operations as ops
from minigrad.notation.expression import (
    Abbreviation,
    Call,
    Constant,
    Derivative,
    Expression,
    Form,
    Product,
    Sum,
    Symbol,
)
from minigrad.notation.layout import Fenced, Fraction, Identifier, Layout, Matrix, Number, Row, Script, Sign, Word
from minigrad.notation.simplify import is_call, is_negative, negative
from minigrad.notation.typeset.brackets import WITHOUT_BRACKETS, Precedence
from minigrad.notation.typeset.where import with_masks
from minigrad.notation.values import literal, number, squeezed

__all__ = ["AXIS_LETTERS", "TRANSPOSED", "Typeset", "Typesetter", "row", "typeset_formula", "typeset_value", "typesets"]

#: Index letters for the axes, by the number of axes: n counts samples.
AXIS_LETTERS = {1: "i", 2: "nj", 3: "nij", 4: "nkij", 5: "nklij"}
TRANSPOSED = Sign("ᵀ")
_FRACTIONS = {0.5: (1, 2), 0.25: (1, 4), 0.75: (3, 4), 1 / 3: (1, 3), 2 / 3: (2, 3)}

Leaf = Callable[[Any], Layout]
Typeset = tuple[Layout, Precedence]
TypesetCall = Callable[["Typesetter", Call], Typeset]
_FORMS: dict[Primitive | np.ufunc | Form, TypesetCall] = {}


def typesets(*operations: Primitive | np.ufunc | Form) -> Callable[[TypesetCall], TypesetCall]:
    """Decorator: gives operations a form of their own, in place of f(x)."""

    def register(form: TypesetCall) -> TypesetCall:
        _FORMS.update(dict.fromkeys(operations, form))
        return form

    return register


def typeset_formula(expression: Expression, *, flat: bool, leaf: Leaf | None = None) -> Layout:
    """The layout of a formula.

    Arguments:
        flat: on one line, with ``/`` and brackets in place of fractions.
        leaf: typesets the value of a symbol; if not given, symbols appear by name. With values, factors are
            separated by dots, for ``0.5 0.2`` would not read as a product.
    """
    return Typesetter(flat, leaf).operand(expression, Precedence.SUM)


def typeset_value(value: Any) -> Layout:
    """A number, a vector as a column, or a matrix: for arrays of at most two axes, not counting axes of length 1."""
    array = squeezed(value)
    if array.ndim == 0:
        return Number(number(value))
    rows = array.reshape(-1, 1) if array.ndim == 1 else array
    return Matrix(tuple(tuple(Number(number(x)) for x in row) for row in rows))


def row(*parts: Layout) -> Row:
    """Layouts one after the other."""
    return Row(tuple(parts))


class Typesetter:
    """Typesets one formula; `formula` and the forms return the layout and its precedence."""

    def __init__(self, flat: bool, leaf: Leaf | None) -> None:
        self.flat = flat
        self.leaf = leaf

    def operand(self, e: Expression, at_least: Precedence) -> Layout:
        """The layout, in brackets if its precedence is too low for its place."""
        layout, precedence = self.formula(e)
        if precedence >= at_least:
            return layout
        if isinstance(e, Call) and isinstance(e.operation, np.ufunc):
            return Fenced(layout, "[", "]")  # a comparison is 1 where it holds, else 0
        return Fenced(layout)

    def formula(self, e: Expression) -> Typeset:
        match e:
            case Symbol():
                return (Identifier(e.name), Precedence.ATOM) if self.leaf is None else self.number(self.leaf(e.value))
            case Constant():
                return self.constant(e.value)
            case Sum():
                return self.sum(e.terms), Precedence.SUM
            case Product():
                return self.product(e)
            case Derivative():
                if self.leaf is not None:
                    return self.number(self.leaf(e.value))
                return row(Word(e.symbol), Fenced(row(self.operand(e.arg, Precedence.RELATION)))), Precedence.ATOM
            case Abbreviation():
                return (Identifier(e.name), Precedence.ATOM) if self.leaf is None else self.formula(e.meaning)
            case Call():
                form = _FORMS.get(e.operation)
                return self.call(e) if form is None else form(self, e)

    def number(self, layout: Layout) -> Typeset:
        if isinstance(layout, Number):
            if " " in layout.text:  # 1 + 2i
                return layout, Precedence.SUM
            if layout.text.startswith("−"):
                return layout, Precedence.NEGATIVE
            if "e" in layout.text:  # (1e+06)², not 1e+06²
                return layout, Precedence.POWER
        return layout, Precedence.ATOM

    def constant(self, value: Any) -> Typeset:
        if np.size(value) and np.all(np.ravel(value)[0] == value):
            return self.number(Number(literal(np.ravel(value)[0])))
        if np.ndim(value) == 1 and np.size(value) <= 4:
            return Fenced(Word(", ".join(map(literal, value))), "[", "]"), Precedence.ATOM
        return Fenced(Word("…"), "[", "]"), Precedence.ATOM

    def sum(self, terms: Sequence[Expression]) -> Layout:
        parts: list[Layout] = []
        for term in terms:
            minus = is_negative(term)
            if parts:
                parts.append(Sign(" − " if minus else " + "))
                parts.append(self.operand(negative(term, term.shape) if minus else term, Precedence.PRODUCT))
            else:
                parts.append(self.operand(term, Precedence.NEGATIVE))
        return Row(tuple(parts))

    def product(self, e: Product) -> Typeset:
        e = with_masks(e)
        size = abs(e.coefficient)
        parts: list[Layout] = [Sign("−")] if e.coefficient < 0 else []
        if size != 1:
            above, below = _FRACTIONS.get(size, (0, 0))
            parts.append(Fraction(Number(str(above)), Number(str(below))) if above else Number(literal(size)))
        for i, factor in enumerate(e.factors):
            if size != 1 or i:
                parts.append(self.times(factor, after=e.factors[:i]))
            repeated = len(e.shape) == 2 and len(factor.shape) == 1  # the same row for each row
            at_least = self._factor_precedence(e, i, leading=not parts)
            parts.append(self.transposed(factor) if repeated else self.operand(factor, at_least))
        negative_number = isinstance(parts[0], Number) and parts[0].text.startswith("−")
        return Row(tuple(parts)), Precedence.NEGATIVE if e.coefficient < 0 or negative_number else Precedence.PRODUCT

    @staticmethod
    def _factor_precedence(e: Product, i: int, leading: bool) -> Precedence:
        """The precedence below which factor `i` of a product is put in brackets."""
        if leading and isinstance(e.factors[i], Symbol | Constant):  # −0.6 · 2 needs none
            return Precedence.NEGATIVE
        if len(e.factors) == 1:
            return Precedence.PRODUCT
        return Precedence.APPLICATION if i == len(e.factors) - 1 else Precedence.POWER

    def times(self, factor: Expression, after: Sequence[Expression] = ()) -> Layout:
        """Juxtaposition for scalars, as in the lecture; ∘ before an array that multiplies another elementwise."""
        if math.prod(factor.shape) > 1 and any(math.prod(other.shape) > 1 for other in after):
            return Sign(" ∘ ")
        return Sign(" ") if self.leaf is None else Sign(" · ")

    def transposed(self, e: Expression) -> Layout:
        return Script(self.operand(e, Precedence.ATOM), above=TRANSPOSED)

    def element(self, e: Expression, letters: str) -> Layout:
        """An array with the index letters of its axes; a name that has an index already is put in brackets."""
        layout = self.operand(e, Precedence.ATOM)
        indexed = layout.name.index if isinstance(layout, Identifier) else isinstance(layout, Script) and layout.below
        return Script(Fenced(layout) if indexed else layout, below=Word(letters))

    # ------------------------------------------------------------------ calls

    def call(self, e: Call, *settings: Layout, symbol: str = "") -> Typeset:
        """f(x), with the settings after the arguments.

        Arguments:
            symbol: the name of the function, if it is not that of the operation.
        """
        arguments: list[Layout] = []
        for argument in (*(self.operand(arg, Precedence.RELATION) for arg in e.args), *settings):
            arguments += [Sign(", "), argument]
        word = self.indexed(e, symbol or e.symbol)
        if is_call(e, *WITHOUT_BRACKETS) and isinstance(e.args[0], Symbol) and self.leaf is None:
            return row(word, Sign(" "), arguments[1]), Precedence.APPLICATION
        return row(word, Fenced(Row(tuple(arguments[1:])))), Precedence.ATOM

    def indexed(self, e: Call, symbol: str) -> Layout:
        """The name of a function, with the index letters of the axes that it works along where they need saying."""
        ndim = len(e.shape if e.operation is ops.stack else e.args[0].shape) if e.args else 0  # stack adds its axis
        axes = _axes(e.params.get("axis"), ndim)
        last = e.operation in (ops.softmax, ops.log_softmax) and axes == [ndim - 1]
        if len(axes) in (0, ndim) or ndim not in AXIS_LETTERS or last:
            return Word(symbol)
        return Script(Word(symbol), below=Word("".join(AXIS_LETTERS[ndim][i] for i in axes)))


def _axes(axis: Any, ndim: int) -> list[int]:
    """The axes that a keyword names, in order; none where it is no axis of an array, as a user's own may be."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    if not ndim or not all(isinstance(i, int | np.integer) for i in axes):
        return []
    return sorted(i % ndim for i in axes)
