"""Named values: arrays that write down what is done to them.

Put a named value into a rule and the rule, ordinary NumPy code, gives the formula and its value. The
formula that a student reads is the rule that ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.arrays import beside, device_of
from minigrad.dispatch import from_numpy
from minigrad.methods import COMPARISONS, attach_operators
from minigrad.notation.expression import Call, Constant, Expression, Symbol
from minigrad.notation.names import Name
from minigrad.notation.simplify import call
from minigrad.primitive import Primitive, Rule

__all__ = ["Named", "expression_of", "rules_with_named_derivatives"]


class Named:
    """An array together with the expression that made it.

    >>> import minigrad as mg
    >>> from minigrad.notation import write
    >>> y_bar, z = Named.symbol("y_bar", 2.0), Named.symbol("z", 3.0)
    >>> product = y_bar * z
    >>> write(product.expression), float(product.data)
    ('ȳ z', 6.0)
    """

    __slots__ = ("data", "expression")

    def __init__(self, data: Any, expression: Expression) -> None:
        self.data = data
        self.expression = expression

    @classmethod
    def symbol(cls, name: str, data: Any) -> Named:
        """A value that formulas call `name`; ``y_bar`` is the error signal of y."""
        parsed = Name.parse(name.removesuffix("_bar"), np.ndim(data))
        return cls(beside(data)[()], Symbol(parsed.bar if name.endswith("_bar") else parsed, data))

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
        """Where the value is."""
        return device_of(self.data)

    def __apply__(self, primitive: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Named:
        data = primitive(*[arg.data if isinstance(arg, Named) else arg for arg in args], **params)
        expressions = [expression_of(arg) for arg in args]
        return Named(data, call(primitive.name, primitive.symbol, expressions, params, np.shape(data)))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return from_numpy(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        return from_numpy(function, "__call__", args, kwargs)

    def __and__(self, other: Any) -> Any:
        """Two conditions at once: a plain value, for a rule to branch upon."""
        return np.logical_and(self.data, other.data if isinstance(other, Named) else other)

    __hash__ = object.__hash__

    if TYPE_CHECKING:  # attached below

        def __mul__(self, other: Any) -> Named: ...


attach_operators(Named)


def expression_of(value: Any) -> Expression:
    """The expression of a named value; a plain value stands for itself."""
    return value.expression if isinstance(value, Named) else Constant(value)


def rules_with_named_derivatives(primitive: Primitive) -> Iterable[Rule]:
    """The rules of a primitive, for named values: where its derivative has a name, ȳ σ′(z) instead of ȳ y (1 − y).

    The rule of an elementwise function is linear in the error signal, so the derivative is what the
    rule makes of the error signal 1.
    """
    if primitive.derivative is None:
        return primitive.rules
    (rule,), symbol = primitive.rules, primitive.derivative

    def named_rule(y_bar: Named, y: Named, x: Named) -> Named:
        one = Named(np.ones_like(x.data)[()], Constant(1.0))
        slope = rule(one, y, x)
        derivative = Call("derivative", symbol, (x.expression,), x.shape, meaning=slope.expression, value=slope.data)
        return y_bar * Named(slope.data, derivative)

    return (named_rule,)


def _comparison(symbol: str, ufunc: np.ufunc) -> Callable[[Named, Any], Named]:
    def compare(self: Named, other: Any) -> Named:
        data = ufunc(self.data, other.data if isinstance(other, Named) else other)
        return Named(data, Call(ufunc.__name__, symbol, (self.expression, expression_of(other)), np.shape(data)))

    return compare


for (_name, _ufunc), _symbol in zip(COMPARISONS.items(), "<≤>≥=≠", strict=True):
    setattr(Named, f"__{_name}__", _comparison(_symbol, _ufunc))
