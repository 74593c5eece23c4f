"""Products of matrices, transposes, inverses, and sums over indices."""

from __future__ import annotations

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Expression, Form
from minigrad.notation.layout import Fenced, Layout, Number, Row, Script, Sign, Total, Word
from minigrad.notation.simplify import is_call, is_filled
from minigrad.notation.typeset.brackets import Precedence, can_precede_matmul
from minigrad.notation.typeset.typesetter import TRANSPOSED, Typeset, Typesetter, row, typesets


@typesets(ops.matmul)
def matmul(t: Typesetter, e: Call) -> Typeset:
    left, right = e.args
    second = t.operand(right, Precedence.POWER)
    if len(left.shape) == len(right.shape) == 1:
        return row(t.transposed(left), t.times(right), second), Precedence.PRODUCT
    first = t.operand(left, Precedence.PRODUCT if can_precede_matmul(left) else Precedence.POWER)
    return row(first, Sign(" "), second), Precedence.PRODUCT


@typesets(ops.transpose)
def transpose(t: Typesetter, e: Call) -> Typeset:
    if not _swaps_rows_and_columns(e):
        return t.call(e, Word(str(e.params["axes"])))
    (inner,) = e.args
    if is_call(inner, ops.inv, ops.left_eigenvectors):  # (A⁻¹)ᵀ is A⁻ᵀ
        return _inverse(t, Call(ops.transpose, inner.args, e.shape, e.params)), Precedence.POWER
    return t.transposed(inner), Precedence.POWER


@typesets(Form.ROW)
def row_vector(t: Typesetter, e: Call) -> Typeset:
    return t.transposed(e.args[0]), Precedence.POWER


@typesets(ops.inv, ops.left_eigenvectors)
def inv(t: Typesetter, e: Call) -> Typeset:
    return _inverse(t, e.args[0]), Precedence.POWER


@typesets(ops.solve)
def solve(t: Typesetter, e: Call) -> Typeset:
    return row(_inverse(t, e.args[0]), Sign(" "), t.operand(e.args[1], Precedence.POWER)), Precedence.PRODUCT


@typesets(ops.pinv)
def pinv(t: Typesetter, e: Call) -> Typeset:
    return _pseudo_inverse(t, e.args[0]), Precedence.POWER


@typesets(ops.lstsq)
def lstsq(t: Typesetter, e: Call) -> Typeset:
    return row(_pseudo_inverse(t, e.args[0]), Sign(" "), t.operand(e.args[1], Precedence.POWER)), Precedence.PRODUCT


@typesets(ops.kron, ops.cross)
def kron(t: Typesetter, e: Call) -> Typeset:
    left, right = (t.operand(arg, Precedence.POWER) for arg in e.args)
    return row(left, Sign(f" {e.symbol} "), right), Precedence.PRODUCT


@typesets(ops.on_diagonal)
def on_diagonal(t: Typesetter, e: Call) -> Typeset:
    """The same number along the diagonal is a multiple of the identity."""
    (values,) = e.args
    if not is_filled(values):
        return t.call(e)
    return row(t.operand(values.args[0], Precedence.POWER), t.times(e), Word("I")), Precedence.PRODUCT


@typesets(ops.einsum)
def einsum(t: Typesetter, e: Call) -> Typeset:
    """Its elements, with the index letters of the axes: [Σⱼ Aᵢⱼ Bⱼₖ]ᵢₖ."""
    inputs, _, output = e.params["subscripts"].partition("->")
    summed = "".join(dict.fromkeys(c for c in inputs if c != "," and c not in output))
    parts: list[Layout] = [Total(summed)] if summed else []
    for i, (arg, letters) in enumerate(zip(e.args, inputs.split(","), strict=True)):
        parts += [t.times(arg)] if i else []
        parts.append(t.element(arg, letters) if letters else t.operand(arg, Precedence.POWER))
    if not output:
        return Row(tuple(parts)), Precedence.APPLICATION
    return Script(Fenced(Row(tuple(parts)), "[", "]"), below=Word(output)), Precedence.ATOM


def _inverse(t: Typesetter, e: Expression) -> Layout:
    """e⁻¹; of a transpose Aᵀ it is A⁻ᵀ."""
    if is_call(e, ops.transpose) and _swaps_rows_and_columns(e):
        return Script(t.operand(e.args[0], Precedence.ATOM), above=row(Sign("−"), TRANSPOSED))
    return Script(t.operand(e, Precedence.ATOM), above=row(Sign("−"), Number("1")))


def _pseudo_inverse(t: Typesetter, e: Expression) -> Layout:
    return Script(t.operand(e, Precedence.ATOM), above=Sign("+"))


def _swaps_rows_and_columns(e: Call) -> bool:
    """Whether it transposes a matrix, or every matrix of a stack."""
    ndim = len(e.shape)
    return ndim == 2 or e.params["axes"] == (*range(ndim - 2), ndim - 1, ndim - 2)
