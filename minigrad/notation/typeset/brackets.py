"""Where a formula needs brackets: precedence, and what may stand next to what without them."""

from __future__ import annotations

from enum import IntEnum

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Expression, Product, Symbol
from minigrad.notation.simplify import is_call, is_filled

__all__ = ["WITHOUT_BRACKETS", "Precedence", "can_precede_matmul", "is_column", "is_matmul", "is_open", "uncolumned"]

#: Functions written as log y, where others are written σ(z).
WITHOUT_BRACKETS = (ops.sin, ops.cos, ops.tan, ops.log, ops.log2, ops.log10)
_WEIGHT_GRADS = (ops.conv1d_weight_grad, ops.conv2d_weight_grad, ops.conv3d_weight_grad)
_OPEN = (*WITHOUT_BRACKETS, ops.sum, ops.prod, ops.products_of_others, ops.einsum, *_WEIGHT_GRADS)


class Precedence(IntEnum):
    """How tightly a formula binds: an operand that binds less tightly than its place requires is put in brackets."""

    RELATION = 0
    SUM = 1
    NEGATIVE = 2
    PRODUCT = 3
    APPLICATION = 4
    POWER = 5
    ATOM = 6


def is_open(e: Expression) -> bool:
    """Whether it ends in a function or sum without brackets, which would take in what follows."""
    e = uncolumned(e)
    return is_open(e.factors[-1]) if isinstance(e, Product) else is_call(e, *_OPEN)


def can_precede_matmul(e: Expression) -> bool:
    """Whether a matrix product can follow without brackets: not after ∘ or /, for (a ∘ b) C is not a ∘ (b C)."""
    e = uncolumned(e)
    if isinstance(e, Product):
        arrays = [factor for factor in e.factors if factor.shape]
        return len(arrays) <= 1 and all(isinstance(f, Symbol) or is_matmul(f) or not f.shape for f in e.factors)
    return (is_filled(e) and not is_open(e.args[0])) or is_matmul(e) or isinstance(e, Symbol)


def is_matmul(e: Expression) -> bool:
    """Whether it is typeset as a matrix product."""
    return is_call(e, ops.matmul, ops.solve) or (is_call(e, ops.broadcast_to) and len(e.args[0].shape) == 2)


def is_column(e: Call) -> bool:
    """Whether a reshape appends axes of length 1 to a vector."""
    (inner,) = e.args
    return len(inner.shape) == 1 < len(e.shape) and e.shape == (*inner.shape, *[1] * (len(e.shape) - 1))


def uncolumned(e: Expression) -> Expression:
    """The vector that a column is reshaped from: both are typeset alike."""
    return uncolumned(e.args[0]) if is_call(e, ops.reshape) and is_column(e) else e
