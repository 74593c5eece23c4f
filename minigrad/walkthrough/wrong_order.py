"""What goes wrong without topological order, shown on the learner's own graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.notation import padded, show, width
from minigrad.notation.values import summary
from minigrad.walkthrough.replay import Replay, rounding
from minigrad.walkthrough.step import Step

__all__ = ["WrongOrder", "wrong_order"]


@dataclass(frozen=True)
class Comparison:
    """A variable's error signal: the right one, and the one that a depth-first sweep passes on."""

    variable: str
    target: str
    right: Any
    depth_first: Any
    arrived: int
    uses: int
    users: int
    computed: bool
    largest: float

    @cached_property
    def agrees(self) -> bool:
        """Whether the two are equal up to rounding."""
        near = rounding(self.right)
        return np.allclose(self.right, self.depth_first, rtol=near, atol=near * self.largest, equal_nan=True)


@dataclass(frozen=True, repr=False)
class WrongOrder:
    """A depth-first sweep compared with the right one.

    Attributes:
        rows: the variables in the order of the backward pass.
        sweep: the same in the order of the depth-first sweep: a computed variable when it is passed on, a leaf when the
            last contribution arrives.
        parts_at: the first variable whose error signal differs, by its name in the program; ``None`` if none does.
    """

    rows: tuple[Comparison, ...]
    sweep: tuple[Comparison, ...]

    @cached_property
    def parts_at(self) -> str | None:
        """The first variable whose error signal differs, by its name in the program; ``None`` if none does."""
        return next((row.target for row in self.rows if not row.agrees), None)

    def __str__(self) -> str:
        cells = [("", "topological", "depth first")]
        cells += [(row.variable, _short(row.right), _short(row.depth_first)) for row in self.rows]
        widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  " + "  ".join(padded(text, n) for text, n in zip(row, widths, strict=True)).rstrip() for row in cells
        ]
        for i, row in enumerate(self.rows, start=1):
            if not row.agrees:
                lines[i] += "  ← wrong"
        return "\n".join([*lines, "", *self.conclusion])

    __repr__ = __str__

    @property
    def conclusion(self) -> list[str]:
        """In words, as lines: whether the two part, and where."""
        first = next((row for row in self.rows if not row.agrees), None)
        if first is None:
            twice = next((row for row in self.rows if row.users > 1 and row.computed), None)
            if twice is not None:
                return [
                    f"Both orders agree here by luck: {twice.target} is used in several places, but all contributions",
                    f"to {twice.variable} were there when it was passed on. "
                    "With the terms or factors in another order they may differ.",
                ]
            return [
                "Both orders agree here: no computed variable is used in two places, so each is reached complete.",
                "Use one in two places, as in y = x x; z = y + y x, and they differ.",
            ]
        if first.arrived < first.uses:
            return [
                f"They first differ at {first.variable}: it was passed on when {first.arrived} of its {first.uses} "
                "contributions had arrived.",
                "In topological order a variable is reached after everything that was computed from it.",
            ]
        return [f"They first differ at {first.variable}: something that was computed from it was passed on too early."]


def wrong_order(backward: Sequence[Step], replay: Replay) -> WrongOrder:
    """Sweep the graph depth first, each variable once, passing on the contributions received so far."""
    makers = {node.output: node for node in replay.nodes}
    signals: dict[Tensor, Any] = {replay.loss: np.ones_like(replay.loss.data)[()]}
    arrived: dict[Tensor, int] = {}
    passed_on: dict[Tensor, tuple[Any, int]] = {}
    largest: dict[Tensor, float] = {}
    events: list[Tensor] = []
    uses = Counter(x for node in replay.nodes for x in node.inputs if isinstance(x, Tensor))
    users = Counter(x for node in replay.nodes for x in {x for x in node.inputs if isinstance(x, Tensor)})
    stack = [replay.loss]
    while stack:
        y = stack.pop()
        if y in passed_on or y not in makers:
            continue
        passed_on[y] = signals[y], arrived.get(y, 0)
        events.append(y)
        inputs = []
        for x, x_bar in replay.contributions(makers[y], signals[y]):
            signals[x] = x_bar + signals[x] if x in signals else x_bar
            arrived[x] = arrived.get(x, 0) + 1
            largest[x] = max(largest.get(x, 0.0), float(np.max(np.abs(x_bar), initial=0.0)))
            inputs.append(x)
        events += [x for x in inputs if x not in makers]
        stack += reversed(inputs)  # the first input is reached next
    tensors = {name.bar: x for x, name in replay.names.items()}
    reached = {x: i for i, x in enumerate(events)}
    rows, places = [], {}
    for step in backward:
        x = tensors[step.name]
        value, count = passed_on.get(x, (signals[x], arrived.get(x, 0)))
        used = uses[x], users[x], x in makers, largest.get(x, 0.0)
        rows.append(Comparison(step.variable, step.target, step.value, value, count, *used))
        places[step.target] = reached[x]
    return WrongOrder(tuple(rows), tuple(sorted(rows, key=lambda row: places[row.target])))


def _short(value: Any) -> str:
    return show(value) if np.ndim(value) < 2 else summary(value)
