"""The units that stages are made of: calls of layers, and operations outside layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.structure.scopes import innermost, is_module
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
    """All units in the order of computation. Operations on parameters alone, such as W.T, are in none outside calls."""
    wiring = wiring_of(graph)
    made_of_parameters = _made_of_parameters(wiring)
    weighted = {i for i in range(len(wiring.nodes)) if _is_weighted(wiring, i, made_of_parameters)}
    calls = _calls(wiring, weighted)
    members: dict[Scope | int, list[int]] = {}
    for i, node in enumerate(wiring.nodes):
        if node.kind != "operation" and node is not graph.failed:
            continue
        if node.scope in calls and node is not graph.failed:
            members.setdefault(node.scope, []).append(i)
        elif not made_of_parameters[i] or i in weighted:
            members[i] = [i]
    units: list[Unit] = []
    for key, inside in sorted(members.items(), key=lambda item: item[1][-1]):
        own = set(inside)
        inputs = [
            j
            for i in inside
            for j in wiring.inputs[i]
            if j not in own and _is_value(wiring, j, made_of_parameters, weighted)
        ]
        scope = key if isinstance(key, Scope) else None
        label = scope.label if scope is not None else wiring.nodes[inside[0]].primitive
        units.append(Unit(len(units), inside, list(dict.fromkeys(inputs)), scope, label, bool(own & weighted)))
    return units


def _is_value(wiring: Wiring, j: int, made_of_parameters: list[int], weighted: set[int]) -> bool:
    return wiring.nodes[j].kind == "operation" and (not made_of_parameters[j] or j in weighted)


def _made_of_parameters(wiring: Wiring) -> list[int]:
    """For each node how many axes the parameters have that alone it is made of, plus 1; 0 if of something else too."""
    found: list[int] = []
    for i, node in enumerate(wiring.nodes):
        if node.kind == "operation":
            inputs = [j for j in wiring.inputs[i] if wiring.nodes[j].kind not in ("constant", "buffer")]
            found.append(max((found[j] for j in inputs), default=0) if all(found[j] for j in inputs) else 0)
        else:
            found.append(len(wiring.shapes[i]) + 1 if i in wiring.parameters else 0)
    return found


def _is_weighted(wiring: Wiring, i: int, made_of_parameters: list[int]) -> bool:
    """Whether an operation combines a value with a matrix of weights, or looks one up."""
    primitive, inputs = wiring.nodes[i].primitive, wiring.inputs[i]
    if primitive is None or wiring.nodes[i].kind != "operation":
        return False
    if primitive in _LOOK_UP:
        return any(j in wiring.parameters for j in inputs)
    if primitive.elementwise or primitive in _SCALING:
        return False
    axes = [made_of_parameters[j] for j in inputs]
    return max(axes, default=0) > 2 and any(not n for n in axes)


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
