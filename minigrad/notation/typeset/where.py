"""A choice with 0 in one branch, written as a product: 1 where the condition holds, 0 elsewhere."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Expression, Product
from minigrad.notation.simplify import is_call, is_zero

__all__ = ["masked", "with_masks"]

_OPPOSITES: dict[np.ufunc, np.ufunc] = {
    np.less: np.greater_equal, np.less_equal: np.greater, np.greater: np.less_equal, np.greater_equal: np.less,
    np.equal: np.not_equal, np.not_equal: np.equal,
}  # fmt: skip


def masked(e: Expression) -> Product | None:
    """``where(x > y, z, 0)`` as z [x > y]; ``None`` for anything else."""
    if not is_call(e, ops.where):
        return None
    condition, a, b = e.args
    if not (isinstance(condition, Call) and isinstance(condition.operation, np.ufunc)):
        return None
    if is_zero(a):
        condition, a, b = replace(condition, operation=_OPPOSITES[condition.operation]), b, a
    if not is_zero(b):
        return None
    if isinstance(a, Constant) and np.all(a.value == 1):
        return Product(1.0, (condition,), e.shape)
    chosen = a if isinstance(a, Product) else masked(a) or Product(1.0, (a,), a.shape)
    return Product(chosen.coefficient, (*chosen.factors, condition), e.shape)


def with_masks(e: Product) -> Product:
    """The product with the factors of every mask among its own."""
    parts = [masked(factor) or Product(1.0, (factor,), factor.shape) for factor in e.factors]
    coefficient = math.prod((part.coefficient for part in parts), start=e.coefficient)
    return replace(e, coefficient=coefficient, factors=tuple(factor for part in parts for factor in part.factors))
