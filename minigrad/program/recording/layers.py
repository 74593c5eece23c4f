"""What the values of layers are called: as in a derivation, by the layer that they leave, ``conv1`` or ``pool1``."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import Any

from minigrad.core.primitive import Primitive
from minigrad.program.recording.lines import Line, Variable
from minigrad.program.runtime import expect, expect_shape

__all__ = ["name_layers", "name_normalized"]

_NORMALIZED = {"W": "gamma", "b": "beta"}


def name_layers(lines: Iterable[Line], results: Iterable[Any]) -> None:
    """Name what is used outside of the scope in which it was computed, after the names that the user gave.

    The further results of an operation are named after the first: ``pool1_switches``.
    """
    for line in lines:
        if not line.is_backward and line.function not in (expect, expect_shape):
            for x in line.inputs():
                if x.line is not None and x.line.scope is not line.scope:
                    _name_leaving(x, line.scope)
    for x in results:
        if isinstance(x, Variable) and x.line is not None:
            _name_leaving(x, None)
    for line in lines:
        if len(line.outputs) > 1:
            function = line.function
            others = function.saves if isinstance(function, Primitive) else getattr(function, "other_results", ())
            first = line.outputs[0].names
            for y, name in zip(line.outputs[1:], others, strict=False):
                if not y.names:
                    y.names.append(f"{first[0]}_{name}" if first else name)


def name_normalized(args: Iterable[Variable | None]) -> None:
    """Name the weight and the bias of a normalization γ and β, as a derivation does."""
    pending = list(args)
    while pending:
        x = pending.pop()
        if x is not None and x.line is None and x.names and x.names[0][:1] in _NORMALIZED:
            if x.names[0][1:].isdecimal() or len(x.names[0]) == 1:
                x.names[0] = _NORMALIZED[x.names[0][:1]] + x.names[0][1:]
        elif (
            x is not None and x.line is not None and getattr(x.line.function, "__name__", "") in ("reshape", "truediv")
        ):
            pending += [v for v in x.line.args[:1] if isinstance(v, Variable)]


def _name_leaving(x: Variable, into: Any) -> None:
    assert x.line is not None
    scope = x.line.scope
    if scope is None or x.line.is_backward or scope.outer is None or scope.encloses(into):
        return
    name = scope.name()
    name += "_out" * hasattr(builtins, name)  # as input
    if not name and not x.names and _has_parameters(scope.path()[0].label):
        name = "y"  # a model whose forward returns an expression
    if name and name not in x.names:
        x.names.append(name)


def _has_parameters(label: Any) -> bool:
    """Whether it is a model, and not a loss."""
    return hasattr(label, "named_parameters") and next(iter(label.named_parameters()), None) is not None
