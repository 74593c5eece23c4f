"""Which values are computed in a line of their own, and which may be a part of the expression that uses them."""

from __future__ import annotations

import operator

from minigrad.program.recording.lines import Line, Variable
from minigrad.program.recording.numpy_calls import Attribute
from minigrad.program.recording.update import IN_PLACE

__all__ = ["crossing_lines", "terms_of_signals", "within_settings"]


def crossing_lines(lines: list[Line], returned: list[Variable]) -> set[Variable]:
    """What is computed before a line that writes, and used after it: it is computed at its place.

    A line that writes into an array of its own, ``W1 -= …``, matters only for what was computed from that array.
    """
    if not any(line.has_effect or line.function in IN_PLACE for line in lines):
        return set()
    before: dict[Variable, int] = {}
    effects = 0
    crossing: set[Variable] = set()
    readers: dict[Variable, set[Variable]] = {}
    writes = any(line.function in IN_PLACE for line in lines)
    outdated: set[Variable] = set()
    for line in lines:
        crossing.update(v for v in line.inputs() if v in outdated or before.get(v, effects) < effects)
        if writes:
            for x in line.inputs():
                readers.setdefault(x, set()).update(line.outputs)
            if line.function in IN_PLACE:
                outdated |= _computed_from(line.args[0], readers) - {*line.outputs}
        effects += not line.outputs and line.has_effect
        before.update(dict.fromkeys(line.outputs, effects))
    return crossing | {v for v in returned if v in outdated or before.get(v, effects) < effects}


def _computed_from(x: Variable, readers: dict[Variable, set[Variable]]) -> set[Variable]:
    """What was computed from a variable by now, one from the other."""
    found: set[Variable] = set()
    pending = [x]
    while pending:
        new = readers.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return found


def terms_of_signals(lines: list[Line]) -> set[Variable]:
    """The terms of error signals, which the sum is named for."""
    found: set[Variable] = set()
    for line in lines:
        if line.function is operator.add and line.outputs[0].signal_of:
            signals = line.outputs[0].signal_of.keys()
            found.update(x for x in line.inputs() if not x.names and x.signal_of and x.signal_of.keys() <= signals)
    return found


def within_settings(lines: list[Line]) -> set[Variable]:
    """What is used by lines with settings of their own, and is computed outside of these."""
    found: set[Variable] = set()
    for line in reversed(lines):
        if line.settings or (isinstance(line.function, Attribute) and not found.isdisjoint(line.outputs)):
            found.update(line.inputs())
    return found
