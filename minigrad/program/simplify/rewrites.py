"""What a line may be replaced by: a simpler line, an earlier variable, or a constant, with the same result to the bit.

The exception is ``0.5 * (2 * x)``, which becomes x: they differ only where 2 x overflows, or x / 2 leaves the range of
normal numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import frexp
from typing import Any

import numpy as np

from minigrad.device import as_plain_array
from minigrad.kernels.linalg.matmul import LARGE
from minigrad.notation import operations as ops
from minigrad.program.recording.lines import Line, Variable
from minigrad.program.recording.recorded import Attribute, Method, attribute
from minigrad.program.simplify.uniform import Uniform, is_number, number_of

__all__ = ["replacement", "rewritten"]

_OPERATORS: dict[Any, Callable[..., Any]] = {
    np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul, np.divide: operator.truediv,
    np.negative: operator.neg, np.matmul: operator.matmul,
    np.less: operator.lt, np.less_equal: operator.le, np.greater: operator.gt, np.greater_equal: operator.ge,
    np.equal: operator.eq, np.not_equal: operator.ne,
}  # fmt: skip
_ARITHMETIC = (operator.add, operator.sub, operator.mul, operator.truediv, operator.neg)
_ELEMENTWISE = frozenset({*_ARITHMETIC, operator.pow, *_OPERATORS.values()}) - {operator.matmul}
_SHAPING = ("expand_dims", "reshape", "transpose", "T", "squeeze", "broadcast_to", "swapaxes", "moveaxis", "mT")


def rewritten(line: Line) -> Line:
    """The same line in the usual form: ``x + y`` for ``np.add(x, y)``, ``x.T`` for ``x.transpose()``."""
    function, args = line.function, line.args
    new = line
    if function in _OPERATORS and not line.params and _computes_the_same(line.outputs[0]):
        new = line.changed(_OPERATORS[function], args, {})
    elif isinstance(function, Method):
        x = args[0]
        if function.__name__ == "transpose" and args[1:] in ((), (None,), (1, 0), ((1, 0),)) and len(x.shape) == 2:
            new = line.changed(attribute("T"), (x,), {})
        elif function.__name__ == "dot" and len(x.shape) == len(args[1].shape) == 2:
            new = line.changed(operator.matmul, args, {})
    elif function is np.expand_dims and not line.params and isinstance(args[0], Variable) and _ndim(args[0]) < 3:
        new = _with_new_axis(line)
    elif function is ops.matmul and _size(args[0]) * _size(args[1]) < LARGE:
        new = line.changed(operator.matmul, args, {})
    elif function is operator.mul:
        new = _unscaled(line)
    if any(isinstance(x, Uniform) for x in new.args):
        new = new.changed(new.function, _without_uniform(new.function, new.args, line.outputs), new.params)
    return new


def replacement(line: Line) -> Any:
    """The variable or constant that stands for the only output of a line; the output itself if there is none."""
    (y,) = line.outputs
    for rule in _RULES.get(line.function, _OTHER_RULES):
        found = rule(line, y)
        if found is not None:
            return found
    return y


def _computes_the_same(y: Variable) -> bool:
    """Whether operators compute this result as NumPy's functions do: of complex scalars they round otherwise."""
    return y.dtype is not None and (y.type is np.ndarray or y.dtype.kind != "c")


def _ndim(x: Any) -> int:
    return len(x.shape)


def _with_new_axis(line: Line) -> Line:
    """``x[:, None]`` for ``np.expand_dims(x, -1)``."""
    x, axis = line.args
    if not isinstance(axis, int):
        return line
    place = axis % (_ndim(x) + 1)
    index: list[Any] = [slice(None)] * _ndim(x)
    index.insert(place, None)
    return line.changed(operator.getitem, (x, tuple(index)), {})


def _size(x: Any) -> int:
    return int(np.prod(x.shape, dtype=int))


def _is_like(x: Any, y: Variable) -> bool:
    """Whether a variable has the type, shape and dtype of another."""
    return isinstance(x, Variable) and x.type is y.type and x.shape == y.shape and x.dtype == y.dtype


def _without_uniform(function: Any, args: tuple[Any, ...], outputs: tuple[Variable, ...]) -> tuple[Any, ...]:
    """The arguments with numbers in place of uniform arrays, where another argument has the shape of the result."""
    is_elementwise = function in _ELEMENTWISE or (isinstance(function, np.ufunc) and function.signature is None)
    shape = outputs[0].shape
    if is_elementwise and any(isinstance(x, Variable) and x.shape == shape and x.type is np.ndarray for x in args):
        return tuple(map(number_of, args))
    return args


# ---------------------------------------------------------------- the rules


