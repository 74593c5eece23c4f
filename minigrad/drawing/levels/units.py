"""The units that stages are made of: calls of layers, and operations outside layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.structure.labels import is_module
from minigrad.drawing.levels.structure.scopes import innermost
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of
from minigrad.notation import operations as ops

__all__ = ["Unit", "units_of"]

#: Operations that scale or shift by parameters, but do not make a layer of them.
_SCALING = (ops.standardize, ops.affine, ops.where)
_LOOK_UP = (ops.getitem, ops.padded_embedding)


@dataclass(eq=False)
class Unit:
    """The call of a layer, or one operation.

    Attributes:
        number: its place in the order of computation.
        members: the positions of its operations.
        inputs: the positions of the operations that it uses, without those made of parameters alone.
        scope: the call, if it is one.
        label: that of the call, or the Primitive of the operation.
        is_layer: whether it combines its input with weights.
    """

    number: int
    members: list[int]
    inputs: list[int]
    scope: Scope | None
    label: Any
    is_layer: bool


def units_of(graph: Graph) -> list[Unit]:
    """All units in the order of computation. Operations on one parameter, such as W.T, are in none outside calls."""
    wiring = wiring_of(graph)
    origins = _origins(wiring)
    weighted = {i for i in range(len(wiring.nodes)) if _is_weighted(wiring, i, origins)}
    calls = _calls(wiring, weighted)
    members: dict[Scope | int, list[int]] = {}
    for i, node in enumerate(wiring.nodes):
        if node.kind != "operation" and node is not graph.failed:
            continue
        if node.scope in calls and node is not graph.failed:
            members.setdefault(node.scope, []).append(i)
        elif origins[i] is None:
            members[i] = [i]
    units: list[Unit] = []
    for key, inside in sorted(members.items(), key=lambda item: item[1][-1]):
        own = set(inside)
        inputs = [
            j
            for i in inside
            for j in wiring.inputs[i]
            if j not in own and wiring.nodes[j].kind == "operation" and origins[j] is None
        ]
        scope = key if isinstance(key, Scope) else None
        label = scope.label if scope is not None else wiring.nodes[inside[0]].primitive
        units.append(Unit(len(units), inside, list(dict.fromkeys(inputs)), scope, label, bool(own & weighted)))
    return units


def _origins(wiring: Wiring) -> list[int | None]:
    """For each node the parameter that alone it was made of, by transposing or scaling it."""
    found: list[int | None] = []
    for i, node in enumerate(wiring.nodes):
        origin = i if i in wiring.parameters else None
        if node.kind == "operation" and not _looks_up(wiring, i):
            inputs = {found[j] for j in wiring.inputs[i] if wiring.nodes[j].kind not in ("constant", "buffer")}
            origin = inputs.pop() if len(inputs) == 1 else None
        found.append(origin)
    return found


def _looks_up(wiring: Wiring, i: int) -> bool:
    """Whether an operation takes rows of a parameter by their numbers; W[:3] takes a part of it."""
    primitive, params = wiring.nodes[i].primitive, wiring.nodes[i].params
    if primitive not in _LOOK_UP or wiring.parameters.isdisjoint(wiring.inputs[i]):
        return False
    index = params.get("index")
    return any(np.ndim(part) > 0 for part in (index if isinstance(index, tuple) else (index,)))


def _is_weighted(wiring: Wiring, i: int, origins: list[int | None]) -> bool:
    """Whether an operation combines a value with a matrix of weights, or looks one up."""
    primitive = wiring.nodes[i].primitive
    if primitive is None or wiring.nodes[i].kind != "operation" or origins[i] is not None:
        return False
    if primitive.elementwise or primitive in _SCALING:
        return False
    sources = {origins[j] for j in wiring.inputs[i]}
    matrices = [j for j in sources if j is not None and len(wiring.shapes[j]) > 1]
    return _looks_up(wiring, i) or (bool(matrices) and len(sources) > 1)


def _calls(wiring: Wiring, weighted: set[int]) -> set[Scope]:
    """The innermost calls, each of which is a unit. A network that computes everything in a single one is not."""
    layers: dict[Scope, int] = {}
    for i in weighted:
        scope = wiring.nodes[i].scope
        if scope is not None:
            layers[scope] = layers.get(scope, 0) + 1
    return {
        scope
        for scope in innermost(wiring)
        if layers.get(scope, 0) < 2 or (len(scope.path()) > 1 and is_module(scope.label))
    }
