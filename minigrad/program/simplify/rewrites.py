"""What a line may be replaced by: a simpler line, an earlier variable, or a constant, with the same result to the bit.

The exceptions are ``0.5 * (2 * x)``, which becomes x, and ``0.1 * (2 * x)``, which becomes ``0.2 * x``: they differ
only where 2 x overflows, or x / 2 leaves the range of normal numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import frexp
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive, _ours
from minigrad.device import as_plain_array
from minigrad.kernels.linalg.matmul import LARGE
from minigrad.notation import operations as ops
from minigrad.program.recording.lines import Line, Variable
from minigrad.program.recording.numpy_calls import Attribute, Method, attribute, method
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
_LAST_TWO = ((-1, -2), (-2, -1))  # axes
_SHAPING = ("expand_dims", "reshape", "transpose", "T", "squeeze", "broadcast_to", "swapaxes", "moveaxis", "mT")


def rewritten(line: Line) -> Line:
    """The same line in the usual form: ``x + y`` for ``np.add(x, y)``, ``x.T`` for ``x.transpose()``."""
    function, args = line.function, line.args
    new = line
    if function in _OPERATORS and not line.params and _computes_the_same(line):
        new = line.changed(_OPERATORS[function], args, {})
    elif isinstance(function, Method):
        x = args[0]
        if function.__name__ == "transpose" and args[1:] in ((), (None,), (1, 0), ((1, 0),)) and len(x.shape) == 2:
            new = line.changed(attribute("T"), (x,), {})
        elif function.__name__ in ("transpose", "swapaxes") and _is_on_cpu(x) and _swaps_last(line):
            new = line.changed(attribute("mT"), (x,), {})
        elif function.__name__ == "reshape" and len(args) == 2 and isinstance(args[1], tuple) and args[1]:
            new = line.changed(function, (_unreshaped(x), *args[1]), line.params)
        elif function.__name__ == "sum" and not line.params.keys() - {"axis", "keepdims"} and len(args) == 1:
            new = line.changed(function, args, _plain_axis(line.params))
        elif function.__name__ == "dot" and len(x.shape) == len(args[1].shape) == 2 and _is_product(line):
            new = line.changed(operator.matmul, args, {})
    elif function is np.expand_dims and not line.params and _is_numpys(args[0]) and _ndim(args[0]) < 3:
        new = _with_new_axis(line)
    elif function is np.swapaxes and not line.params and args[1:] in _LAST_TWO and _is_numpys(args[0]):
        new = line.changed(attribute("mT"), args[:1], {}) if _is_on_cpu(args[0]) else line
    elif function is ops.matmul and _size(args[0]) * _size(args[1]) < LARGE:
        new = line.changed(operator.matmul, args, {})
    elif function is np.sum and isinstance(args[0], Variable) and args[0].type is np.ndarray and len(args) == 1:
        new = line.changed(method("sum"), args, line.params)
    if new.function is operator.add and new.args[0] is new.args[1] and _is_floating(new.args[0]):
        new = line.changed(operator.mul, (2, new.args[0]), {})
    if new.function is operator.mul:
        new = _unscaled(new)
    if type(new.function) is Method and new.function.__name__ == "reshape":
        new = _with_kept_axes(new)
    elif line.outputs[0].shape and new.function in _ELEMENTWISE and len(new.args) == 2:
        new = _without_stretching(new)
    if Uniform in map(type, new.args):
        new = new.changed(new.function, _without_uniform(new.function, new.args, line.outputs), new.params)
    if new.function is operator.mul and (type(new.args[0]) is not Variable or type(new.args[1]) is not Variable):
        new = _as_numpys(_scaled_once(new))
    return new


def _is_on_cpu(x: Any) -> bool:
    """Whether it is a variable on the CPU; constants stay as they are."""
    return isinstance(x, Variable) and x.device == "cpu"


def _swaps_last(line: Line) -> bool:
    """Whether ``x.transpose(…)`` or ``x.swapaxes(…)`` exchanges the last two of several axes."""
    x, *axes = line.args
    if line.function.__name__ == "swapaxes":
        return tuple(axes) in _LAST_TWO
    order, n = axes[0] if len(axes) == 1 else axes, len(x.shape)
    return n > 2 and isinstance(order, tuple | list) and [*order] == [*range(n - 2), n - 1, n - 2]


def _unreshaped(x: Any) -> Any:
    """What x was before another reshape, which does not matter."""
    while isinstance(x, Variable) and x.line is not None and _is_reshape(x.line.function) and not x.line.params:
        before = x.line.args[0]
        if not isinstance(before, Variable) or before.strides is not None or not before.is_array:
            break
        x = before
    return x


def _plain_axis(params: dict[str, Any]) -> dict[str, Any]:
    """``axis=1`` for ``axis=(1,)``."""
    axis = params.get("axis")
    return params | {"axis": axis[0]} if isinstance(axis, tuple) and len(axis) == 1 else params


def _with_kept_axes(line: Line) -> Line:
    """``x.sum(axis=1, keepdims=True)`` for ``x.sum(axis=1).reshape(n, 1)``."""
    y, inner = line.outputs[0], line.args[0].line if isinstance(line.args[0], Variable) else None
    if inner is None or not isinstance(inner.function, Method) or inner.function.__name__ != "sum" or inner.settings:
        return line
    x, axis = inner.args[0], inner.params.get("axis")
    if inner.params.keys() != {"axis"} or not isinstance(x, Variable) or not isinstance(axis, int | tuple):
        return line
    summed = {i % len(x.shape) for i in (axis if isinstance(axis, tuple) else (axis,))}
    if y.strides is None and y.shape == tuple(1 if i in summed else n for i, n in enumerate(x.shape)):
        return line.changed(inner.function, (x,), {"axis": axis, "keepdims": True})
    return line


def _without_stretching(line: Line) -> Line:
    """``x + y`` for ``np.broadcast_to(x, shape) + y``: NumPy stretches x itself."""
    y, args = line.outputs[0], line.args
    for i, x, other in ((0, *args), (1, *args[::-1])):
        inner = x.line if isinstance(x, Variable) else None
        is_whole = isinstance(other, Variable) and other.shape == y.shape and other.is_array and other.strides is None
        if inner is None or not is_whole or y.strides is not None:
            continue
        if _is_named(inner.function, ("broadcast_to",)) or getattr(inner.function, "name", "") == "broadcast_to":
            before = inner.args[0]
            if isinstance(before, Variable) and before.dtype is not None and before.dtype == x.dtype:
                return line.changed(line.function, (before, other) if i == 0 else (other, before), {})
    return line


def _is_nameless(x: Any) -> bool:
    return isinstance(x, Variable) and x.line is not None and not x.names


def _scaled_once(line: Line) -> Line:
    """0.2 x for 0.1 (2 x)."""
    for number, x in (line.args, line.args[::-1]):
        if isinstance(number, float | np.floating) and number not in (-1.0, 1.0) and _is_nameless(x):
            inner = _scaled(x.line)
            if inner is not None and inner[0] > 1 and _lies_like(inner[1], line.outputs[0]):
                product: Any = type(number)(number * inner[0])
                if np.isfinite(product) and abs(product) > 1e-30:
                    return line.changed(operator.mul, (product, inner[1]), {})
    return line


def replacement(line: Line) -> Any:
    """The variable or constant that stands for the only output of a line; the output itself if there is none."""
    (y,) = line.outputs
    for rule in _RULES.get(line.function, _OTHER_RULES):
        found = rule(line, y)
        if found is not None:
            return found
    return y


def _computes_the_same(line: Line) -> bool:
    """Whether an operator computes it as NumPy's function does: of complex scalars it rounds otherwise.

    Of Python's numbers it gives a Python number, and an error for 1.0 / 0.0.
    """
    (y,) = line.outputs
    if y.dtype is None or not any(getattr(x, "dtype", None) is not None for x in line.args):
        return False
    return y.is_array or y.dtype.kind != "c"


def _is_numpys(x: Any) -> bool:
    """Whether it is a variable for an array or a scalar of NumPy, and not for a Python number."""
    return isinstance(x, Variable) and x.dtype is not None


def _is_floating(x: Any) -> bool:
    return isinstance(x, Variable) and (x.type is float if x.dtype is None else x.dtype.kind == "f")


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


def _is_dense(x: Any) -> bool:
    return isinstance(x, Variable) and x.is_dense


def _is_product(line: Line) -> bool:
    """Whether BLAS computes both ``x.dot(y)`` and ``x @ y``; of other dtypes or with gaps, ``@`` adds up itself."""
    return all(_is_dense(x) and x.dtype == line.outputs[0].dtype for x in line.args)


def _lies_like(x: Any, y: Variable) -> bool:
    """Whether x is like y, and lies in memory as y does: sums and products depend on that in their last digits."""
    return _is_like(x, y) and x.strides == y.strides


def _without_uniform(function: Any, args: tuple[Any, ...], outputs: tuple[Variable, ...]) -> tuple[Any, ...]:
    """The arguments with numbers in place of uniform arrays, where another argument has the shape of the result."""
    is_ufunc = isinstance(function, np.ufunc) and function.signature is None
    is_elementwise = function in _ELEMENTWISE or is_ufunc or (function is np.where and len(args) == 3)
    y = outputs[0]
    for x in args if is_elementwise else ():
        if isinstance(x, Variable) and x.is_array and (x.shape, x.strides) == (y.shape, y.strides):
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
        if _lies_like(x, y) or (name == "astype" and isinstance(x, Uniform) and x.dtype == y.dtype):
            return x
        if name == "astype" and isinstance(x, np.generic) and x.dtype == y.dtype:
            return x
    return None


def _filled(line: Line, y: Variable) -> Any:
    plain = not line.params.keys() - {"dtype"}
    if line.function in (np.ones_like, np.zeros_like) and plain and y.dtype is not None and not y.strides:
        return _of_shape(y.dtype.type(line.function is np.ones_like), y)
    if line.function is operator.getitem and isinstance(line.args[0], Uniform) and line.args[1] == ():
        return line.args[0].number if not y.shape else None
    return None


def _of_shape(number: Any, y: Variable) -> Any:
    if number.dtype != y.dtype:  # as that of an array whose bytes are swapped
        return None
    if y.device != "cpu":  # a number has no device, and an array that is written out is on the CPU
        return None
    return Uniform(number, y.shape) if y.is_array else number


def _is_named(function: Any, names: tuple[str, ...]) -> bool:
    """Whether it is NumPy's or minigrad's function, or the method, of one of these names, and not a user's."""
    name = getattr(function, "__name__", "")
    if name not in names:
        return False
    ours = isinstance(function, Primitive) and _ours(function)
    return ours or isinstance(function, Method | Attribute) or getattr(np, name, None) is function


