"""Levels "modules", calls of modules to a depth, and "operations", every primitive; both in frames for what is around.

Everything computed in a call was computed between its beginning and its end, so that calls never depend on each other
in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from itertools import takewhile
from typing import Any

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.levels.structure.labels import is_module, label_key
from minigrad.drawing.levels.structure.leaves import absorbed
from minigrad.drawing.levels.structure.partition import grouped, single
from minigrad.drawing.levels.structure.scopes import common_scope, innermost, only_call, scope_of_leaf
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of

__all__ = ["frames_around", "module_group", "modules", "operations"]


def operations(graph: Graph) -> Grouping:
    """A group for each node."""
    wiring = wiring_of(graph)
    only = only_call(wiring)

    def describe(members: list[int]) -> Group:
        return single(graph, members)

    def frames_of(members: list[int]) -> list[Scope]:
        return frames_around(wiring, members, (), only)

    return grouped(graph, range(len(wiring.nodes)), describe, frames_of, "operations")


def modules(graph: Graph, depth: int | None = None) -> Grouping:
    """A group for each call of a module or ``with mg.scope(…)`` block, with the parameters that it alone uses.

    Arguments:
        depth: how many calls within each other to tell apart: with 1 a network is one box, with 2 its layers or blocks
            are. Without it, the innermost calls are boxes.

    Raises:
        ValueError: if `depth` is below 1.
    """
    if depth is not None and depth < 1:
        raise ValueError(f"draw: depth counts calls of modules within each other, from 1, got {depth}")
    wiring = wiring_of(graph)
    leaf_scopes = innermost(wiring)
    boxes: dict[Scope, Scope | None] = {}
    keys: list[Hashable] = list(range(len(wiring.nodes)))
    for i, node in enumerate(wiring.nodes):
        scope = node.scope
        if node.kind == "operation" and scope is not None and node is not graph.failed:
            if scope not in boxes:
                path = scope.path()
                if depth and len(path) >= depth:
                    boxes[scope] = path[depth - 1]
                else:
                    boxes[scope] = scope if scope in leaf_scopes else None
            keys[i] = i if boxes[scope] is None else boxes[scope]
    keys = absorbed(wiring, keys)
    inside, only = {key for key in keys if isinstance(key, Scope)}, only_call(wiring)

    def describe(members: list[int]) -> Group:
        scope = keys[members[-1]]
        if isinstance(scope, Scope):
            return module_group(graph, members, scope.label)
        return single(graph, members)

    return grouped(graph, keys, describe, lambda members: frames_around(wiring, members, inside, only), "modules")


def module_group(graph: Graph, members: list[int], label: Any) -> Group:
    """A group for the call of a module; a layer if it uses parameters."""
    wiring = wiring_of(graph)
    nodes = [wiring.nodes[i] for i in members]
    uses_parameters = any(j in wiring.parameters for i in members for j in (i, *wiring.inputs[i]))
    inner = dict.fromkeys(node.scope for node in nodes if node.kind == "operation" and node.scope is not None)
    folded = [scope.label for scope in inner if is_module(scope.label)]
    if len(folded) > 1:  # not itself, for the operations outside its inner modules
        folded = [part for part in folded if label_key(part) != label_key(label)]
    return Group(nodes, "layer" if uses_parameters else "module", label, folded=folded)


def frames_around(wiring: Wiring, members: list[int], boxes: Collection[Any], only: Scope | None = None) -> list[Scope]:
    """The scopes that are frames around nodes, outermost first: those in which all were computed and no box is.

    `only`, the call of a model that is all there is besides its loss, needs no frame.
    """
    scopes = [
        node.scope if node.kind == "operation" else scope_of_leaf(wiring, i)
        for i in members
        if (node := wiring.nodes[i]).kind == "operation" or len(members) == 1
    ]
    scope = common_scope(scopes)
    path = scope.path() if scope is not None else []
    frames = list(takewhile(lambda outer: outer not in boxes, path))
    return frames[1:] if frames and frames[0] is only else frames
