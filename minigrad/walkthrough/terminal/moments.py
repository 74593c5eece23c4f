"""The moments of a walkthrough, and what is known about each variable at each of them.

A step has one moment; an error signal that is the sum of several contributions has one for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from minigrad.notation import padded, show, width
from minigrad.walkthrough.formats.changed_rules import mark_of, with_mark

if TYPE_CHECKING:
    from minigrad.walkthrough.step import Step
    from minigrad.walkthrough.terminal.text_graph import Edge
    from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["BACKWARD", "FORWARD", "Moment", "Timeline", "build_timeline"]

FORWARD, BACKWARD = "Forward pass", "Backward pass"
_ROOM = 72  # columns for a value, in a terminal of 80
Panel = tuple[tuple[str, str], ...]  # pairs of a lead and a text, which wraps to the right of the lead


class Moment(NamedTuple):
    """What one key press adds: a variable, an error signal, or one of several contributions to it."""

    heading: str
    number: int  # of this moment in its pass, from 1
    node: int | None  # the variable computed now; None for w in 0 w + b, which is in no formula
    edges: frozenset[Edge]  # along which it is computed
    known: str  # about it now: = 0.5, or z̄ = −0.1463
    complete: bool  # whether no contribution is missing
    panel: Panel
    line: str  # the same on one line


@dataclass(frozen=True, eq=False)
class Timeline:
    """The moments of a walkthrough, and its graph.

    Attributes:
        names: of the variables, in topological order; given ones come right before their first use.
        inputs: for each variable the positions of those it is computed from.
        given: the values that are known from the start.
        moments: in order.
    """

    names: tuple[str, ...]
    inputs: tuple[tuple[int, ...], ...]
    given: dict[int | None, str]
    moments: tuple[Moment, ...]

    def values(self, now: int) -> dict[int | None, str]:
        """The known values of variables: ``= 0.5``."""
        return self.given | {m.node: m.known for m in self.moments[: now + 1] if m.heading == FORWARD}

    def signals(self, now: int) -> dict[int | None, tuple[str, bool]]:
        """The known error signals, ``z̄ = −0.1463``, and whether each is complete."""
        return {m.node: (m.known, m.complete) for m in self.moments[: now + 1] if m.heading == BACKWARD}

    def length(self, heading: str) -> int:
        """The number of moments in a pass."""
        return sum(moment.heading == heading for moment in self.moments)


def build_timeline(walkthrough: Walkthrough) -> Timeline:
    """The timeline of a walkthrough."""
    variables = _topological(walkthrough.given, walkthrough.forward)
    names = tuple(step.variable for step in variables)
    position = {step.target: node for node, step in enumerate(variables)}
    inputs = tuple(tuple(position[name] for name in step.inputs) for step in variables)
    given: dict[int | None, str] = {
        position[step.target]: f"= {_on_one_line(step.value)}" for step in walkthrough.given
    }
    moments = [_given(walkthrough.given)]
    for number, step in enumerate(walkthrough.forward, 1):
        here = position[step.target]
        edges = frozenset((source, here) for source in inputs[here])
        known = f"= {_on_one_line(step.value)}"
        moments.append(Moment(FORWARD, number, here, edges, known, True, _panel(step), _line(step)))
    number = 0
    for step in walkthrough.backward:
        node = position.get(step.target)
        for arrived, c in enumerate(step.contributions or [None], 1):
            number += 1
            edges, panel, complete = frozenset(), _panel(step, arrived), arrived >= len(step.contributions)
            known = f"{step.variable} = {_on_one_line(c.running_sum if c else step.value)}{'' if complete else ' + …'}"
            if c and node is not None:
                edges = frozenset({(node, position[c.source])})
            elif node is not None:
                loss = names[node]
                panel += (("", f"The error signal of a variable v is d{loss}/dv; that of {loss} itself is 1."),)
            moments.append(Moment(BACKWARD, number, node, edges, known, complete, panel, _line(step, arrived)))
    return Timeline(names, inputs, given, tuple(moments))


def _topological(given: Sequence[Step], forward: Sequence[Step]) -> list[Step]:
    """All variables, given ones right before their first use: that keeps their edges short."""
    waiting = {step.target: step for step in given}
    used = {name for step in forward for name in step.inputs}
    steps = [step for step in given if step.target not in used]
    for step in forward:
        steps += [waiting.pop(leaf.target) for leaf in given if leaf.target in step.inputs and leaf.target in waiting]
        steps.append(step)
    return steps


def _given(given: Sequence[Step]) -> Moment:
    facts = [f"{step.variable} = {_on_one_line(step.value)}" for step in given]
    panel = (
        ("Given  ", ", ".join(step.variable for step in given) or "nothing"),
        ("", ""),
        ("", "Each → computes one more variable: first all values, then the error signals."),
    )
    return Moment("Given", 0, None, frozenset(), "", True, panel, "\n".join(facts))


def _panel(step: Step, arrived: int = 0) -> Panel:
    """An equation line by line, and facts about it; `arrived` counts the contributions so far."""
    c = step.contributions[arrived - 1] if step.contributions else None
    several = len(step.contributions) > 1
    lead = f"{step.variable} "
    lines: list[tuple[str, str]] = []
    for text in [step.formula] if several else _chain(step.formula, step.numbers, show(step.value, _ROOM)):
        lines.append((" " * width(lead) if lines else lead, _equals(text)))
    if several:
        lines += _sum_so_far(step, arrived, " " * width(lead))
    facts = [
        ("local derivative", "".join(rule.text for rule in step.chain_rule if c and rule.above == c.name)),
        ("changed rule of", ", ".join(c.changed_rules))
        if c and c.changed_rules
        else ("rule of", c.primitive)
        if c
        else ("operation", step.primitive),
        ("line", step.source_line),
    ]
    return *lines, ("", ""), *((name.ljust(18), text) for name, text in facts if text)


def _sum_so_far(step: Step, arrived: int, indent: str) -> Iterator[tuple[str, str]]:
    """The contributions so far and their sum; only the last of many are written out."""
    *before, now = step.contributions[:arrived]
    missing = len(step.contributions) - arrived
    skipped = len(before) - 1 if len(before) > 2 else 0
    shown = [*before[skipped:], now]
    formulas, numbers = (max(map(width, texts)) for texts in zip(*((c.formula, c.numbers) for c in shown), strict=True))
    rows = [(" ", f"{skipped} before", "=", _on_one_line(before[skipped - 1].running_sum))] if skipped else []
    for c in shown:
        term = step.term(c)
        left, sign = (term, "=") if term else (f"from {c.name.text}", ":")
        in_numbers = f"{'=' if c.numbers else ' '} {padded(c.numbers, numbers)}  " if numbers else ""
        text = f"{padded(c.formula, formulas)}  {in_numbers}= {_on_one_line(c.value)}"
        rows.append(("▶" if c is now else " ", left, sign, text))
    total = show(now.running_sum, _ROOM)
    if before and np.ndim(now.running_sum) == 0:
        new = show(now.value, _ROOM)
        total = f"{show(before[-1].running_sum, _ROOM)} + {f'({new})' if new.startswith('−') else new} = {total}"
    remaining = f" + …  ({missing} to come)" if missing else ""
    rows.append((" ", "sum so far" if missing else "sum", "=", total + remaining))
    widest = max(width(left) for _, left, _, _ in rows)
    for mark, left, sign, text in rows:
        if sign == "=":
            yield f"{indent}{mark} {padded(left, widest)} ", _equals(text)
        else:
            yield f"{indent}{mark} {padded(left + sign, widest + 2)} ", text


def _line(step: Step, arrived: int = 0) -> str:
    """``z = w x + b = 0.5 · 2 + (−1.5) = −0.5``.

    With several contributions ``w̄ = z̄ x + R̄ w, 2 of 2 from z: z̄ x = −0.1463 · 2 = −0.2926, sum −0.2426``.
    """
    count = len(step.contributions)
    if count <= 1:
        line = " = ".join([step.variable, *_chain(step.formula, step.numbers, _on_one_line(step.value))])
        return with_mark([line], mark_of(step))[0]
    c = step.contributions[arrived - 1]
    contribution = " = ".join(_chain(c.formula, c.numbers, _on_one_line(c.value)))
    total = f", {'sum' if arrived == count else 'sum so far'} {_on_one_line(c.running_sum)}" if arrived > 1 else ""
    line = f"{step.variable} = {step.formula}, {arrived} of {count} from {c.name.text}: {contribution}{total}"
    return with_mark([line], mark_of(c))[0]


def _chain(*texts: str) -> list[str]:
    """The texts between equals signs, without empty and repeated ones: the formula of L̄ = 1 is its value."""
    return list(dict.fromkeys(filter(None, texts)))


def _equals(text: str) -> str:
    """``= `` and a text; the lines of a matrix are aligned."""
    return "= " + text.replace("\n", "\n  ")


def _on_one_line(value: Any) -> str:
    """A value on one line, a matrix row by row: ``[1 −2; 0.5 4]``."""
    rows = [" ".join(line.strip("⎡⎢⎣⎤⎥⎦").split()) for line in show(value, _ROOM).split("\n")]
    return f"[{'; '.join(rows)}]" if len(rows) > 1 else rows[0]
