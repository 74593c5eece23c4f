"""Comparisons, and choices between two branches."""

from __future__ import annotations

import numpy as np

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call
from minigrad.notation.layout import Sign
from minigrad.notation.typeset.brackets import Precedence
from minigrad.notation.typeset.typesetter import Typeset, Typesetter, row, typesets
from minigrad.notation.typeset.where import masked

_SIGNS: dict[np.ufunc, str] = {
    np.less: "<", np.less_equal: "≤", np.greater: ">", np.greater_equal: "≥", np.equal: "=", np.not_equal: "≠",
}  # fmt: skip


@typesets(*_SIGNS)
def compare(t: Typesetter, e: Call) -> Typeset:
    assert isinstance(e.operation, np.ufunc)
    left, right = (t.operand(arg, Precedence.SUM) for arg in e.args)
    return row(left, Sign(f" {_SIGNS[e.operation]} "), right), Precedence.RELATION


@typesets(ops.where)
def where(t: Typesetter, e: Call) -> Typeset:
    product = masked(e)
    if product is None:
        return t.call(e)
    if product.coefficient == len(product.factors) == 1:
        return t.operand(product.factors[0], Precedence.ATOM), Precedence.ATOM
    return t.product(product)