def _reshaped(line: Line, y: Variable) -> Any:
    """A uniform array in another shape."""
    x = line.args[0] if line.args else None
    if isinstance(x, Uniform | np.generic) and _is_named(line.function, _SHAPING) and y.dtype is not None:
        return _of_shape(number_of(x), y)
    inner = x.line if isinstance(x, Variable) else None
    if inner is None or not inner.args:
        return None
    if _is_transpose(line.function) and _is_transpose(inner.function) == _is_transpose(line.function):
        return inner.args[0]
    if _is_reshape(line.function) and _is_reshape(inner.function) and _lies_like(inner.args[0], y):
        return inner.args[0]
    return None


def _is_transpose(function: Any) -> str | None:
    """``"T"`` or ``"mT"``."""
    return function.__name__ if isinstance(function, Attribute) and function.__name__ in ("T", "mT") else None


def _is_reshape(function: Any) -> bool:
    return isinstance(function, Method) and function.__name__ == "reshape"


def _computed(line: Line, y: Variable) -> Any:
    """Arithmetic of known numbers."""
    if Variable in map(type, line.args) or not all(isinstance(x, Uniform) or is_number(x) for x in line.args):
        return None
    try:
        with np.errstate(all="raise"):
            number = line.function(*map(number_of, line.args))
    except ArithmeticError:
        return None  # the program warns of it, or raises the error
    if not np.isfinite(number) or getattr(number, "dtype", None) != y.dtype:
        return None
    return _of_shape(number, y)


