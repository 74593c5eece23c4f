"""Calls of modules within the calls around them: the layers of a block as one box."""

from __future__ import annotations

from collections.abc import Hashable

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.folding.quotient import Quotient
from minigrad.drawing.levels.folding.regroup import common_enclosure, regrouped
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.levels.modules import module_group

__all__ = ["calls_joined"]

_FEW = 12  # boxes, which can be read in any case


def calls_joined(graph: Graph, quotient: Quotient) -> Grouping | None:
    """The innermost calls that contain several boxes as one each; ``None`` where there are none.

    A box that reaches beyond such a call, as a pooling does after the last sum of a residual network, is divided.
    """
    paths = {scope: scope.path() for scope in {node.scope: None for node in quotient.wiring.nodes} if scope is not None}
    least = 1 if len(quotient.grouping.groups) > _FEW else 2  # a whole network is one box only if it must be
    for depth in range(max(map(len, paths.values()), default=0), least - 1, -1):
        outer = {scope: path[depth - 1] for scope, path in paths.items() if len(path) >= depth}
        touched: dict[Scope, set[int]] = {}
        for i, node in enumerate(quotient.wiring.nodes):
            if node.kind == "operation" and node.scope in outer and node is not graph.failed:
                touched.setdefault(outer[node.scope], set()).add(quotient.owner[i])
        boxes = {scope for scope, groups in touched.items() if len(groups) > 1}
        if boxes:
            keys = _keys(graph, quotient, {scope: call for scope, call in outer.items() if call in boxes})
            if len(set(keys)) < len(quotient.grouping.groups):
                count = len(set().union(*(touched[scope] for scope in boxes)))
                calls = f"{len(boxes):,} calls" if len(boxes) > 1 else "1 call"
                return _regrouped(graph, quotient, keys, f"{count:,} boxes are folded into {calls} around them")
    return None


def _keys(graph: Graph, quotient: Quotient, outer: dict[Scope, Scope]) -> list[Hashable]:
    """For each node the call that it is folded into, else its group; leaves follow what alone uses them."""
    wiring = quotient.wiring
    keys: list[Hashable] = list(quotient.owner)
    for i, node in enumerate(wiring.nodes):
        if node.kind == "operation" and node.scope in outer and node is not graph.failed:
            keys[i] = outer[node.scope]
    for i, node in enumerate(wiring.nodes):
        is_part = i in wiring.parameters or node.kind == "buffer" or (node.kind == "constant" and wiring.size(i) == 1)
        if node.kind != "operation" and (is_part or quotient.is_computed[quotient.owner[i]]) and i not in wiring.roots:
            users = {keys[user] for user in wiring.users[i]}
            if len(users) == 1 and isinstance(call := users.pop(), Scope):
                keys[i] = call
    return keys


def _regrouped(graph: Graph, quotient: Quotient, keys: list[Hashable], note: str) -> Grouping:
    grouping = quotient.grouping
    calls: dict[int, set[Hashable]] = {}  # of each group; one with several reaches beyond a call
    for i, k in enumerate(quotient.owner):
        if quotient.wiring.nodes[i].kind == "operation":
            calls.setdefault(k, set()).add(keys[i])

    def describe(key: Hashable, members: list[int]) -> Group:
        assert isinstance(key, Scope)
        group = module_group(graph, members, key.label)
        parts = dict.fromkeys(quotient.owner[i] for i in members if quotient.wiring.nodes[i].kind == "operation")
        around = common_enclosure(
            grouping.enclosures, [grouping.groups[k].enclosure for k in parts if len(calls[k]) == 1 or len(parts) == 1]
        )
        while around is not None and grouping.enclosures[around].label is key.label:
            around = grouping.enclosures[around].outer
        group.enclosure = around
        return group

    return regrouped(graph, grouping, keys, describe, notes=[note])
