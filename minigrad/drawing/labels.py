"""The text in the boxes: names, symbols, shapes, and the values of scalars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.notation import operations as ops
from minigrad.notation.values import number

__all__ = [
    "call_text", "count_text", "error_signal", "is_number", "scope_text", "shape_text", "short",
    "symbol", "value_text",
]  # fmt: skip

_PRINTED = (int, float, str, tuple, slice, type(None))
_SYMBOLS = {ops.add: "+", ops.subtract: "−", ops.multiply: "×", ops.divide: "÷", ops.negative: "negate"}


def symbol(primitive: Primitive) -> str:
    """The sign or name of an operation."""
    return _SYMBOLS.get(primitive, primitive.symbol)


def is_number(value: Any) -> bool:
    """Whether `value` is a literal number, which has no name and no identity."""
    return isinstance(value, int | float | complex | np.generic)


def shape_text(shape: tuple[int, ...]) -> str:
    """The shape as Python prints it; empty for a scalar.

    >>> shape_text((32, 10)), shape_text((3,)), shape_text(())
    ('(32, 10)', '(3,)', '')
    """
    return str(shape) if shape else ""


def short(text: str, longest: int = 40) -> str:
    """Text cut to `longest` characters; the tooltip has all of it.

    >>> short("encoder.layers.11.attention", 12)
    'encoder.lay…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


def value_text(name: str | None, value: Any, *, values: bool) -> str:
    """``w = 0.5``, ``= 0.5`` or ``w`` for a scalar, the name alone for arrays."""
    name = name and short(name)
    if values and np.shape(value) == ():
        return f"{name} = {number(value)}" if name else f"= {number(value)}"
    return name or ""


def error_signal(tensor: Tensor, *, values: bool) -> str | None:
    """The error signal of a scalar, if ``backward`` has computed it."""
    grad = tensor.grad.data if isinstance(tensor.grad, Tensor) else tensor.grad
    return number(grad) if values and grad is not None and np.shape(grad) == () else None


def count_text(tensors: Iterable[Tensor], shared: bool) -> str:
    """``156 parameters``: how many a folded module has."""
    n = sum(t.size for t in tensors)
    return f"{n:,} parameter{'' if n == 1 else 's'}" + (", shared" if shared else "")


def scope_text(label: Any) -> str:
    """The first line of a scope's label; a container prints one line for each of its modules.

    >>> scope_text("net: Sequential(\\n  (0): Linear(2, 3)\\n)")
    'net: Sequential(…)'
    """
    first, *more = str(label).strip().splitlines() or [""]
    if more:
        first = first.rstrip() + ("…)" if first.rstrip().endswith("(") else " …")
    return short(first, 60)


def call_text(primitive: Primitive, params: dict[str, Any] | None) -> str:
    """The operation with its keywords, without saved values: ``sum(axis=0, keepdims=False)``."""
    words = [f"{key}={value!r}" for key, value in primitive.keywords(params).items() if isinstance(value, _PRINTED)]
    return f"{primitive.name}({', '.join(words)})" if words else primitive.name
