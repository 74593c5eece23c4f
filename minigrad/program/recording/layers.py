"""What the values of layers are called: as in a derivation, by the layer that they leave, ``conv1`` or ``pool1``."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import Any

from minigrad.core.primitive import Primitive
from minigrad.program.recording.lines import Line, Variable

__all__ = ["name_layers"]


def name_layers(lines: Iterable[Line], results: Iterable[Any]) -> None:
    """Name what is used outside of the scope in which it was computed, after the names that the user gave.

    The further results of an operation are named after the first: ``pool1_switches``.
    """
    for line in lines:
        if not line.is_backward:
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


def _name_leaving(x: Variable, into: Any) -> None:
    assert x.line is not None
    scope = x.line.scope
    if scope is not None and not x.line.is_backward and scope.outer is not None and not scope.encloses(into):
        name = scope.name()
        name += "_out" * hasattr(builtins, name)  # as input
        if name and name not in x.names:
            x.names.append(name)
