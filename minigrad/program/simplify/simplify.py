"""A pass over the lines folds what is known and finds what was computed before; one back drops what is not needed."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive, _ours
from minigrad.program.recording.lines import Line, Variable, map_variables, variables_in
from minigrad.program.runtime import expect, expect_shape
from minigrad.program.simplify.losses import with_plain_losses
from minigrad.program.simplify.memory import kept_apart
from minigrad.program.simplify.rewrites import replacement, rewritten
from minigrad.program.simplify.uniform import is_number

__all__ = ["SMALL", "alias", "simplified"]


def simplified(lines: Iterable[Line], results: list[Any], readable: bool = True) -> tuple[list[Line], list[Any]]:
    """The lines that compute the results, each once, and the results in terms of these lines.

    Arguments:
        readable: whether the difference of two small arrays may be computed twice, where it has two meanings.
    """
    lines = with_plain_losses(list(lines))
    apart = kept_apart(lines)
    stand_in: dict[Variable, Any] = {}
    known: dict[Any, tuple[Variable, ...]] = {}
    kept: list[Line] = []

    def current(x: Any) -> Any:
        return stand_in.get(x, x) if isinstance(x, Variable) else x

    for line in lines:
        new = line
        if not stand_in.keys().isdisjoint(line.inputs()):
            new = line.changed(line.function, map_variables(line.args, current), map_variables(line.params, current))
        if new.has_effect:
            kept.append(new)
            for y in new.outputs:
                y.line = new
            continue
        if line.function not in (expect, expect_shape):
            new = rewritten(new)
            if len(new.outputs) == 1 and not new.several:
                (y,) = new.outputs
                found = y if y in apart else replacement(new)
                if found is not y and _needs_name(y, found, stand_in):
                    new = _named(new, found, readable)
                elif found is not y:
                    _stand_in(stand_in, y, found)
                    continue
        elif line.function is expect and is_number(new.args[0]) and new.args[0] == new.args[1]:
            continue
        key = _key(new) if _may_be_shared(new) and not apart.intersection(new.outputs) else new
        if new.outputs and key in known and _needs_name(new.outputs[0], known[key][0], stand_in):
            new = _named(new, known[key][0], readable)
        elif key in known:
            for y, before in zip(new.outputs, known[key], strict=True):
                _stand_in(stand_in, y, before)
            continue
        known.setdefault(key, new.outputs)
        for y in new.outputs:
            y.line = new
        kept.append(new)
    original = [x for x in results if isinstance(x, Variable)]
    for y in [y for y in (*original, *(y for line in kept for y in line.outputs)) if y.signal_of]:
        y.signal_of = {x: None for x in map(current, y.signal_of) if isinstance(x, Variable)}
    results = [current(x) for x in results]
    return _needed(kept, results), results


def _may_be_shared(line: Line) -> bool:
    """Whether the same call gives the same again: an operation of the user's own may keep a state."""
    return not isinstance(line.function, Primitive) or _ours(line.function)


def alias(x: Any) -> Any:
    """A line that gives a value another name: an error signal that equals a value of the forward pass."""
    return x


SMALL = 1 << 12  # elements, of which a difference takes a few microseconds


def _stand_in(stand_in: dict[Variable, Any], y: Variable, found: Any) -> None:
    stand_in[y] = found
    if isinstance(found, Variable):
        found.names += [name for name in y.names if name not in found.names]
        found.signal_of.update(y.signal_of)


def _named(line: Line, found: Variable, readable: bool) -> Line:
    """A line that gives the name; of a short formula of numbers it repeats that: ``y_bar = y - t``."""
    if found.line is None or found.names or len(found.line.outputs) > 1:
        return line.changed(alias, (found,), {})
    is_difference = found.line.function in (operator.add, operator.sub) and prod(found.shape) <= SMALL
    if not found.is_array or (readable and is_difference):
        return line.changed(found.line.function, found.line.args, found.line.params)
    return line.changed(alias, (found,), {})


def _needs_name(y: Variable, found: Any, stand_in: dict[Variable, Any]) -> bool:
    """Whether it is a named error signal, and what stands for it a value of the forward pass."""
    if not isinstance(found, Variable) or (found.line is not None and found.line.is_backward):
        return False
    signals = [stand_in.get(x, x) for x in y.signal_of]
    return any(isinstance(x, Variable) and x.names and x is not found for x in signals)


def _needed(lines: list[Line], results: list[Any]) -> list[Line]:
    """The lines that results or conditions depend on."""
    needed = set(variables_in(results))
    kept = []
    for line in reversed(lines):
        if line.has_effect or line.function in (expect, expect_shape) or not needed.isdisjoint(line.outputs):
            needed.update(line.inputs())
            kept.append(line)
    return kept[::-1]


def _key(line: Line) -> Any:
    """What lines share that compute the same."""
    if not line.params and not line.settings:
        return line.function, _constant_key(line.args)
    return line.function, _constant_key(line.args), _constant_key(line.params), _constant_key(line.settings)


def _constant_key(value: Any) -> Any:
    kind = type(value)
    if kind is Variable:
        return value
    if kind is tuple or kind is list:
        return kind, *[part if type(part) is Variable else _constant_key(part) for part in value]
    if kind is dict:
        return dict, *[(key, _constant_key(part)) for key, part in value.items()]
    if kind is slice:
        return slice, _constant_key((value.start, value.stop, value.step))
    if kind is np.ndarray:
        return np.ndarray, id(value)
    if is_number(value):
        return kind, repr(value)  # −0.0 is not 0.0, and NaN is NaN
    try:
        hash(value)
    except TypeError:
        return kind, id(value)
    return kind, value
