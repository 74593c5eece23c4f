"""From "which nodes belong together" to groups in an order of computation, without a cycle between them.

A group may not depend on what depends on it: a box that held the first and the last of three operations could be drawn
neither before nor after the second.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Sequence

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph, Node
from minigrad.drawing.levels.grouping import Enclosure, Group, Grouping, Kind, Level
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of

__all__ = ["grouped", "kind_of", "partition", "single"]

_KINDS: dict[str, Kind] = {
    "operation": "operation",
    "parameter": "parameter",
    "buffer": "given",
    "given": "given",
    "constant": "constant",
    "unrecorded": "unrecorded",
}


def kind_of(graph: Graph, node: Node) -> Kind:
    """The kind of a group of this node alone."""
    return "failed" if node is graph.failed else _KINDS[node.kind]


def single(graph: Graph, members: list[int]) -> Group:
    """A group of one node, with the numbers in it."""
    wiring = wiring_of(graph)
    nodes = [wiring.nodes[i] for i in members]
    return Group(nodes, kind_of(graph, nodes[-1]))


def partition(wiring: Wiring, keys: Sequence[Hashable]) -> list[list[int]]:
    """The positions of the nodes of each group, groups in an order in which what is used comes first.

    Groups that would depend on each other are cut into pieces that were computed one after the other.

    Arguments:
        keys: for each node what it shares with the others of its group.
    """
    number: dict[Hashable, int] = {}
    owner = [number.setdefault(key, len(number)) for key in keys]
    order = _order(wiring, owner)
    if len(order) < len(number):
        done, last, count = set(order), -1, len(number)
        for i, group in enumerate(owner):
            if group not in done:
                if group != last:
                    last, count = group, count + 1
                owner[i] = count
        owner = _renumbered(owner)
        order = _order(wiring, owner)
    members: list[list[int]] = [[] for _ in order]
    for i, group in enumerate(owner):
        members[group].append(i)
    return [members[group] for group in order]


def _renumbered(owner: list[int]) -> list[int]:
    number: dict[int, int] = {}
    return [number.setdefault(group, len(number)) for group in owner]


def _order(wiring: Wiring, owner: list[int]) -> list[int]:
    """The groups in topological order, earliest computed first; without those that depend on a cycle."""
    count = max(owner, default=-1) + 1
    waiting, last = [0] * count, [0] * count
    for target, sources in enumerate(wiring.inputs):
        group = owner[target]
        last[group] = target
        for source in sources:
            if owner[source] != group:
                waiting[group] += 1
    members: list[list[int]] = [[] for _ in range(count)]
    for i, group in enumerate(owner):
        members[group].append(i)
    ready = [(last[group], group) for group in range(count) if not waiting[group]]
    heapq.heapify(ready)
    order = []
    while ready:
        _, group = heapq.heappop(ready)
        order.append(group)
        for i in members[group]:
            for user in wiring.users[i]:
                other = owner[user]
                if other != group:
                    waiting[other] -= 1
                    if not waiting[other]:
                        heapq.heappush(ready, (last[other], other))
    return order


def grouped(
    graph: Graph,
    keys: Sequence[Hashable],
    describe: Callable[[list[int]], Group],
    frames_of: Callable[[list[int]], Sequence[Scope]],
    level: Level,
) -> Grouping:
    """The grouping of a graph.

    Arguments:
        keys: for each node what it shares with the others of its group.
        describe: makes the group of nodes, given by their positions.
        frames_of: gives the scopes that are frames around these, outermost first.
    """
    enclosures: list[Enclosure] = []
    frames: dict[Scope, int] = {}
    groups = []
    for members in partition(wiring_of(graph), keys):
        group = describe(members)
        for current in frames_of(members):
            if current not in frames:
                frames[current] = len(enclosures)
                enclosures.append(Enclosure(current.label, group.enclosure))
            group.enclosure = frames[current]
        groups.append(group)
    return Grouping(groups, enclosures, level=level)
