"""What a box of the picture says: names, symbols, shapes, and the numbers where they are short."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.notation.values import number

__all__ = [
    "call_text", "count_text", "error_signal", "is_number", "scope_text", "shape_text", "short",
    "symbol", "value_text",
]  # fmt: skip

_PLAIN = (int, float, str, tuple, slice, type(None))
_SYMBOLS = {
    "add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "negative": "negate", "transpose": "transpose",
}  # fmt: skip


def symbol(primitive: Primitive) -> str:
    """The sign or the name of an operation."""
    return _SYMBOLS.get(primitive.name, primitive.symbol)


def is_number(value: Any) -> bool:
    """Whether it is a single number without a name or an identity, written into the program as it is."""
    return isinstance(value, int | float | complex | np.generic)


def shape_text(shape: tuple[int, ...]) -> str:
    """The shape as Python prints it; nothing for a single number.

    >>> shape_text((32, 10)), shape_text((3,)), shape_text(())
    ('(32, 10)', '(3,)', '')
    """
    return str(shape) if shape else ""


def short(text: str, longest: int = 40) -> str:
    """A long text cut; the tooltip has all of it.

    >>> short("encoder.layers.11.attention", 12)
    'encoder.lay…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


def value_text(name: str | None, value: Any, *, values: bool) -> str:
    """``w = 0.5``, ``= 0.5`` or ``w`` for a single number, the name alone for anything larger."""
    name = name and short(name)
    if values and np.shape(value) == ():
        return f"{name} = {number(value)}" if name else f"= {number(value)}"
    return name or ""


def error_signal(tensor: Tensor, *, values: bool) -> str | None:
    """The error signal of a single number, where ``backward`` has left one."""
    grad = tensor.grad.data if isinstance(tensor.grad, Tensor) else tensor.grad
    return number(grad) if values and grad is not None and np.shape(grad) == () else None


def count_text(tensors: Iterable[Tensor], shared: bool) -> str:
    """``156 parameters``: how many numbers a folded module learns."""
    n = sum(t.size for t in tensors)
    return f"{n:,} parameter{'' if n == 1 else 's'}" + (", shared" if shared else "")


def scope_text(label: Any) -> str:
    """The first line of a scope's label: a container of modules prints one line for each of them.

    >>> scope_text("net: Sequential(\\n  (0): Linear(2, 3)\\n)")
    'net: Sequential(…)'
    """
    first, *more = str(label).strip().splitlines() or [""]
    if more:
        first = first.rstrip() + ("…)" if first.rstrip().endswith("(") else " …")
    return short(first, 60)


def call_text(primitive: Primitive, params: dict[str, Any] | None) -> str:
    """The operation with its keywords, without what the forward pass kept: ``sum(axis=0, keepdims=False)``."""
    words = [
        f"{key}={value!r}"
        for key, value in (params or {}).items()
        if key not in primitive.saves and isinstance(value, _PLAIN)
    ]
    return f"{primitive.name}({', '.join(words)})" if words else primitive.name
