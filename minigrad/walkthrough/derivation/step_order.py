"""The order in which a derivation lists its backward steps."""

from __future__ import annotations

from minigrad.core.tensor import Tensor
from minigrad.walkthrough.step import Step

__all__ = ["BackwardOrder"]


class BackwardOrder:
    """The backward steps; those of leaves come as soon as their error signals are complete, as in the lecture."""

    def __init__(self, order: list[Tensor]) -> None:
        self._steps: list[Step] = []
        self._leaves: dict[Tensor, Step] = {}
        self._complete_after: dict[Tensor, int] = {}
        self._first_use: dict[Tensor, int] = {}
        for y in order:
            for x in y._inputs or ():
                if isinstance(x, Tensor):
                    self._first_use.setdefault(x, len(self._first_use))

    def contribution(self, x: Tensor) -> None:
        """Note a contribution to the error signal of `x`; the last one completes it."""
        self._complete_after[x] = len(self._steps)

    def add(self, y: Tensor, step: Step) -> None:
        if y.is_leaf:
            self._leaves[y] = step
        else:
            self._steps.append(step)

    def in_order(self) -> list[Step]:
        steps = [(k, -1, step) for k, step in enumerate(self._steps)]
        steps += [
            (self._complete_after.get(x, 0) - 1, self._first_use.get(x, 0), step) for x, step in self._leaves.items()
        ]
        return [step for *_, step in sorted(steps, key=lambda line: line[:2])]
