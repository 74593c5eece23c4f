"""The steps of a player: the given values, each forward line, and each contribution to an error signal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from minigrad.notation import Expression, number, show
from minigrad.walkthrough.formats.changed_rules import mark_of
from minigrad.walkthrough.step import Contribution, Step
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["Moment", "moments", "on_one_line", "spoken"]

_ROOM = 48  # columns of a value in words


@dataclass(frozen=True, eq=False)
class Moment:
    """One step.

    Attributes:
        phase: the page begins with ``"start"``, before anything is computed.
        step: the line of the derivation; of the start there is none.
        contribution: what arrives at the error signal; ``None`` in the forward pass, and for that of the loss itself.
        arrived, of: how many contributions have arrived with this one, and how many there are.
    """

    phase: Literal["start", "forward", "backward"]
    step: Step | None = None
    contribution: Contribution | None = None
    arrived: int = 1
    of: int = 1

    @property
    def complete(self) -> bool:
        """Whether nothing is missing from the value."""
        return self.arrived == self.of

    @property
    def expression(self) -> Expression:
        """The formula of what is computed now."""
        assert self.step is not None
        return self.contribution.expression if self.contribution else self.step.expression

    @property
    def value(self) -> Any:
        """What is computed now: a value, or a contribution."""
        assert self.step is not None
        return self.contribution.value if self.contribution else self.step.value

    @property
    def total(self) -> Any:
        """The sum of the contributions so far; of a value itself."""
        assert self.step is not None
        return self.contribution.running_sum if self.contribution else self.step.value

    @property
    def before(self) -> Any:
        """The sum before this contribution; ``None`` for the first."""
        if self.step is None or self.arrived == 1:
            return None
        return self.step.contributions[self.arrived - 2].running_sum

    @property
    def text(self) -> str:
        """The step in words, for those who listen."""
        if self.step is None:
            return "the given values"
        step, c = self.step, self.contribution
        formula = step.formula if c is None else c.formula
        numbers = step.numbers if c is None else c.numbers
        value = on_one_line(self.value)
        changed = f"; {mark_of(c)}" if c is not None and c.changed_rules else ""
        if self.of == 1 or c is None:
            return " = ".join(dict.fromkeys(filter(None, (step.variable, formula, numbers, value)))) + changed
        adds = " = ".join(dict.fromkeys(filter(None, (formula, numbers, value))))
        total = f"; sum {on_one_line(self.total)}" if self.arrived > 1 else ""
        return f"{step.variable} from {c.name.text}: {adds}{changed}{total}; {self.arrived} of {self.of} arrived"


def moments(walkthrough: Walkthrough) -> tuple[Moment, ...]:
    """All steps in order; number 0 is the start.

    >>> import minigrad as mg
    >>> x = mg.Tensor(2.0, requires_grad=True, name="x")
    >>> for moment in moments(mg.explain((x * x + x).named("L"))):
    ...     print(moment.phase, moment.text)
    start the given values
    forward L = x x + x = 2 · 2 + 2 = 6
    backward L̄ = 1
    backward x̄ from L: L̄ = 1; 1 of 3 arrived
    backward x̄ from L: L̄ x = 1 · 2 = 2; sum 3; 2 of 3 arrived
    backward x̄ from L: L̄ x = 1 · 2 = 2; sum 5; 3 of 3 arrived
    """
    return tuple(_moments(walkthrough))


def _moments(walkthrough: Walkthrough) -> Iterator[Moment]:
    yield Moment("start")
    for step in walkthrough.forward:
        yield Moment("forward", step)
    for step in walkthrough.backward:
        count = len(step.contributions)
        if not count:
            yield Moment("backward", step)
        for arrived, contribution in enumerate(step.contributions, 1):
            yield Moment("backward", step, contribution, arrived, count)


def on_one_line(value: Any) -> str:
    """A value on one line, a matrix row by row: ``[1 −2; 0.5 4]``."""
    if np.ndim(value) == 0:
        return number(value)
    rows = [" ".join(line.strip("⎡⎢⎣⎤⎥⎦").split()) for line in show(value, _ROOM).split("\n")]
    return f"[{'; '.join(rows)}]" if len(rows) > 1 else rows[0]


def spoken(text: str) -> str:
    """A line as screen readers say it: a bar as a word, and a minus sign that is heard.

    >>> spoken("z̄ = ȳ σ′(z) = −0.1463, l̄oss = 1")
    'z-bar = y-bar σ′(z) = minus 0.1463, loss-bar = 1'
    """
    text = re.sub("(\\w)\N{COMBINING MACRON}(\\w*)", r"\1\2-bar", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).replace("−", "minus ")
