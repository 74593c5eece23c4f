"""The connections between groups: which uses of values lead from one to another."""

from __future__ import annotations

from typing import NamedTuple

from minigrad.drawing.graph.nodes import Graph, Node, Use
from minigrad.drawing.levels.grouping import Grouping

__all__ = ["Connection", "connections"]


class Connection(NamedTuple):
    """What becomes one arrow.

    Attributes:
        source, target: indices of groups.
        uses: those behind it: one at the levels "lines" and "operations", else all of one value.
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
            whole = grouping.groups[target]
            single = each_use and whole.times == 1 and whole.kind not in ("layer", "module", "more")
            found.setdefault(use if single else (use.source, target), []).append(use)
    arrows = [Connection(group_of[uses[0].source], group_of[uses[0].target], tuple(uses)) for uses in found.values()]
    return sorted(arrows, key=lambda arrow: arrow.target)