def _as_numpys(line: Line) -> Line:
    """``np.float64(x)`` for 1.0 x, where x is a Python number and 1.0 NumPy's."""
    for number, x in (line.args, line.args[::-1]):
        if isinstance(number, np.float64) and number == 1 and isinstance(x, Variable) and x.type is float:
            return line.changed(as_plain_array, (x,), {})
    return line


def _neutral(line: Line, y: Variable) -> Any:
    """x · 1, x / 1, x¹, x − 0, −(−x)."""
    if line.function in (operator.mul, operator.truediv, operator.pow, operator.sub) and not _is_complex(y):
        x, other = line.args
        neutral = 0 if line.function is operator.sub else 1
        if is_number(other) and other == neutral and not _is_negative_zero(other) and _lies_like(x, y):
            return x
        if line.function is operator.mul and is_number(x) and x == 1 and _lies_like(other, y):
            return other
    if line.function is operator.pow and is_number(line.args[1]) and line.args[1] == 0 and _is_like(line.args[0], y):
        return _of_shape(y.dtype.type(1), y) if y.dtype is not None and y.dtype.kind == "f" else None  # of NaN, too
    if line.function is operator.neg and isinstance(line.args[0], Variable):
        inner = line.args[0].line
        if inner is not None and inner.function is operator.neg and _lies_like(inner.args[0], y):
            return inner.args[0]
    return None


