"""What groups of the same structure have in common, and where it repeats."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import numpy as np

from minigrad.drawing.levels.folding.quotient import Quotient
from minigrad.drawing.levels.grouping import Summary

__all__ = ["Run", "repeated_runs", "signatures"]

_LONGEST_PERIOD = 256


class Run(NamedTuple):
    """A part of a sequence that repeats itself: `times` times `period` elements from `start` on."""

    start: int
    period: int
    times: int

    @property
    def end(self) -> int:
        return self.start + self.period * self.times


def signatures(quotient: Quotient, same_parameters: bool) -> list[int]:
    """A number for each computed group, in order: equal for groups of the same operations, shapes and connections.

    Arguments:
        same_parameters: whether groups are equal only if they use the same parameters and numbers.
    """
    number: dict[Hashable, int] = {}
    found = []
    for k in quotient.computed:
        if isinstance(quotient.grouping.groups[k].label, Summary):  # what is many already does not repeat
            found.append(number.setdefault(k, len(number)))
            continue
        members = quotient.members(k)
        local = {i: n for n, i in enumerate(members)}
        signature = tuple(_node(quotient, i, local, same_parameters) for i in members)
        found.append(number.setdefault((quotient.grouping.groups[k].kind, signature), len(number)))
    return found


def _node(quotient: Quotient, i: int, local: dict[int, int], same_parameters: bool) -> Hashable:
    wiring = quotient.wiring
    node = wiring.nodes[i]
    inputs: list[Hashable] = []
    for j in wiring.inputs[i]:
        source = wiring.nodes[j]
        if source.kind in ("parameter", "buffer"):
            inputs.append(j if same_parameters else wiring.shapes[j])
        elif source.kind == "constant":
            is_number = wiring.size(j) == 1
            inputs.append(("number", _number(source.value)) if is_number else wiring.shapes[j])
        else:
            inputs.append(("inside", local[j]) if j in local else "outside")
    return (node.kind, node.primitive and id(node.primitive), wiring.shapes[i], tuple(inputs))


def _number(value: Any) -> Hashable:
    item: Hashable = np.asarray(getattr(value, "data", value)).item()
    return item


def repeated_runs(sequence: list[int], least: int) -> list[Run]:
    """Parts of a sequence that repeat themselves, `least` times or more, which do not overlap, in order.

    Those that shorten the sequence most are taken first, of equal ones those with the shortest period.
    """
    array = np.asarray(sequence)
    candidates: list[Run] = []
    for period in range(1, min(len(array) // least, _LONGEST_PERIOD) + 1):
        equal = np.concatenate([[False], array[period:] == array[:-period], [False]])
        edges = np.flatnonzero(equal[1:] != equal[:-1])
        starts, lengths = edges[::2], edges[1::2] - edges[::2]
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            times = length // period + 1
            if times >= least:
                candidates.append(Run(start, period, times))
    candidates.sort(key=lambda run: (-(run.times - 1) * run.period, run.period, run.start))
    taken = np.zeros(len(array), dtype=bool)
    runs = []
    for run in candidates:
        if not taken[run.start : run.end].any():
            taken[run.start : run.end] = True
            runs.append(run)
    return sorted(runs)
