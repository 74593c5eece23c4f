"""How a formula is set: the order of things, the signs between them, and brackets only where they are needed.

What is not written as f(x) has a method ``set_…`` of the operation's name here, and so the same form in
plain text, LaTeX and MathML.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from minigrad.notation.expression import Call, Constant, Expression, Product, Sum, Symbol
from minigrad.notation.layout import (
    Fenced,
    Fraction,
    Identifier,
    Layout,
    Matrix,
    Number,
    Root,
    Row,
    Script,
    Sign,
    Total,
    Word,
)
from minigrad.notation.name import Name
from minigrad.notation.simplify import is_negative, is_zero, negative
from minigrad.notation.values import literal, number, squeezed

__all__ = ["typeset_formula", "typeset_value"]


# How tightly a formula holds together: what is looser than its place asks for is put in brackets.
_RELATION, _SUM, _NEGATIVE, _PRODUCT, _APPLICATION, _POWER, _ATOM = range(7)
_FRACTIONS = {0.5: (1, 2), 0.25: (1, 4), 0.75: (3, 4), 1 / 3: (1, 3), 2 / 3: (2, 3)}
_COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
_OPPOSITES = {"<": "≥", "≤": ">", ">": "≤", "≥": "<", "=": "≠", "≠": "="}
_NO_BRACKETS = ("sin", "cos", "tan", "log", "log2", "log10")  # log y, where σ(z) keeps its brackets
_LETTERS = {1: "i", 2: "nj", 3: "nij", 4: "nkij", 5: "nklij"}  # that count along the axes: n counts samples
_TRANSPOSED = Sign("ᵀ")
Leaf = Callable[[Symbol], "Layout"]


def typeset_formula(expression: Expression, *, flat: bool, leaf: Leaf | None = None) -> Layout:
    """How a formula is set.

    Arguments:
        flat: on one line, with ``/`` and brackets in place of fractions.
        leaf: how a symbol is set; by its name if not given. Numbers in place of names get dots between
            factors, for ``0.5 0.2`` would not read as a product.
    """
    return _Setting(flat, leaf).place(expression, _SUM)


def typeset_value(value: Any) -> Layout:
    """A number, a vector as a column, a matrix: for arrays of at most two axes, axes of length 1 not counted."""
    array = squeezed(value)
    if array.ndim == 0:
        return Number(number(value))
    rows = array.reshape(-1, 1) if array.ndim == 1 else array
    return Matrix(tuple(tuple(Number(number(x)) for x in row) for row in rows))


def _row(*parts: Layout) -> Row:
    return Row(tuple(parts))


class _Setting:
    """Sets one formula; each method gives the layout and how tightly it holds together."""

    def __init__(self, flat: bool, leaf: Leaf | None) -> None:
        self.flat = flat
        self.leaf = leaf

    def place(self, e: Expression, at_least: int) -> Layout:
        layout, binding = self.set(e)
        if binding >= at_least:
            return layout
        if isinstance(e, Call) and e.name in _COMPARISONS:
            return Fenced(layout, "[", "]")  # 1 where it holds, else 0
        return Fenced(layout)

    def set(self, e: Expression) -> tuple[Layout, int]:
        match e:
            case Symbol():
                return (Identifier(e.name), _ATOM) if self.leaf is None else self.number(self.leaf(e))
            case Constant():
                return self.constant(e.value)
            case Sum():
                return self.sum(e.terms), _SUM
            case Product():
                return self.product(e)
            case Call():
                if self.leaf is not None and e.value is not None:
                    return self.number(self.leaf(Symbol(Name(""), e.value)))
                return getattr(self, f"set_{e.name}", self.call)(e)

    def number(self, layout: Layout) -> tuple[Layout, int]:
        if isinstance(layout, Number) and " " in layout.text:  # 1 + 2i
            return layout, _SUM
        if isinstance(layout, Number) and layout.text.startswith("−"):
            return layout, _NEGATIVE
        return layout, _POWER if isinstance(layout, Number) and "e" in layout.text else _ATOM  # (1e+06)², not 1e+06²

    def constant(self, value: Any) -> tuple[Layout, int]:
        if np.size(value) and np.all(np.ravel(value)[0] == value):
            return self.number(Number(literal(np.ravel(value)[0])))
        if np.ndim(value) == 1 and np.size(value) <= 4:
            return Fenced(Word(", ".join(map(literal, value))), "[", "]"), _ATOM
        return Fenced(Word("…"), "[", "]"), _ATOM

    def sum(self, terms: Sequence[Expression]) -> Layout:
        parts: list[Layout] = []
        for term in terms:
            minus = is_negative(term)
            if parts:
                parts.append(Sign(" − " if minus else " + "))
                parts.append(self.place(negative(term, term.shape) if minus else term, _PRODUCT))
            else:
                parts.append(self.place(term, _NEGATIVE))
        return Row(tuple(parts))

    def product(self, e: Product) -> tuple[Layout, int]:
        e = _with_masks(e)
        size = abs(e.coefficient)
        parts: list[Layout] = [Sign("−")] if e.coefficient < 0 else []
        if size != 1:
            above, below = _FRACTIONS.get(size, (0, 0))
            parts.append(Fraction(Number(str(above)), Number(str(below))) if above else Number(literal(size)))
        only = len(e.factors) == 1
        for i, factor in enumerate(e.factors):
            if size != 1 or i:
                parts.append(self.times(e.factors[i - 1] if i else None, factor))
            last = i == len(e.factors) - 1
            leading_number = not parts and isinstance(factor, Symbol | Constant)  # −0.6 · 2 needs no brackets
            fits = _NEGATIVE if leading_number else _PRODUCT if only else _APPLICATION if last else _POWER
            repeated = len(e.shape) == 2 and len(factor.shape) == 1  # the same row for each row
            parts.append(self.transposed(factor) if repeated else self.place(factor, fits))
        negative_number = isinstance(parts[0], Number) and parts[0].text.startswith("−")
        return Row(tuple(parts)), _NEGATIVE if e.coefficient < 0 or negative_number else _PRODUCT

    def times(self, before: Expression | None, factor: Expression) -> Layout:
        """Juxtaposition for scalars, as in the lecture; ∘ where two arrays meet element by element."""
        if before is not None and math.prod(before.shape) > 1 and math.prod(factor.shape) > 1:
            return Sign(" ∘ ")
        return Sign(" ") if self.leaf is None else Sign(" · ")

    # ------------------------------------------------------------------ calls

    def call(self, e: Call, *settings: Layout) -> tuple[Layout, int]:
        """f(x), with these settings behind the arguments."""
        arguments: list[Layout] = []
        for argument in (*(self.place(arg, _RELATION) for arg in e.args), *settings):
            arguments += [Sign(", "), argument]
        word = self.indexed(e)
        if e.name in _NO_BRACKETS and isinstance(e.args[0], Symbol) and self.leaf is None:
            return _row(word, Sign(" "), arguments[1]), _APPLICATION
        return _row(word, Fenced(Row(tuple(arguments[1:])))), _ATOM

    def indexed(self, e: Call) -> Layout:
        """The name of a function, with the letters of the axes along which it works where that needs to be said."""
        ndim = len(e.shape if e.name == "stack" else e.args[0].shape) if e.args else 0  # a stack's axis is a new one
        axis = e.params.get("axis")
        if axis is None or ndim not in _LETTERS:
            return Word(e.symbol)
        axes = sorted(i % ndim for i in (axis if isinstance(axis, tuple) else (axis,)))
        if len(axes) in (0, ndim) or (e.name in ("softmax", "log_softmax") and axes == [ndim - 1]):
            return Word(e.symbol)
        return Script(Word(e.symbol), below=Word("".join(_LETTERS[ndim][i] for i in axes)))

    def set_divide(self, e: Call) -> tuple[Layout, int]:
        above, below = e.args
        if not self.flat:
            return Fraction(self.place(above, _SUM), self.place(below, _SUM)), _POWER
        mixed = _is_open(above) or (below.shape and _is_matmul(_core(above)))  # (log x) / y, (A B) / C
        return _row(self.place(above, _POWER if mixed else _PRODUCT), Sign(" / "), self.place(below, _POWER)), _PRODUCT

    def set_matmul(self, e: Call) -> tuple[Layout, int]:
        left, right = e.args
        if len(left.shape) == len(right.shape) == 1:
            return _row(self.transposed(left), self.times(None, right), self.place(right, _POWER)), _PRODUCT
        return _row(
            self.place(left, _PRODUCT if _chains(left) else _POWER), Sign(" "), self.place(right, _POWER)
        ), _PRODUCT

    def transposed(self, e: Expression) -> Layout:
        return Script(self.place(e, _ATOM), above=_TRANSPOSED)

    def set_partition(self, e: Call) -> tuple[Layout, int]:
        return self.call(e, Word(str(e.params["kth"])))

    def set_transpose(self, e: Call) -> tuple[Layout, int]:
        if not _is_transposed(e):
            return self.call(e, Word(str(e.params["axes"])))
        inner = e.args[0]
        if isinstance(inner, Call) and inner.name == "inv":  # (A⁻¹)ᵀ is A⁻ᵀ
            return self.inverse(Call("transpose", "ᵀ", inner.args, e.shape, e.params)), _POWER
        return self.transposed(inner), _POWER

    def inverse(self, e: Expression) -> Layout:
        turned = isinstance(e, Call) and e.name == "transpose" and _is_transposed(e)
        inner = e.args[0] if turned and isinstance(e, Call) else e
        return Script(self.place(inner, _ATOM), above=_row(Sign("−"), _TRANSPOSED if turned else Number("1")))

    def set_inv(self, e: Call) -> tuple[Layout, int]:
        return self.inverse(e.args[0]), _POWER

    def set_solve(self, e: Call) -> tuple[Layout, int]:
        return _row(self.inverse(e.args[0]), Sign(" "), self.place(e.args[1], _POWER)), _PRODUCT

    def set_pinv(self, e: Call) -> tuple[Layout, int]:
        return Script(self.place(e.args[0], _ATOM), above=Sign("+")), _POWER

    def set_kron(self, e: Call) -> tuple[Layout, int]:
        left, right = (self.place(arg, _POWER) for arg in e.args)
        return _row(left, Sign(" ⊗ "), right), _PRODUCT

    def set_on_diagonal(self, e: Call) -> tuple[Layout, int]:
        """The same number along the diagonal is a multiple of the identity."""
        (values,) = e.args
        if not (isinstance(values, Call) and values.name == "broadcast_to" and not values.args[0].shape):
            return self.call(e)
        return _row(self.place(values.args[0], _POWER), self.times(None, e), Word("I")), _PRODUCT

    def set_einsum(self, e: Call) -> tuple[Layout, int]:
        """Its elements, by the letters of the axes: [Σⱼ Aᵢⱼ Bⱼₖ]ᵢₖ."""
        inputs, _, output = e.params["subscripts"].partition("->")
        summed = "".join(dict.fromkeys(c for c in inputs if c != "," and c not in output))
        parts: list[Layout] = [Total(summed)] if summed else []
        for i, (arg, letters) in enumerate(zip(e.args, inputs.split(","), strict=True)):
            parts += [self.times(None, arg)] if i else []
            parts.append(self.element(arg, letters) if letters else self.place(arg, _POWER))
        if not output:
            return Row(tuple(parts)), _APPLICATION
        return Script(Fenced(Row(tuple(parts)), "[", "]"), below=Word(output)), _ATOM

    def set_row(self, e: Call) -> tuple[Layout, int]:
        return self.transposed(e.args[0]), _POWER

    def set_reshape(self, e: Call) -> tuple[Layout, int]:
        if _is_column(e):
            return self.set(e.args[0])  # the lectures' vectors are columns, and a bias goes to its channel
        return self.call(e, _lengths(e)) if len(e.shape) <= 3 else self.call(e)  # the shape of images would be long

    def set_broadcast_to(self, e: Call) -> tuple[Layout, int]:
        """What every element, every row or every column gets is the same times an array of ones."""
        inner = e.args[0]
        ones = Call("ones", "𝟏", (), e.shape)
        if len(e.shape) == 2 and inner.shape == (e.shape[0], 1):  # a column for each column
            return _row(self.place(inner, _POWER), Sign(" "), Script(Word("𝟏"), above=_TRANSPOSED)), _PRODUCT
        if len(e.shape) == 2 and inner.shape == (1, e.shape[1]) and isinstance(inner, Call) and inner.name == "row":
            return _row(Word("𝟏"), Sign(" "), self.place(inner, _POWER)), _PRODUCT
        if inner.shape != ():
            return self.call(e, _lengths(e))
        if isinstance(inner, Constant):
            return self.set(inner)
        coefficient, factors = (inner.coefficient, inner.factors) if isinstance(inner, Product) else (1.0, (inner,))
        return self.product(Product(coefficient, (*factors, ones), e.shape))

    def set_ones(self, e: Call) -> tuple[Layout, int]:
        row = len(e.shape) == 2 and e.shape[0] == 1 < e.shape[1]
        return (Script(Word(e.symbol), above=_TRANSPOSED), _POWER) if row else (Word(e.symbol), _ATOM)

    def set_power(self, e: Call) -> tuple[Layout, int]:
        base, exponent = e.args
        layout = self.place(base, _ATOM)
        if isinstance(layout, Identifier) and layout.name.layer:  # (w⁽¹⁾)²
            layout = Fenced(layout)
        return Script(layout, above=self.place(exponent, _SUM)), _POWER

    def set_exp(self, e: Call) -> tuple[Layout, int]:
        return Script(Word("e"), above=self.place(e.args[0], _SUM)), _POWER

    def set_sqrt(self, e: Call) -> tuple[Layout, int]:
        (body,) = e.args
        layout, _ = self.set(body)
        if isinstance(layout, Script) and isinstance(layout.base, Fenced) and layout.base.left == "‖" and layout.above:
            return layout.base, _ATOM  # the root of ‖x‖²
        return Root(self.place(body, _ATOM if self.flat else _SUM)), _POWER

    def set_mse_loss(self, e: Call) -> tuple[Layout, int]:
        y, t = e.args
        squares = Call("power", "^", (Sum((y, negative(t, t.shape)), y.shape), Constant(2)), y.shape)
        return self.call(Call("mean", "mean", (squares,), e.shape))

    def set_cbrt(self, e: Call) -> tuple[Layout, int]:
        return Root(self.place(e.args[0], _ATOM if self.flat else _SUM), "3"), _POWER

    def set_abs(self, e: Call) -> tuple[Layout, int]:
        return Fenced(self.place(e.args[0], _SUM), "|", "|"), _ATOM

    set_modulus = set_abs

    def set_sinc(self, e: Call) -> tuple[Layout, int]:
        return self.call(replace(e, symbol="sinc" + "′" * e.params["order"]))

    def set_hypot(self, e: Call) -> tuple[Layout, int]:
        squares = tuple(Call("power", "^", (arg, Constant(2)), arg.shape) for arg in e.args)
        return self.set_sqrt(Call("sqrt", "√", (Sum(squares, e.shape),), e.shape))

    def set_logaddexp(self, e: Call) -> tuple[Layout, int]:
        powers = tuple(Call("exp", "exp", (arg,), arg.shape) for arg in e.args)
        return self.call(Call("log", "log", (Sum(powers, e.shape),), e.shape))

    def set_logaddexp2(self, e: Call) -> tuple[Layout, int]:
        powers = tuple(Call("power", "^", (Constant(2), arg), arg.shape) for arg in e.args)
        return self.call(Call("log2", "log₂", (Sum(powers, e.shape),), e.shape))

    def set_remainder(self, e: Call) -> tuple[Layout, int]:
        left, right = (self.place(arg, _POWER) for arg in e.args)
        return _row(left, Sign(" mod "), right), _SUM

    def set_floor_divide(self, e: Call) -> tuple[Layout, int]:
        return Fenced(self.set_divide(e)[0], "⌊", "⌋"), _ATOM

    def set_astype(self, e: Call) -> tuple[Layout, int]:
        """As NumPy writes it for a number: float32(x)."""
        return _row(Word(e.params["dtype"]), Fenced(self.place(e.args[0], _RELATION))), _ATOM

    def compare(self, e: Call) -> tuple[Layout, int]:
        left, right = (self.place(arg, _SUM) for arg in e.args)
        return _row(left, Sign(f" {e.symbol} "), right), _RELATION

    set_less = set_less_equal = set_greater = set_greater_equal = set_equal = set_not_equal = compare

    def set_where(self, e: Call) -> tuple[Layout, int]:
        masked = _masked(e)
        if masked is None:
            return self.call(e)
        if masked.coefficient == len(masked.factors) == 1:
            return self.place(masked.factors[0], _ATOM), _ATOM
        return self.product(masked)

    def set_sum(self, e: Call) -> tuple[Layout, int]:
        (body,) = e.args
        squares = isinstance(body, Call) and body.name == "power" and _is_two(body.args[1])
        if isinstance(body, Call) and squares and len(e.params["axis"]) == len(body.shape):
            return Script(Fenced(self.place(body.args[0], _SUM), "‖", "‖"), above=Number("2")), _POWER
        return self.total(e)

    def total(self, e: Call) -> tuple[Layout, int]:
        (body,) = e.args
        axes, ndim = e.params["axis"], len(body.shape)
        if len(axes) == ndim:
            return _row(Total("", e.symbol), self.place(body, _PRODUCT)), _APPLICATION
        if ndim not in _LETTERS:
            return self.call(e)
        letters = _LETTERS[ndim]
        element = self.element(body, letters[: axes[-1] + 1])
        return _row(Total("".join(letters[i] for i in axes), e.symbol), element), _APPLICATION

    set_prod = total

    def set_products_of_others(self, e: Call) -> tuple[Layout, int]:
        """For each element of a row the product of the elements that are not it."""
        (body,) = e.args
        ndim = len(body.shape)
        if ndim not in _LETTERS:
            return self.call(e)
        letters, other = _LETTERS[ndim], "j" if ndim == 1 else "m"
        return _row(Total(f"{other}≠{letters[-1]}", "Π"), self.element(body, letters[:-1] + other)), _APPLICATION

    def set_norm(self, e: Call) -> tuple[Layout, int]:
        """‖x‖ with the kind of norm below, F for the length of a whole matrix, and the letters of its axes."""
        (body,) = e.args
        layout = self.indexed(e)
        along = f",{spelt.text}" if isinstance(layout, Script) and isinstance(spelt := layout.below, Word) else ""
        ord, axis = e.params["ord"], e.params["axis"]
        whole = len(body.shape) > 1 and (axis is None or np.size(axis) > 1)
        kind = "F" if ord == 2 and whole else number(ord).replace("inf", "∞")
        return Script(Fenced(self.place(body, _SUM), "‖", "‖"), below=Word(kind + along)), _ATOM

    def set_reorder(self, e: Call) -> tuple[Layout, int]:
        """The error signal of what was put in order, at the places it came from."""
        return _row(self.place(e.args[0], _PRODUCT), Sign(" "), Word("at"), Sign(" "), Word("argsort")), _SUM

    def element(self, e: Expression, letters: str) -> Layout:
        """What the letters count; a name that has an index already stands in brackets."""
        layout = self.place(e, _ATOM)
        indexed = layout.name.index if isinstance(layout, Identifier) else isinstance(layout, Script) and layout.below
        return Script(Fenced(layout) if indexed else layout, below=Word(letters))

    def set_roll(self, e: Call) -> tuple[Layout, int]:
        return self.call(e, _whole(e.params["shift"]))

    def set_tile(self, e: Call) -> tuple[Layout, int]:
        reps = e.params["reps"]
        return self.call(e, _whole(reps[0] if len(reps) == 1 else reps))

    def set_repeat(self, e: Call) -> tuple[Layout, int]:
        return self.call(e, _whole(e.params["repeats"]))

    def set_triu(self, e: Call) -> tuple[Layout, int]:
        return self.call(e, _whole(e.params["k"])) if e.params["k"] else self.call(e)

    set_tril = set_triu

    def set_pad(self, e: Call) -> tuple[Layout, int]:
        """With what a reader would write: the axes by their letters unless all get a border, one width where all are
        the same, and the mode unless the border is 0.
        """
        widths: Any = e.params["pad_width"]
        axes = tuple(i for i, pair in enumerate(widths) if any(pair))
        if axes and len(widths) in _LETTERS:
            e = replace(e, params={**e.params, "axis": axes})
            widths = tuple(widths[i] for i in axes)
        if len(set(widths)) == 1:
            widths = widths[0][0] if widths[0][0] == widths[0][1] else widths[0]
        settings = [_whole(widths)]
        values = e.params["constant_values"]
        if e.params["mode"] != "constant":
            settings.append(Word(e.params["mode"]))
        elif np.any(values):
            settings.append(Word("…") if np.ndim(values) else Number(literal(values)))
        return self.call(e, *settings)

    def set_getitem(self, e: Call) -> tuple[Layout, int]:
        return _row(self.place(e.args[0], _ATOM), Fenced(Word(index_text(e.params["index"])), "[", "]")), _ATOM

    def set_scatter(self, e: Call) -> tuple[Layout, int]:
        """The error signal of what was chosen, at the place it was chosen from."""
        place = Fenced(Word(index_text(e.params["index"])), "[", "]")
        return _row(self.place(e.args[0], _PRODUCT), Sign(" "), Word("at"), Sign(" "), place), _SUM

    def set_unpool2d(self, e: Call) -> tuple[Layout, int]:
        """The error signal of a maximum goes to the index that won."""
        return _row(self.place(e.args[0], _PRODUCT), Sign(" "), Word("at"), Sign(" "), Word("argmax")), _SUM

    set_unpool1d = set_unpool3d = set_unpool2d

    def set_conv2d_weight_grad(self, e: Call) -> tuple[Layout, int]:
        """Every position adds its error signal times the patch it lies on."""
        z_bar, x = (self.element(arg, "p") for arg in e.args)
        return _row(Total("p"), z_bar, Sign(" "), x), _APPLICATION

    set_conv1d_weight_grad = set_conv3d_weight_grad = set_conv2d_weight_grad


def _masked(e: Expression) -> Product | None:
    """What is chosen, times 1 where the condition holds and 0 elsewhere, when the other branch is 0."""
    if not (isinstance(e, Call) and e.name == "where"):
        return None
    condition, a, b = e.args
    if not (isinstance(condition, Call) and condition.name in _COMPARISONS):
        return None
    if is_zero(a):
        condition, a, b = replace(condition, symbol=_OPPOSITES[condition.symbol]), b, a
    if not is_zero(b):
        return None
    if isinstance(a, Constant) and np.all(a.value == 1):
        return Product(1.0, (condition,), e.shape)
    chosen = a if isinstance(a, Product) else _masked(a) or Product(1.0, (a,), a.shape)
    return Product(chosen.coefficient, (*chosen.factors, condition), e.shape)


def _with_masks(e: Product) -> Product:
    """A product in which what is chosen and its condition stand beside the other factors."""
    parts = [_masked(factor) or Product(1.0, (factor,), factor.shape) for factor in e.factors]
    coefficient = math.prod((part.coefficient for part in parts), start=e.coefficient)
    return replace(e, coefficient=coefficient, factors=tuple(factor for part in parts for factor in part.factors))


def _core(e: Expression) -> Expression:
    """The vector of which a column is made: both are set alike."""
    return _core(e.args[0]) if isinstance(e, Call) and e.name == "reshape" and _is_column(e) else e


def _is_column(e: Call) -> bool:
    """Whether axes of length 1 were put behind that of a vector."""
    (inner,) = e.args
    return len(inner.shape) == 1 < len(e.shape) and e.shape == (*inner.shape, *[1] * (len(e.shape) - 1))


def _is_transposed(e: Call) -> bool:
    """Whether rows and columns have changed places, in every matrix of a stack."""
    ndim = len(e.shape)
    return ndim == 2 or e.params["axes"] == (*range(ndim - 2), ndim - 1, ndim - 2)


def _is_matmul(e: Expression) -> bool:
    return isinstance(e, Call) and (
        e.name in ("matmul", "solve") or (e.name == "broadcast_to" and len(e.args[0].shape) == 2)
    )


def _is_open(e: Expression) -> bool:
    """Whether it ends in a function or sum without brackets, which would take in what follows."""
    e = _core(e)
    if isinstance(e, Product):
        return _is_open(e.factors[-1])
    return isinstance(e, Call) and e.name in (
        *_NO_BRACKETS, "sum", "prod", "products_of_others", "einsum",
        "conv1d_weight_grad", "conv2d_weight_grad", "conv3d_weight_grad",
    )  # fmt: skip


def _chains(e: Expression) -> bool:
    """Whether a matrix product can follow without brackets: not after ∘ or /, for (a ∘ b) C is not a ∘ (b C)."""
    e = _core(e)
    if isinstance(e, Product):
        arrays = [factor for factor in e.factors if factor.shape]
        return len(arrays) <= 1 and all(isinstance(f, Symbol) or _is_matmul(f) or not f.shape for f in e.factors)
    filled = isinstance(e, Call) and e.name == "broadcast_to" and not e.args[0].shape and not _is_open(e.args[0])
    return filled or _is_matmul(e) or isinstance(e, Symbol)


def _is_two(e: Expression) -> bool:
    return isinstance(e, Constant) and np.ndim(e.value) == 0 and e.value == 2


def _lengths(e: Expression) -> Layout:
    """The shape it has."""
    return Word("×".join(map(str, e.shape)) or "()")


def _whole(value: Any) -> Layout:
    """A whole number, or several if they are few."""
    if not isinstance(value, tuple):
        return Number(str(value).replace("-", "−"))
    return Word(str(value).replace("-", "−") if len(value) <= 4 else "(…)")


def index_text(index: Any) -> str:
    """What stands between the brackets: ``0``, ``1:3, :``, … for arrays of many numbers."""
    parts = index if isinstance(index, tuple) else (index,)
    return ", ".join(_index_part(part) for part in parts)


def _index_part(part: Any) -> str:
    if isinstance(part, slice):
        ends = f"{'' if part.start is None else part.start}:{'' if part.stop is None else part.stop}"
        return ends + (f":{part.step}" if part.step is not None else "")
    if part is Ellipsis:
        return "…"
    if np.ndim(part):
        return "[" + ", ".join(map(str, np.ravel(part))) + "]" if np.size(part) <= 4 else "[…]"
    return str(part)
