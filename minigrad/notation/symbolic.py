"""Symbolic values: arrays that record the expression they were computed by.

A rule is ordinary NumPy code: called with symbolic values, it returns the formula together with its value.
The formula that a student reads is the rule that ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.core.dispatch import from_numpy
from minigrad.core.primitive import Primitive, Rule
from minigrad.device import device_of, to_device_of
from minigrad.methods import COMPARISONS, attach_operators
from minigrad.notation.expression import Call, Constant, Derivative, Expression, Symbol
from minigrad.notation.name import Name
from minigrad.notation.simplify import call, with_powers

__all__ = ["Symbolic", "expression_of", "rules_with_named_derivatives"]


class Symbolic:
    """An array together with the expression it was computed by.

    >>> import minigrad as mg
    >>> from minigrad.notation import write
    >>> y_bar, z = Symbolic.symbol("y_bar", 2.0), Symbolic.symbol("z", 3.0)
    >>> product = y_bar * z
    >>> write(product.expression), float(product.data)
    ('ȳ z', 6.0)
    """

    __slots__ = ("data", "expression")

    def __init__(self, data: Any, expression: Expression) -> None:
        self.data = data
        self.expression = expression

    @classmethod
    def symbol(cls, name: str, data: Any) -> Symbolic:
        """A value with a name; ``y_bar`` names the error signal of y."""
        parsed = Name.parse(name.removesuffix("_bar"), np.ndim(data))
        return cls(to_device_of(data)[()], Symbol(parsed.bar if name.endswith("_bar") else parsed, data))

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return np.shape(self.data)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return np.ndim(self.data)

    @property
    def size(self) -> int:
        """The number of elements."""
        return np.size(self.data)

    @property
    def dtype(self) -> Any:
        """The dtype of the value."""
        return self.data.dtype

    @property
    def device(self) -> str:
        """The device that holds the value."""
        return device_of(self.data)

    def __apply__(self, primitive: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Symbolic:
        data = primitive(*[arg.data if isinstance(arg, Symbolic) else arg for arg in args], **params)
        expressions = [expression_of(arg) for arg in args]
        return Symbolic(data, call(primitive, expressions, params, np.shape(data)))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return from_numpy(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        return from_numpy(function, "__call__", args, kwargs)

    def __and__(self, other: Any) -> Any:
        """Both conditions: a plain value, for a rule to branch on."""
        return np.logical_and(self.data, other.data if isinstance(other, Symbolic) else other)

    __hash__ = object.__hash__

    if TYPE_CHECKING:  # attached below

        def __mul__(self, other: Any) -> Symbolic: ...


attach_operators(Symbolic)


def expression_of(value: Any) -> Expression:
    """The expression of a symbolic value; any other value is a constant."""
    return value.expression if isinstance(value, Symbolic) else Constant(value)


def rules_with_named_derivatives(primitive: Primitive) -> Iterable[Rule]:
    """The rules of a primitive for symbolic values: if its derivative has a name, ȳ σ′(z) in place of ȳ y (1 − y).

    The rule of an elementwise function is linear in the error signal: for the error signal 1 it gives the derivative.
    """
    symbol = primitive.derivative
    if symbol is None or primitive.differentiable != 1:  # one symbol cannot name the derivatives for several arguments
        return primitive.rules
    rule = next(iter(primitive.rules))

    def named_rule(y_bar: Symbolic, y: Symbolic, x: Symbolic, /, **params: Any) -> Symbolic:
        one = Symbolic(np.ones_like(x.data)[()], Constant(1.0))
        slope = rule(one, y, x, **params)
        return y_bar * Symbolic(slope.data, Derivative(symbol, x.expression, with_powers(slope.expression), slope.data))

    return (named_rule,)


def _comparison(ufunc: np.ufunc) -> Callable[[Symbolic, Any], Symbolic]:
    def compare(self: Symbolic, other: Any) -> Symbolic:
        data = ufunc(self.data, other.data if isinstance(other, Symbolic) else other)
        return Symbolic(data, Call(ufunc, (self.expression, expression_of(other)), np.shape(data)))

    return compare


for _name, _ufunc in COMPARISONS.items():
    setattr(Symbolic, f"__{_name}__", _comparison(_ufunc))
