"""The steps of an optimizer: what is the same for several parameters is written once, as a loop over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from minigrad.device import is_array
from minigrad.program.recording.lines import Line, Variable, map_variables
from minigrad.program.recording.update import IN_PLACE
from minigrad.program.source.names import Names

__all__ = ["update_lines"]


@dataclass
class _Step:
    """The lines that change one parameter.

    Attributes:
        given: the arrays that they read.
        form: the same for parameters that are changed in the same way; ``None`` if it is not a parameter's step.
    """

    lines: list[Line] = field(default_factory=list)
    given: dict[Variable, None] = field(default_factory=dict)
    parameter: Variable | None = None
    gradient: Variable | None = None
    form: Any = None


def update_lines(
    lines: list[Line],
    state: Mapping[Variable, tuple[str, str]],
    names: Names,
    statement: Callable[[Line], list[str]],
) -> list[str]:
    """The statements of an update: first the numbers that all parameters share.

    Arguments:
        lines: all that belong to the update, in their order.
        state: the dictionary that each array of the optimizer's state is in, and its key there as text.
        statement: writes a line.
    """
    steps = _steps(lines)
    for step in steps:
        _describe(step, state, names)
    shared = [line for line in lines if not _arrays(line)]
    found = [text for line in shared for text in statement(line)]
    for form, group in groupby(steps, key=lambda step: step.form):
        alike = list(group)
        several = form is not None and len(alike) > 1 and sum(line.function in IN_PLACE for line in alike[0].lines) > 1
        if several:
            found += _loop(alike, state, names, statement)
        else:
            found += [text for step in alike for line in step.lines for text in statement(line)]
    return found


def _arrays(line: Line) -> list[Variable]:
    return [v for v in line.inputs() if v.dtype is not None]


def _steps(lines: list[Line]) -> list[_Step]:
    """The lines by what they have in common: an array that one writes or computes, and another one reads."""
    of: dict[Variable, _Step] = {}
    place = {line: i for i, line in enumerate(lines)}
    steps: list[_Step] = []
    for line in lines:
        arrays = _arrays(line)
        if not arrays:
            continue
        own = _Step([line], dict.fromkeys(v for v in arrays if v not in of or v in of[v].given))
        for other in {id(of[v]): of[v] for v in arrays if v in of}.values():
            own = _Step(other.lines + own.lines, other.given | own.given)
            steps = [step for step in steps if step is not other]
        steps.append(own)
        own.lines.sort(key=place.__getitem__)
        of.update((v, own) for line in own.lines for v in (*_arrays(line), *line.outputs))
    return steps


def _describe(step: _Step, state: Mapping[Variable, tuple[str, str]], names: Names) -> None:
    targets = {line.args[0] for line in step.lines if line.function in IN_PLACE}
    parameters = [v for v in step.given if v in targets and v not in state]
    gradients = [v for v in step.given if v not in state and v not in targets]
    keys = {state[v][1] for v in step.given if v in state}
    if len(parameters) != 1 or len(gradients) != 1 or len(keys) > 1 or names.known(gradients[0]) is None:
        return
    step.parameter, step.gradient = parameters[0], gradients[0]
    numbers: dict[Variable, int] = {}

    def known(x: Any) -> Any:
        if isinstance(x, Variable):
            return state[x][0] if x in state else id(x) if x.dtype is None else numbers.setdefault(x, len(numbers))
        return id(x) if is_array(x) else (type(x), repr(x))

    step.form = [
        (line.function, map_variables(line.args, known), map_variables(line.params, known), line.settings)
        for line in step.lines
    ]


def _loop(
    steps: list[_Step],
    state: Mapping[Variable, tuple[str, str]],
    names: Names,
    statement: Callable[[Line], list[str]],
) -> list[str]:
    """A loop over parameters and their gradients, and over the names by which the state has its arrays."""
    rows = []
    for step in steps:
        key = next((state[v][1] for v in step.given if v in state), None)
        texts = [key] if key is not None else []
        rows.append([*texts, *[str(names.known(v)) for v in (step.parameter, step.gradient) if v is not None]])
    w, w_bar = names.free("w"), names.free("w_bar")
    own = [names.free("name")] if len(rows[0]) == 3 else []
    first = steps[0]
    for v in first.given:
        if v is first.parameter:
            names.call(v, w)
        elif v is first.gradient:
            names.call(v, w_bar)
        else:
            names.call(v, f"{state[v][0]}[{own[0]}]")
    body = [text for line in first.lines for text in statement(line)]
    computed = [names.known(y) for line in first.lines if line.function not in IN_PLACE for y in line.outputs]
    names.taken -= {*own, w, w_bar, *filter(None, computed)}  # the next loop has variables of the same names
    return [
        f"for {', '.join([*own, w, w_bar])} in (",
        *[f"    ({', '.join(row)})," for row in rows],
        "):",
        *[f"    {text}" for text in body],
    ]
