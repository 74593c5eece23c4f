"""Single numbers: a condition of Python in place of a call of relu, and of a multiplication by a truth value.

``y if z > 0 else y * 0.0`` is ``y * (z > 0)`` to the bit, for infinite y, too; NumPy takes twice as long to make a
number of a truth value as to multiply by it.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from minigrad.notation import operations as ops
from minigrad.program.fast.uses import readers, result
from minigrad.program.recording.lines import Line, Variable

__all__ = ["chosen", "with_conditions"]

_FLOATS = (np.float64, np.float32, np.float16)
_COMPARISONS = (operator.gt, operator.lt, operator.ge, operator.le)


def chosen(condition: Any, a: Any, b: Any) -> Any:
    """``a if condition else b``."""
    return a if condition else b


def with_conditions(lines: list[Line], results: list[Any]) -> list[Line]:
    """The lines with conditions in place of relu and masks of single numbers."""
    uses = readers(lines, results)
    changed: list[Line] = []
    for line in lines:
        x: Any = line.args[0] if line.args else None
        if line.settings is None and line.function is ops.relu and _is_float(x) and line.outputs[0].type is x.type:
            comparison = Line(operator.le, (x, 0.0), {})
            changed += [comparison, _choice(line, comparison, x.type(0), x)]
        elif line.settings is None and line.function is operator.mul and _is_mask(line.args[1], x, line, uses):
            y, condition = line.args
            zero = Line(operator.mul, (y, 0.0), {})
            zero.is_backward = line.is_backward
            changed += [zero, _choice(line, condition.line, y, result(zero, y))]
        else:
            changed.append(line)
    return changed


def _is_float(x: Any) -> bool:
    return isinstance(x, Variable) and x.type in _FLOATS


def _is_mask(condition: Any, y: Any, product: Line, uses: Any) -> bool:
    """Whether y times it is a number or 0."""
    return (
        isinstance(condition, Variable)
        and condition.type in (np.bool_, bool)
        and condition.line is not None
        and condition.line.function in _COMPARISONS
        and uses[condition] == [product]
        and _is_float(y)
        and product.outputs[0].type is y.type
    )


def _choice(line: Line, comparison: Line, a: Any, b: Any) -> Line:
    if not comparison.outputs:
        condition = Variable(np.False_, comparison)
        comparison.outputs = (condition,)
        comparison.is_backward = line.is_backward
    choice = line.changed(chosen, (comparison.outputs[0], a, b), {})
    choice.is_statement = True
    for y in choice.outputs:
        y.line = choice
    return choice