def _is_complex(y: Variable) -> bool:
    """Whether products are complex: (∞ + i) · 1 is not a number there."""
    return y.type is complex or (y.dtype is not None and y.dtype.kind == "c")


def _is_negative_zero(number: Any) -> bool:
    """Whether it is −0.0: −0.0 − (−0.0) is 0.0."""
    return bool(np.signbit(number)) if isinstance(number, float | np.floating) else False


def _twice(line: Line, y: Variable) -> Any:
    """½ (2 x): two powers of two whose product is 1."""
    if line.function is not operator.mul:
        return None
    outer = _scaled(line)
    if outer is None or not isinstance(outer[1], Variable) or outer[1].line is None:
        return None
    inner = _scaled(outer[1].line)
    if inner is not None and outer[0] * inner[0] == 1 and _lies_like(inner[1], y):
        return inner[1]
    return None


def _unscaled(line: Line) -> Line:
    """(½ a) (2 b) as a b."""
    found = [_scaled(x.line) for x in line.args if isinstance(x, Variable) and x.line is not None]
    scaled = [pair for pair in found if pair is not None]
    if len(scaled) == 2 and scaled[0][0] * scaled[1][0] == 1:
        (_, a), (_, b) = scaled
        if all(_is_dense(x) and x.dtype == line.outputs[0].dtype for x in (a, b)):
            return line.changed(operator.mul, (a, b), {})
    return line


def _scaled(line: Line) -> tuple[float, Any] | None:
    """A power of two, and what it is multiplied with."""
    if line.function is not operator.mul:
        return None
    for number, x in (line.args, line.args[::-1]):
        if type(number) is Variable:
            continue
        if is_number(number) and not isinstance(number, complex | np.complexfloating) and abs(frexp(number)[0]) == 0.5:
            return float(number), x
    return None


#: Which rules may apply to a line, by its function: most lines are arithmetic.
_RULES: dict[Any, tuple[Callable[[Line, Variable], Any], ...]] = {
    operator.add: (_computed,), operator.sub: (_computed, _neutral), operator.mul: (_computed, _neutral, _twice),
    operator.truediv: (_computed, _neutral), operator.pow: (_neutral,), operator.neg: (_computed, _neutral),
}  # fmt: skip
_OTHER_RULES = (_copy, _filled, _reshaped)
