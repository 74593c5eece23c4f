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

from minigrad.core.primitive import primitives
from minigrad.notation.expression import Call, Constant, Expression, Product, Sum, Symbol
from minigrad.notation.simplify import is_negative, negative

__all__ = ["namespace", "write_python"]

_SUM, _PRODUCT, _NEGATIVE, _POWER, _ATOM = range(5)
_COMPARISONS = {
    "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!=",
}  # fmt: skip

_WRITTEN = (int, float, complex, str, slice, type(None), type(...))  # what Python reads as it prints it

Bind = Callable[[Any], str]


def namespace() -> dict[str, Any]:
    """What the names of functions in the lines mean: every operation by its name, on plain arrays."""
    functions = {primitive.name: primitive for primitive in primitives()}
    return functions | {"np": np, "slice": slice, "Ellipsis": Ellipsis, "__builtins__": {}}


def write_python(
    expression: Expression, bind: Bind = repr, name: Callable[[Symbol], str] = lambda symbol: symbol.name.python
) -> str:
    """The formula as a Python expression over the `namespace` and the names of its variables.

    Arguments:
        bind: gives the text for an array that stands in the formula, or among the parameters of an
            operation: a name for it, or the array itself.
        name: gives the text for a variable.
    """
    return _Writer(bind, name).place(expression, _SUM)


class _Writer:
    def __init__(self, bind: Bind, name: Callable[[Symbol], str]) -> None:
        self.bind = bind
        self.name = name

    def place(self, e: Expression, at_least: int) -> str:
        text, binding = self.write(e)
        return f"({text})" if binding < at_least else text

    def write(self, e: Expression) -> tuple[str, int]:
        match e:
            case Symbol():
                return self.name(e), _ATOM
            case Constant():
                return self.constant(e.value)
            case Sum():
                return self.sum(e), _SUM
            case Product():
                return self.product(e)
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
        text = self.place(e.terms[0], _SUM + 1)
        for term in e.terms[1:]:
            minus = is_negative(term)
            text += (" - " if minus else " + ") + self.place(negative(term, term.shape) if minus else term, _PRODUCT)
        return text

    def product(self, e: Product) -> tuple[str, int]:
        factors = [self.place(factor, _NEGATIVE if i == 0 else _POWER) for i, factor in enumerate(e.factors)]
        if e.coefficient == -1:
            return "-" + " * ".join([self.place(e.factors[0], _POWER), *factors[1:]]), _PRODUCT
        return " * ".join(([_number(e.coefficient)] if e.coefficient != 1 else []) + factors), _PRODUCT

    def call(self, e: Call) -> tuple[str, int]:
        if e.meaning is not None:
            return self.write(e.meaning)
        match e.name:
            case "divide":
                return f"{self.place(e.args[0], _PRODUCT)} / {self.place(e.args[1], _POWER)}", _PRODUCT
            case "matmul":
                return f"{self.place(e.args[0], _POWER)} @ {self.place(e.args[1], _POWER)}", _PRODUCT
            case "power":
                return f"{self.place(e.args[0], _ATOM)} ** {self.place(e.args[1], _POWER)}", _POWER
            case "transpose" if e.params.get("axes") is None or len(e.shape) == 2:
                return f"{self.place(e.args[0], _ATOM)}.T", _ATOM
            case "row":
                return f"reshape({self.place(e.args[0], _SUM)}, shape={e.shape})", _ATOM
            case "getitem":
                return f"{self.place(e.args[0], _ATOM)}[{self.parameter(e.params['index'])}]", _ATOM
            case name if name in _COMPARISONS:
                left, right = (self.place(arg, _SUM) for arg in e.args)
                return f"({left} {_COMPARISONS[name]} {right})", _ATOM
        words = [self.place(arg, _SUM) for arg in e.args]
        words += [f"{key}={self.parameter(value)}" for key, value in e.params.items()]
        return f"{e.name}({', '.join(words)})", _ATOM

    def parameter(self, value: Any) -> str:
        if isinstance(value, np.ndarray):
            return self.bind(value)
        if isinstance(value, tuple | list):
            inner = ", ".join(map(self.parameter, value))
            return f"({inner}{',' if len(value) == 1 else ''})" if isinstance(value, tuple) else f"[{inner}]"
        if isinstance(value, float | np.generic):
            return _number(value)
        return repr(value) if isinstance(value, _WRITTEN) else self.bind(value)


def _number(value: Any) -> str:
    plain = value.item() if hasattr(value, "item") else value
    return repr(plain) if np.isfinite(plain) else f"np.{plain!r}".replace("np.-", "-np.")
