"""Formulas as Python: a line that computes what the formula says.

>>> import numpy as np
>>> from minigrad.notation import Symbolic
>>> y_bar, z = Symbolic.symbol("y_bar", 2.0), Symbolic.symbol("z", 0.0)
>>> write_python((y_bar * np.exp(z)).expression)
'y_bar * exp(z)'
"""

from __future__ import annotations

from collections.abc import Callable
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
from minigrad.notation.simplify import is_negative, negative

__all__ = ["LITERALS", "write_python"]

_SUM, _PRODUCT, _NEGATIVE, _POWER, _ATOM = range(5)  # precedence: an operand of lower precedence is put in brackets
_COMPARISONS: dict[np.ufunc, str] = {
    np.less: "<", np.less_equal: "<=", np.greater: ">", np.greater_equal: ">=", np.equal: "==", np.not_equal: "!=",
}  # fmt: skip
_PRINTED = (int, float, complex, str, slice, type(None), type(...))  # types whose repr Python evaluates to the value

#: The names in a line other than its variables and operations: parts of printed literals.
LITERALS: dict[str, Any] = {"np": np, "slice": slice, "Ellipsis": Ellipsis, "__builtins__": {}}


def write_python(
    expression: Expression,
    *,
    constant: Callable[[Any], str] = repr,
    variable: Callable[[Symbol], str] = lambda symbol: symbol.name.python,
    function: Callable[[Primitive], str] = lambda primitive: primitive.name,
) -> str:
    """The formula as a Python expression.

    Arguments:
        constant: gives the text for an array in the formula, or among the parameters of an operation.
        variable: gives the text for a variable.
        function: gives the text for an operation. Two may share a name: where the line is to be evaluated, bind each.
    """
    return _Writer(constant, variable, function).operand(expression, _SUM)


class _Writer:
    def __init__(
        self, bind: Callable[[Any], str], variable: Callable[[Symbol], str], function: Callable[[Primitive], str]
    ) -> None:
        self.bind = bind
        self.variable = variable
        self.function = function

    def operand(self, e: Expression, at_least: int) -> str:
        """In brackets, unless its precedence is high enough."""
        text, precedence = self.write(e)
        return f"({text})" if precedence < at_least else text

    def write(self, e: Expression) -> tuple[str, int]:
        match e:
            case Symbol():
                return self.variable(e), _ATOM
            case Constant():
                return self.constant(e.value)
            case Sum():
                return self.sum(e), _SUM
            case Product():
                return self.product(e)
            case Derivative() | Abbreviation():
                return self.write(e.meaning)
            case Call():
                return self.call(e)

    def constant(self, value: Any) -> tuple[str, int]:
        if np.ndim(value):
            return self.bind(value), _ATOM
        if np.iscomplexobj(value) and not np.isfinite(value):
            return self.bind(value), _ATOM
        text = _number(value)
        return text, _NEGATIVE if text.startswith("-") else _ATOM

    def sum(self, e: Sum) -> str:
        if len(e.terms) > 64:  # Python's parser goes as deep as a sum is long
            half = len(e.terms) // 2
            return " + ".join(f"({self.sum(Sum(terms, e.shape))})" for terms in (e.terms[:half], e.terms[half:]))
        text = self.operand(e.terms[0], _SUM + 1)
        for term in e.terms[1:]:
            minus = is_negative(term)
            text += (" - " if minus else " + ") + self.operand(negative(term, term.shape) if minus else term, _PRODUCT)
        return text

    def product(self, e: Product) -> tuple[str, int]:
        factors = [self.operand(factor, _NEGATIVE if i == 0 else _POWER) for i, factor in enumerate(e.factors)]
        if e.coefficient == -1:
            return "-" + " * ".join([self.operand(e.factors[0], _POWER), *factors[1:]]), _PRODUCT
        return " * ".join(([_number(e.coefficient)] if e.coefficient != 1 else []) + factors), _PRODUCT

    def call(self, e: Call) -> tuple[str, int]:
        match e.operation:
            case ops.divide:
                return f"{self.operand(e.args[0], _PRODUCT)} / {self.operand(e.args[1], _POWER)}", _PRODUCT
            case ops.matmul:
                return f"{self.operand(e.args[0], _POWER)} @ {self.operand(e.args[1], _POWER)}", _PRODUCT
            case ops.power:
                return f"{self.operand(e.args[0], _ATOM)} ** {self.operand(e.args[1], _POWER)}", _POWER
            case ops.transpose if e.params.get("axes") is None or len(e.shape) == 2:
                return f"{self.operand(e.args[0], _ATOM)}.T", _ATOM
            case ops.getitem:
                return f"{self.operand(e.args[0], _ATOM)}[{self.parameter(e.params['index'])}]", _ATOM
            case Form.ROW:
                return f"{self.function(ops.reshape)}({self.operand(e.args[0], _SUM)}, shape={e.shape})", _ATOM
            case np.ufunc():
                left, right = (self.operand(arg, _SUM) for arg in e.args)
                return f"({left} {_COMPARISONS[e.operation]} {right})", _ATOM
        assert isinstance(e.operation, Primitive)
        words = [self.operand(arg, _SUM) for arg in e.args]
        words += [f"{key}={self.parameter(value)}" for key, value in e.params.items()]
        return f"{self.function(e.operation)}({', '.join(words)})", _ATOM

    def parameter(self, value: Any) -> str:
        if isinstance(value, np.ndarray):
            return self.bind(value)
        if isinstance(value, tuple | list):
            inner = ", ".join(map(self.parameter, value))
            return f"({inner}{',' if len(value) == 1 else ''})" if isinstance(value, tuple) else f"[{inner}]"
        if isinstance(value, float | np.generic):
            return _number(value)
        return repr(value) if isinstance(value, _PRINTED) else self.bind(value)


def _number(value: Any) -> str:
    plain = value.item() if hasattr(value, "item") else value
    return repr(plain) if np.isfinite(plain) else f"np.{plain!r}".replace("np.-", "-np.")
