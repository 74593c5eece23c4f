"""Calls of modules within the calls around them: the layers of a block as one box."""

from __future__ import annotations

from collections.abc import Hashable

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.folding.quotient import Quotient
from minigrad.drawing.levels.folding.regroup import common_enclosure, regrouped
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.levels.modules import module_group
from minigrad.drawing.levels.structure.labels import label_name
from minigrad.drawing.levels.structure.scopes import innermost, scope_path

__all__ = ["calls_joined"]

_MOST_NAMES = 4  # in a note
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
        kept = _kept(quotient, outer)
        boxes = {scope for scope, groups in touched.items() if len(groups) > 1 and scope not in kept}
        if boxes:
            folded = boxes | _beside(quotient, boxes, touched, outer)
            keys = _keys(graph, quotient, {scope: call for scope, call in outer.items() if call in folded})
            if len(set(keys)) < len(quotient.grouping.groups):
                count = len(set().union(*(touched[scope] for scope in boxes)))
                return _regrouped(graph, quotient, keys, _note([scope for scope in touched if scope in boxes], count))
    return None


def _kept(quotient: Quotient, outer: dict[Scope, Scope]) -> set[Scope]:
    """The calls that contain several boxes of something that was unfolded by name."""
    found: set[Scope] = set()
    for nodes in quotient.kept:
        groups: dict[Scope, set[int]] = {}
        for node in nodes:
            if node.scope in outer:
                groups.setdefault(outer[node.scope], set()).add(quotient.owner[quotient.wiring.index[node]])
        found.update(scope for scope, inside in groups.items() if len(inside) > 1)
    return found


def _beside(
    quotient: Quotient, boxes: set[Scope], touched: dict[Scope, set[int]], outer: dict[Scope, Scope]
) -> set[Scope]:
    """Calls beside those that are folded, which contain just one box: it gets their name, as the others do."""
    parents = {scope.outer for scope in boxes}
    inner = innermost(quotient.wiring)
    reached: dict[int, set[Scope | None]] = {}
    for i, node in enumerate(quotient.wiring.nodes):
        if node.kind == "operation":
            call = outer.get(node.scope) if node.scope is not None else None
            reached.setdefault(quotient.owner[i], set()).add(call)
    return {
        scope
        for scope, groups in touched.items()
        if len(groups) == 1 and scope.outer in parents and scope not in inner and reached[min(groups)] == {scope}
    }


def _note(calls: list[Scope], count: int) -> str:
    """``branch2, branch3 and branch4 are one box each; unfold="branch2" opens one``."""
    names = list(dict.fromkeys(label_name(scope.label) for scope in calls))
    path = scope_path(calls[0])
    opens = f'; unfold="{path}" opens' if path else ""
    if all(names) and len(names) == len(calls) <= _MOST_NAMES:
        what = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    else:
        what = f"{len(calls):,} blocks" if len(calls) > 1 else f"{count:,} boxes"
    if len(calls) > 1:
        return f"{what} are one box each{opens and f'{opens} one'}"
    return f"{what} {'is' if what == names[0] else 'are'} one box{opens and f'{opens} it'}"


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
