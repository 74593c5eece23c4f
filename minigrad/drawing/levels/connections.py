"""The connections between groups: which uses of values lead from one to another."""

from __future__ import annotations

from typing import NamedTuple

from minigrad.drawing.graph.nodes import Graph, Node, Use
from minigrad.drawing.levels.grouping import Grouping, Summary

__all__ = ["Connection", "connections"]


class Connection(NamedTuple):
    """What becomes one arrow.

    Attributes:
        source, target: indices of groups.
        uses: those behind it: one at the levels "lines" and "operations", else all of one value; all between the two
            groups where one of them stands for many operations without a name.
    """

    source: int
    target: int
    uses: tuple[Use, ...]


def connections(graph: Graph, grouping: Grouping) -> list[Connection]:
    """All connections, in the order of their targets; uses within a group are none."""
    group_of: dict[Node, int] = {node: k for k, group in enumerate(grouping.groups) for node in group.nodes}
    each_use = grouping.level in ("lines", "operations")
    found: dict[object, list[Use]] = {}
    for use in graph.uses:
        target = group_of[use.target]
        if group_of[use.source] != target:
            source, whole = group_of[use.source], grouping.groups[target]
            if isinstance(whole.label, Summary) or isinstance(grouping.groups[source].label, Summary):
                key: object = (source, target)
            elif each_use and whole.times == 1 and whole.kind not in ("layer", "module", "more"):
                key = use
            else:
                key = (use.source, target)
            found.setdefault(key, []).append(use)
    arrows = [Connection(group_of[uses[0].source], group_of[uses[0].target], tuple(uses)) for uses in found.values()]
    return sorted(arrows, key=lambda arrow: arrow.target)
