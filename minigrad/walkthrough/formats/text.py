"""A derivation as a plain-text table, aligned at its equals signs, 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from minigrad.notation import Expression, padded, printable, show, width, write
from minigrad.notation.expression import Abbreviation, Derivative, parts
from minigrad.walkthrough.formats.changed_rules import ChangedNote, mark_of, with_mark
from minigrad.walkthrough.step import Step

__all__ = ["explained", "nameless_note", "plain_text"]

_COLUMNS = 80
_MOST_USES = 3  # of one named derivative; beyond, the first use stands for all


@dataclass(frozen=True)
class _Row:
    """The cells of a line between its equals signs; the value may have several lines."""

    left: str
    formula: str
    numbers: str
    value: str
    sign: str = "="
    parts: tuple[_Row, ...] = ()  # the contributions, each on a line below
    mark: str = ""


def plain_text(
    given: Sequence[Step], forward: Sequence[Step], backward: Sequence[Step], changed: ChangedNote | None = None
) -> str:
    """The whole derivation; values that do not fit beside their formulas have lines of their own."""
    left = max(width(step.variable) for step in (*forward, *backward))
    passes = [[_row(step, left) for step in steps] for steps in (forward, backward)]
    columns = _Columns([row for rows in passes for row in rows], indent=2)
    sections = [["Given", *_given(given)]] if given else []
    for title, rows in zip(("Forward pass", "Backward pass"), passes, strict=True):
        if rows:
            sections.append([title, *(line for row in rows for line in columns.lines(row))])
    where = [f"{write(e)} = {write(e.meaning)}" for e in explained(step.expression for step in (*forward, *backward))]
    if where:
        sections.append(["where " + where[0], *("      " + line for line in where[1:])])
    if changed:
        sections.append([*_wrapped("", str(changed))])
    return "\n\n".join("\n".join(map(printable, lines)) for lines in sections)


def explained(formulas: Iterable[Expression]) -> list[Derivative | Abbreviation]:
    """What these formulas call by a name: derivatives and abbreviations.

    Of a derivative that is used often, the first use stands for all.
    """
    found: dict[str, dict[str, Derivative | Abbreviation]] = {}
    for formula in formulas:
        for e in _named(formula):
            found.setdefault(e.symbol if isinstance(e, Derivative) else e.name.text, {}).setdefault(write(e), e)
    return [e for uses in found.values() for e in list(uses.values())[: len(uses) if len(uses) <= _MOST_USES else 1]]


def _named(e: Expression) -> Iterator[Derivative | Abbreviation]:
    if isinstance(e, Derivative | Abbreviation):
        yield e
    for part in parts(e):
        yield from _named(part)


def _given(steps: Sequence[Step]) -> list[str]:
    """Numbers and short arrays share lines; each longer array has its own."""
    lines, line = [], ""
    for step in steps:
        path = f"{step.path}, " if step.path else ""
        value = show(step.value, _COLUMNS - width(f"  {step.variable} = {path}"))
        text = f"{step.variable} = {path}{value}"
        if "\n" in value or (np.ndim(step.value) and path):
            lines += [line] if line else []
            indent = " " * (width(step.variable) + 5 + width(path))
            lines += f"  {text}".replace("\n", "\n" + indent).split("\n")
            line = ""
        elif not line or width(line) + width(text) + 2 > _COLUMNS - 1:
            lines += [line + ","] if line else []
            line = f"  {text}"
        else:
            line += f", {text}"
    note = nameless_note(steps)
    return [*lines, *filter(None, (line, note and f"  ({note})"))]


def nameless_note(given: Sequence[Step]) -> str:
    """How to give a name to arrays that have none; empty if all have one."""
    names = ", ".join(step.variable for step in given if step.nameless)
    return names and f'no name in the program for {names}: write s = … before using it, or t.named("s")'


def _row(step: Step, margin: int) -> _Row:
    """A line of the derivation; several contributions get a line each, with the running sum."""
    room = _COLUMNS - margin - width("   = ")
    value = show(step.value, room)
    parts: list[_Row] = []
    several = step.contributions if len(step.contributions) > 1 else ()
    room -= max((width(f"from {part.name.text} : ") for part in several), default=0)
    for part in several:
        total = show(part.running_sum, room - width("sum "))
        between = ", " if len(total) <= 12 else "\n"  # after a vector the sum has its own line
        contribution = show(part.value, room) + (f"{between}sum {total}" if parts and "\n" not in total else "")
        term = step.term(part)
        left, sign = (term, "=") if term else (f"from {part.name.text}", ":")
        parts.append(_Row(left, part.formula, part.numbers, contribution, sign, mark=mark_of(part)))
    value = "" if value == step.formula else value  # L̄ = 1
    return _Row(step.variable, step.formula, step.numbers, value, parts=tuple(parts), mark=mark_of(step))


class _Columns:
    """Rows aligned at their equals signs.

    A row that would make the table too wide is left out of the alignment: it stays on one line if it fits,
    else each equals sign starts a new line.
    """

    def __init__(self, rows: Sequence[_Row], indent: int) -> None:
        self.indent = indent
        self.left = max((width(row.left) for row in rows), default=0)
        fitting = sorted(rows, key=lambda row: width(row.formula) + width(row.numbers))
        needed = [(width(row.formula), width(row.numbers)) for row in fitting]
        low, high = 0, len(fitting)  # bisection: the largest number of the narrowest rows that fit
        while low <= high:
            middle = (low + high) // 2
            self.formula = max((formula for formula, _ in needed[:middle]), default=0)
            self.numbers = max((numbers for _, numbers in needed[:middle]), default=0)
            if all(self.fits(row) for row in fitting[:middle]):
                low, best = middle + 1, (self.formula, self.numbers)
            else:
                high = middle - 1
        self.formula, self.numbers = best

    def fits(self, row: _Row) -> bool:
        aligned = width(row.formula) <= self.formula and width(row.numbers) <= self.numbers
        return aligned and width(self.head(row)) + _widest(row.value) <= _COLUMNS

    def start(self, row: _Row) -> str:
        return f"{' ' * self.indent}{padded(row.left, self.left)} {row.sign} "

    def head(self, row: _Row) -> str:
        text = self.start(row) + padded(row.formula, self.formula)
        if self.numbers:
            text += f"  {'=' if row.numbers else ' '} {padded(row.numbers, self.numbers)}"
        return text + ("  = " if row.value else "")

    def lines(self, row: _Row) -> Iterator[str]:
        yield from with_mark([*self._lines(row)], row.mark, _COLUMNS, self.indent)
        if row.parts:
            columns = _Columns(row.parts, indent=width(self.start(row)))
            for part in row.parts:
                yield from columns.lines(part)

    def _lines(self, row: _Row) -> Iterator[str]:
        start = self.start(row)
        loose = start + row.formula + (f"  = {row.numbers}" if row.numbers else "") + ("  = " if row.value else "")
        below = " " * (width(start) - 2) + "= "
        if self.fits(row):
            yield from _value(self.head(row), row.value)
        elif width(loose) + _widest(row.value) <= _COLUMNS:
            yield from _value(loose, row.value)
        else:
            yield from _wrapped(start, row.formula)
            if row.numbers:
                yield from _wrapped(below, row.numbers)
            yield from _value(below, row.value)


def _widest(value: str) -> int:
    return max(map(width, value.split("\n")))


def _value(head: str, value: str) -> Iterator[str]:
    first, *others = value.split("\n")
    yield (head + first).rstrip()
    for line in others:
        yield " " * width(head) + line


def _wrapped(head: str, text: str) -> Iterator[str]:
    """A long formula, broken between words."""
    line = head
    for word in text.split(" "):
        if width(line) + width(word) > _COLUMNS and line.strip() != head.strip():
            yield line.rstrip()
            line = " " * (width(head) + 2)
        line += word + " "
    yield line.rstrip()
