"""A grouping changed in places: some groups divided, others joined."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.grouping import Enclosure, Group, Grouping
from minigrad.drawing.levels.structure.labels import label_key
from minigrad.drawing.levels.structure.partition import kind_of, partition
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of
from minigrad.notation import Name

__all__ = ["common_enclosure", "owners", "piece", "regrouped"]


def owners(wiring: Wiring, grouping: Grouping) -> list[int]:
    """For each node the index of its group."""
    owner = [0] * len(wiring.nodes)
    for k, group in enumerate(grouping.groups):
        for node in group.nodes:
            owner[wiring.index[node]] = k
    return owner


def regrouped(
    graph: Graph,
    grouping: Grouping,
    keys: Sequence[Hashable],
    describe: Callable[[Hashable, list[int]], Group],
    enclosures: list[Enclosure] | None = None,
    notes: Sequence[str] = (),
) -> Grouping:
    """A grouping by other keys: an int is the index of a group that stays, of the other keys `describe` makes groups.

    A group that stays, but has lost or gained nodes, is described anew.
    """
    wiring = wiring_of(graph)
    groups = []
    for members in partition(wiring, keys):
        key = keys[members[-1]]
        if isinstance(key, int):
            old = grouping.groups[key]
            groups.append(old if len(old.nodes) == len(members) else piece(graph, old, members))
        else:
            groups.append(describe(key, members))
    return _pruned(Grouping(groups, enclosures or grouping.enclosures, [*grouping.notes, *notes], grouping.level))


def piece(graph: Graph, old: Group, members: list[int]) -> Group:
    """A group of some of the nodes of another, in the same frame."""
    wiring = wiring_of(graph)
    nodes = [wiring.nodes[i] for i in members]
    operations = [node for node in nodes if node.kind == "operation"]
    if not operations:
        return Group(nodes, kind_of(graph, nodes[-1]), enclosure=old.enclosure)
    scopes = [scope for node in operations if (scope := node.scope) is not None and scope.outer is not None]
    calls = {label_key(scope.label): scope.label for scope in scopes}
    folded = list(calls.values()) if len(calls) > 1 or len(operations) > 1 else []
    if isinstance(old.label, Name):
        label = old.label if old.nodes[-1] in nodes else None
    else:
        label = calls.get(label_key(old.label), next(iter(calls.values()), None))
    kind = old.kind
    if kind in ("layer", "module"):
        has_parameters = any(j in wiring.parameters for i in members for j in (i, *wiring.inputs[i]))
        kind = "layer" if has_parameters else "module"
    return Group(nodes, kind, label, old.times, old.enclosure, folded)


def common_enclosure(enclosures: Sequence[Enclosure], indices: Sequence[int | None]) -> int | None:
    """The innermost frame that contains all of these."""
    chains = []
    for index in dict.fromkeys(indices):
        chain: list[int] = []
        while index is not None:
            chain.append(index)
            index = enclosures[index].outer
        chains.append(chain[::-1])
    common: int | None = None
    for level in zip(*chains, strict=False):
        if len(set(level)) > 1:
            break
        common = level[0]
    return common


def _pruned(grouping: Grouping) -> Grouping:
    """Without frames that contain nothing."""
    used: set[int] = set()
    for group in grouping.groups:
        index = group.enclosure
        while index is not None and index not in used:
            used.add(index)
            index = grouping.enclosures[index].outer
    if len(used) == len(grouping.enclosures):
        return grouping
    kept = sorted(used)  # outer ones come first
    number = {old: new for new, old in enumerate(kept)}
    enclosures = [
        Enclosure(e.label, None if e.outer is None else number[e.outer]) for e in (grouping.enclosures[k] for k in kept)
    ]
    groups = [
        Group(g.nodes, g.kind, g.label, g.times, None if g.enclosure is None else number[g.enclosure], g.folded)
        for g in grouping.groups
    ]
    return Grouping(groups, enclosures, grouping.notes, grouping.level)
