"""NumPy's functions without a derivative: comparisons, rounding, and where the largest element is."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.onnx.graph import Graph, Value
from nn.onnx.refused import Refused
from nn.onnx.table import Rules

__all__ = ["NONDIFFERENTIABLE"]

NONDIFFERENTIABLE = Rules()


def _comparison(op: str, negated: bool = False) -> Any:
    def rule(g: Graph, x: Any, y: Any) -> Value:
        dtype = np.result_type(*(v.dtype if isinstance(v, Value) else v for v in (x, y)))
        compared = g(op, g.cast(x, dtype), g.cast(y, dtype))
        return g("Not", compared) if negated else compared

    return rule


for _name, _op, _negated in (
    ("equal", "Equal", False),
    ("not_equal", "Equal", True),
    ("less", "Less", False),
    ("less_equal", "LessOrEqual", False),
    ("greater", "Greater", False),
    ("greater_equal", "GreaterOrEqual", False),
):
    NONDIFFERENTIABLE.of(f"numpy.{_name}", mixed=True)(_comparison(_op, _negated))
for _name, _op in (("logical_and", "And"), ("logical_or", "Or"), ("logical_xor", "Xor")):
    NONDIFFERENTIABLE.of(f"numpy.{_name}", mixed=True)(lambda g, x, y, op=_op: g(op, g.cast(x, bool), g.cast(y, bool)))
NONDIFFERENTIABLE.of("numpy.logical_not", mixed=True)(lambda g, x: g("Not", g.cast(x, bool)))
NONDIFFERENTIABLE.of("numpy.isnan", mixed=True)(lambda g, x: g("IsNaN", x))
NONDIFFERENTIABLE.of("numpy.isinf", mixed=True)(lambda g, x: g("IsInf", x))

NONDIFFERENTIABLE.rows(
    {
        "numpy.floor": lambda g, x: g("Floor", x),
        "numpy.ceil": lambda g, x: g("Ceil", x),
        "numpy.rint": lambda g, x: g("Round", x),
        "numpy.trunc": lambda g, x: g("Mul", g("Sign", x), g("Floor", g("Abs", x))),
    }
)


@NONDIFFERENTIABLE.of("numpy.round")
def _round(g: Graph, x: Any, decimals: int = 0) -> Value:
    if decimals:
        raise Refused(f"ONNX rounds to whole numbers, got decimals={decimals}; round x * 10**decimals")
    return g("Round", x)


def _arg(op: str) -> Any:
    def rule(g: Graph, x: Value, axis: Any = None, *, keepdims: bool = False) -> Value:
        if axis is None:
            if keepdims:
                raise Refused("ONNX has no keepdims=True over all axes; name the axis")
            x, axis = g("Reshape", x, [-1]), 0
        return g(op, x, axis=int(axis), keepdims=int(keepdims))

    return rule


NONDIFFERENTIABLE.of("numpy.argmax", mixed=True)(_arg("ArgMax"))
NONDIFFERENTIABLE.of("numpy.argmin", mixed=True)(_arg("ArgMin"))
