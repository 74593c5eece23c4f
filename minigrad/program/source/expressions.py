"""Lines as Python expressions: operators between operands, with brackets only where Python needs them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from math import frexp
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.device import as_plain_array
from minigrad.program.fast.numbers import chosen
from minigrad.program.recording.lines import Line, Variable, variables_in
from minigrad.program.recording.numpy_calls import Attribute, Method
from minigrad.program.simplify.simplify import alias
from minigrad.program.source.constants import Constants, number_text
from minigrad.program.source.functions import Functions
from minigrad.rules.manipulation.join import concatenation

__all__ = ["Expressions"]

# Precedence, as in Python: an operand of lower precedence is put in brackets.
_CONDITION = -1
_COMPARISON, _OR, _XOR, _AND, _SHIFT, _SUM, _PRODUCT, _UNARY, _POWER, _ATOM = range(10)
_INFIX: dict[Any, tuple[str, int]] = {
    operator.add: ("+", _SUM), operator.sub: ("-", _SUM), operator.mul: ("*", _PRODUCT),
    operator.truediv: ("/", _PRODUCT), operator.floordiv: ("//", _PRODUCT), operator.mod: ("%", _PRODUCT),
    operator.matmul: ("@", _PRODUCT), operator.pow: ("**", _POWER),
    operator.lshift: ("<<", _SHIFT), operator.rshift: (">>", _SHIFT),
    operator.and_: ("&", _AND), operator.xor: ("^", _XOR), operator.or_: ("|", _OR),
    operator.lt: ("<", _COMPARISON), operator.le: ("<=", _COMPARISON), operator.gt: (">", _COMPARISON),
    operator.ge: (">=", _COMPARISON), operator.eq: ("==", _COMPARISON), operator.ne: ("!=", _COMPARISON),
}  # fmt: skip
_DEFAULTS: dict[str, Any] = {"axis": None, "keepdims": False, "copy": True}  # of the methods of arrays
_OPPOSITES = {operator.add: "-", operator.sub: "+"}
#: Numbers of formulas that nobody knows by their digits: their names, and what they are.
_KNOWN = {
    math.sqrt(2 * math.pi): ("SQRT_2_PI", "np.sqrt(2 * np.pi).item()"),
    math.sqrt(math.pi): ("SQRT_PI", "np.sqrt(np.pi).item()"),
    math.sqrt(2): ("SQRT_2", "np.sqrt(2).item()"), math.log(2): ("LN_2", "np.log(2).item()"), math.pi: ("PI", "np.pi"),
}  # fmt: skip
_PREFIX = {operator.neg: "-", operator.pos: "+", operator.invert: "~"}


class Expressions:
    """Writes lines as expressions.

    Arguments:
        readable: whether a tenth of time may be lost: ``y / 32`` for ``0.03125 * y``.
        operand: the text of a variable and its precedence: a name, or the expression that computes it.
    """

    def __init__(
        self,
        operand: Callable[[Variable], tuple[str, int] | None],
        functions: Functions,
        constants: Constants,
        readable: bool = True,
    ) -> None:
        self._operand = operand
        self._functions = functions
        self._constants = constants
        self._readable = readable

    def text(self, value: Any, at_least: int = 0, beside: Any = None) -> str:
        """A variable or a constant, in brackets if its precedence is lower; beside an operand of the dtype `beside`."""
        if isinstance(value, Variable):
            known = self._operand(value)
            text, precedence = known if known is not None else self.line(value.line)  # type: ignore[arg-type]
        else:
            text, precedence = self._constant(value, beside)
        return f"({text})" if precedence < at_least else text

    def line(self, line: Line) -> tuple[str, int]:
        """The call of a line, and its precedence."""
        function, args = line.function, line.args
        if function in _INFIX:
            symbol, precedence = _INFIX[function]
            left, right = precedence, precedence + 1  # a − (b − c)
            if function is operator.pow:
                left, right = _ATOM, _UNARY
            elif precedence == _COMPARISON:
                left = right
            if np.ndarray in map(type, args) and any(isinstance(x, Variable) and x.type is np.ndarray for x in args):
                args = tuple(x[()] if isinstance(x, np.ndarray) and not x.shape else x for x in args)
            n = _divisor(args[0]) if self._readable and function is operator.mul else None
            if n is not None and isinstance(args[1], Variable) and args[1].dtype == args[0].dtype:
                return f"{self.text(args[1], _PRODUCT)} / {n}", _PRODUCT
            dtypes = [None if function is operator.pow else getattr(x, "dtype", None) for x in args]
            a, b = self.text(args[0], left, dtypes[1]), self.text(args[1], right, dtypes[0])
            if function in _OPPOSITES and b.startswith("-") and self._is_negative(args[1]):
                symbol, b = _OPPOSITES[function], b[1:]
                negated = args[1].line if isinstance(args[1], Variable) else None
                if negated is not None and negated.function is operator.neg:
                    b = self.text(negated.args[0], _PRODUCT)  # a − x y for a + (−(x y))
            if function is operator.pow and _is_simple(a) and _is_simple(b):
                return f"{a}**{b}", precedence
            return f"{a} {symbol} {b}", precedence
        if function is alias:
            return self.text(args[0]), _ATOM
        if function is chosen:
            condition, a, b = line.args
            a_text = self._constants.named(a) if isinstance(a, np.generic) else self.text(a)
            return f"{a_text} if {self.text(condition)} else {self.text(b)}", _CONDITION
        if function is operator.neg and self._is_negative(args[0]) and args[0].line.function is not operator.neg:
            text = self.text(args[0])
            return (text[1:], _PRODUCT) if text.startswith("-") else (f"-({text})", _UNARY)
        if function in _PREFIX:
            return f"{_PREFIX[function]}{self.text(args[0], _UNARY)}", _UNARY
        if function is operator.getitem:
            return f"{self.text(args[0], _ATOM)}[{self.index(args[1])}]", _ATOM
        if isinstance(function, Attribute):
            return f"{self.text(args[0], _ATOM)}.{function.__name__}", _ATOM
        if isinstance(function, Method):
            params = {key: value for key, value in line.params.items() if _DEFAULTS.get(key, self) is not value}
            if _is_plain_copy(line):
                return f"{self.text(args[0], _ATOM)}.copy()", _ATOM
            return f"{self.text(args[0], _ATOM)}.{self._call(function.__name__, args[1:], params)}", _ATOM
        if function is as_plain_array:
            kind = line.outputs[0].type
            if kind in (np.float64, np.complex128):
                return f"np.{kind.__name__}({self.text(args[0])})", _ATOM
            return f"np.asarray({self.text(args[0])})[()]", _ATOM
        if function is concatenation:
            return self._call("np.concatenate", (tuple(args[0]),), line.params), _ATOM
        name = self._functions.name(function)
        return self._call(name, args, line.params), _ATOM

    def _is_negative(self, x: Any) -> bool:
        """Whether its text is that of a product, and may begin with a minus: a + (−x) y is a − x y to the bit."""
        while isinstance(x, Variable) and self._operand(x) is None and x.line is not None and _is_real(x):
            if x.line.function is operator.neg:
                return True
            if x.line.function not in (operator.mul, operator.truediv):
                return False
            if x.line.function is operator.mul and self._readable and _divisor(x.line.args[0]) is not None:
                return False
            x = x.line.args[0]
        return isinstance(x, float | np.floating) and bool(x < 0)

    def index(self, index: Any) -> str:
        """What stands in the brackets of ``x[…]``."""
        if isinstance(index, tuple) and index:
            return ", ".join(map(self._index_part, index)) + "," * (len(index) == 1)
        return self._index_part(index)

    def _index_part(self, part: Any) -> str:
        if isinstance(part, slice):
            start, stop = ("" if x is None else self.text(x) for x in (part.start, part.stop))
            return f"{start}:{stop}" + (f":{self.text(part.step)}" if part.step is not None else "")
        return self.text(part)

    def _call(self, name: str, args: Any, params: dict[str, Any]) -> str:
        words = [self.text(arg) for arg in args]
        fixed = {key: self.text(value) for key, value in params.items() if next(variables_in(value), None) is None}
        settings, rest = self._constants.settings(name, fixed)
        words += [
            f"{key}={rest.get(key) or self.text(x)}" for key, x in params.items() if key in rest or key not in fixed
        ]
        words += [f"**{settings}"] if settings else []
        return f"{name}({', '.join(words)})"

    def _constant(self, value: Any, beside: Any) -> tuple[str, int]:
        if isinstance(value, tuple | list):
            inner = ", ".join(self.text(part) for part in value)
            if isinstance(value, list):
                return f"[{inner}]", _ATOM
            return f"({inner}{',' if len(value) == 1 else ''})", _ATOM
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.text(key)}: {self.text(part)}" for key, part in value.items()) + "}", _ATOM
        if isinstance(value, slice):
            return f"slice({', '.join(self.text(x) for x in (value.start, value.stop, value.step))})", _ATOM
        if type(value) in (bool, int, float, complex) or isinstance(value, np.generic):
            text = number_text(value, beside)
            if value in _KNOWN and type(value) is float:
                return self._constants.called(*_KNOWN[value]), _ATOM
            is_fraction = " / " in text and not text.startswith("np.")
            return text, _PRODUCT if is_fraction else _UNARY if text.startswith("-") else _ATOM
        if isinstance(value, np.ufunc | Primitive) or (callable(value) and not isinstance(value, type)):
            return self._functions.name(value), _ATOM
        return self._constants.text(value), _ATOM


def _divisor(x: Any) -> int | None:
    """n of 1 / n, a power of two: dividing by it is multiplying with 1 / n to the bit."""
    if not isinstance(x, np.floating) or not 0 < x < 0.2 or frexp(float(x))[0] != 0.5 or float(x) < 2.0**-20:
        return None
    return round(1 / float(x))


def _is_plain_copy(line: Line) -> bool:
    """Whether ``x.astype(…)`` is ``x.copy()``: in the same dtype, of an array in C's order, which the latter gives."""
    x, *dtype = line.args
    is_cast = line.function.__name__ == "astype" and isinstance(x, Variable) and dtype == [x.dtype]
    return is_cast and x.strides is None and line.params.get("copy", True) is not False


def _is_real(x: Variable) -> bool:
    return x.type is float if x.dtype is None else x.dtype.kind == "f"


def _is_simple(text: str) -> bool:
    return text.replace(".", "").removeprefix("-").isalnum() or text.isidentifier()
