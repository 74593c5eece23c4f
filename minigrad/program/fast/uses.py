"""Which lines read a variable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from minigrad.program.recording.lines import Line, Variable, variables_in

__all__ = ["readers", "result"]


def readers(lines: Iterable[Line], results: list[Any]) -> dict[Variable, list[Line | None]]:
    """For each variable the lines that read it, in their order, and at the end ``None`` if it is a result."""
    found: dict[Variable, list[Line | None]] = defaultdict(list)
    for line in lines:
        for x in dict.fromkeys(line.inputs()):
            found[x].append(line)
    for x in dict.fromkeys(variables_in(results)):
        found[x].append(None)
    return found


def result(line: Line, like: Variable) -> Variable:
    """A new variable, the result of a line, of the type, shape and dtype of another."""
    new = Variable.__new__(Variable)
    new.type, new.shape, new.dtype = like.type, like.shape, like.dtype
    new.line, new.names, new.signal_of, new.is_view = line, [], {}, False
    line.outputs = (new,)
    return new