def _copy(line: Line, y: Variable) -> Any:
    """A copy: no line of a program writes into an array, so that a copy is needed only of what the program returns."""
    name = getattr(line.function, "__name__", "")
    if line.function is as_plain_array and _is_like(line.args[0], y):
        return line.args[0]
    if line.function is np.copy or (isinstance(line.function, Method) and name in ("copy", "astype")):
        x = line.args[0]
        if _is_like(x, y) or (name == "astype" and isinstance(x, Uniform) and x.dtype == y.dtype):
            return x
        if name == "astype" and isinstance(x, np.generic) and x.dtype == y.dtype:
            return x
    return None


def _filled(line: Line, y: Variable) -> Any:
    if line.function in (np.ones_like, np.zeros_like) and not line.params and y.dtype is not None:
        return _of_shape(y.dtype.type(line.function is np.ones_like), y)
    if line.function is operator.getitem and isinstance(line.args[0], Uniform) and line.args[1] == ():
        return line.args[0].number if not y.shape else None
    return None


def _of_shape(number: Any, y: Variable) -> Any:
    return number if y.type is not np.ndarray else Uniform(number, y.shape)


def _reshaped(line: Line, y: Variable) -> Any:
    """A uniform array in another shape."""
    name = getattr(line.function, "__name__", "")
    x = line.args[0] if line.args else None
    if name in _SHAPING and isinstance(x, Uniform | np.generic) and not isinstance(y.dtype, type(None)):
        return _of_shape(number_of(x), y)
    if isinstance(line.function, Attribute) and name == "T" and isinstance(x, Variable) and x.line is not None:
        inner = x.line
        if isinstance(inner.function, Attribute) and inner.function.__name__ == "T":
            return inner.args[0]
    return None


def _computed(line: Line, y: Variable) -> Any:
    """Arithmetic of known numbers."""
    if not all(isinstance(x, Uniform) or is_number(x) for x in line.args):
        return None
    with np.errstate(all="ignore"):
        number = line.function(*map(number_of, line.args))
    if not np.isfinite(number) or getattr(number, "dtype", None) != y.dtype:
        return None  # which would have warned
    return _of_shape(number, y)


def _neutral(line: Line, y: Variable) -> Any:
    """x · 1, x / 1, x¹, x − 0, −(−x)."""
    if line.function in (operator.mul, operator.truediv, operator.pow, operator.sub):
        x, other = line.args
        neutral = 0 if line.function is operator.sub else 1
        if is_number(other) and other == neutral and _is_like(x, y):
            return x
        if line.function is operator.mul and is_number(x) and x == 1 and _is_like(other, y):
            return other
    if line.function is operator.pow and is_number(line.args[1]) and line.args[1] == 0 and _is_like(line.args[0], y):
        return _of_shape(y.dtype.type(1), y) if y.dtype is not None and y.dtype.kind == "f" else None  # of NaN, too
    if line.function is operator.neg and isinstance(line.args[0], Variable):
        inner = line.args[0].line
        if inner is not None and inner.function is operator.neg:
            return inner.args[0]
    return None


def _twice(line: Line, y: Variable) -> Any:
    """½ (2 x): two powers of two whose product is 1."""
    if line.function is not operator.mul:
        return None
    outer = _scaled(line)
    if outer is None or not isinstance(outer[1], Variable) or outer[1].line is None:
        return None
    inner = _scaled(outer[1].line)
    if inner is not None and outer[0] * inner[0] == 1 and _is_like(inner[1], y):
        return inner[1]
    return None


def _unscaled(line: Line) -> Line:
    """(½ a) (2 b) as a b."""
    found = [_scaled(x.line) for x in line.args if isinstance(x, Variable) and x.line is not None]
    scaled = [pair for pair in found if pair is not None]
    if len(scaled) == 2 and scaled[0][0] * scaled[1][0] == 1:
        (_, a), (_, b) = scaled
        if all(isinstance(x, Variable) and x.dtype == line.outputs[0].dtype for x in (a, b)):
            return line.changed(operator.mul, (a, b), {})
    return line


def _scaled(line: Line) -> tuple[float, Any] | None:
    """A power of two, and what it is multiplied with."""
    if line.function is not operator.mul:
        return None
    for number, x in (line.args, line.args[::-1]):
        if is_number(number) and not isinstance(number, complex | np.complexfloating) and abs(frexp(number)[0]) == 0.5:
            return float(number), x
    return None


#: Which rules may apply to a line, by its function: most lines are arithmetic.
_RULES: dict[Any, tuple[Callable[[Line, Variable], Any], ...]] = {
    operator.add: (_computed,), operator.sub: (_computed, _neutral), operator.mul: (_computed, _neutral, _twice),
    operator.truediv: (_computed, _neutral), operator.pow: (_neutral,), operator.neg: (_computed, _neutral),
}  # fmt: skip
_OTHER_RULES = (_copy, _filled, _reshaped)
