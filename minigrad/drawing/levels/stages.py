"""Level "stages": each layer with parameters, together with what follows it until the next one.

A convolution, its batch normalization, the ReLU and the pooling after it are one box. Where paths fork or meet, a box
ends: the sum in a residual block is a box of its own, and so is the pooling at the beginning of a branch. Everything
from the first use of the targets on is the loss.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.assignment import assigned
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.levels.structure.labels import is_module
from minigrad.drawing.levels.structure.leaves import absorbed
from minigrad.drawing.levels.structure.partition import grouped, single
from minigrad.drawing.levels.structure.scopes import common_scope, innermost
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of
from minigrad.drawing.levels.units import Unit, units_of
from minigrad.notation import Name

__all__ = ["stages"]


def stages(graph: Graph) -> Grouping:
    """A group for each layer with parameters and what follows it, one for the loss, one for what comes before.

    Outside modules a product with a parameter, a convolution or a look-up is a layer.
    """
    wiring = wiring_of(graph)
    units = units_of(graph)
    stage, endings = assigned(wiring, units)
    keys: list[Hashable] = list(range(len(wiring.nodes)))
    for unit in units:
        for i in unit.members:
            if wiring.nodes[i] is not graph.failed:  # which has a box of its own
                keys[i] = ("stage", stage[unit.number])
    losses: set[Hashable] = {("stage", number) for number in endings}
    for i in reversed(range(len(wiring.nodes))):
        if wiring.nodes[i].kind == "operation" and isinstance(keys[i], int):  # made from parameters alone
            users = {keys[user] for user in wiring.users[i]}
            if len(users) == 1:
                keys[i] = users.pop()
    keys = absorbed(wiring, keys, losses)
    parts: dict[Hashable, list[Unit]] = {}
    for unit in units:
        parts.setdefault(keys[unit.members[0]], []).append(unit)
    scopes = _frames(wiring, keys, losses)

    def describe(members: list[int]) -> Group:
        key = keys[members[-1]]
        if isinstance(key, int):
            return single(graph, members)
        inside = set(members)
        within = [part for part in parts[key] if not inside.isdisjoint(part.members)]
        return _group(wiring, members, within, key in losses) if within else single(graph, members)

    def frames_of(members: list[int]) -> list[Scope]:
        scope = _scope(wiring, members)
        return [outer for outer in (scope.path() if scope is not None else ()) if outer in scopes]

    return grouped(graph, keys, describe, frames_of, "stages")


def _group(wiring: Wiring, members: list[int], parts: list[Unit], is_loss: bool) -> Group:
    """A stage: named after its layer, else after what it computes."""
    nodes = [wiring.nodes[i] for i in members]
    folded: list[Any] = [part.label for part in parts]
    layer = next((part for part in parts if part.is_layer), None)
    titled = parts[0] if layer is None or is_loss else layer
    output = next(node for node in reversed(nodes) if node.kind == "operation")
    label: Any = titled.label if titled.scope is not None else None
    if output.name and (label is None or is_loss):
        label = Name.parse(output.name, len(wiring.shapes[wiring.index[output]]))
    if (layer is not None or any(i in wiring.parameters for i in members)) and not is_loss:
        return Group(nodes, "layer", label, folded=folded)
    has_module = any(is_module(label) for label in folded) and not is_loss
    return Group(nodes, "module" if has_module else "computed", label, folded=folded)


def _scope(wiring: Wiring, members: list[int]) -> Scope | None:
    operations = [i for i in members if wiring.nodes[i].kind == "operation"]
    return common_scope(wiring.nodes[i].scope for i in operations)


def _frames(wiring: Wiring, keys: list[Hashable], losses: set[Hashable]) -> set[Scope]:
    """The scopes that deserve a frame: of several stages, but not of all; and what has one stage, beside such scopes,
    or where that stage's layer is called as another's: linear0 of an encoder and of a decoder.
    """
    scopes: dict[Hashable, list[Scope | None]] = {}
    for i, key in enumerate(keys):
        if wiring.nodes[i].kind == "operation":
            scopes.setdefault(key, []).append(wiring.nodes[i].scope)
    inside: dict[Scope, int] = {}
    for found in scopes.values():
        scope = common_scope(found)
        for outer in scope.path() if scope else ():
            inside[outer] = inside.get(outer, 0) + 1
    framed = {scope for scope, count in inside.items() if 1 < count < len(scopes) - len(losses)}
    parents, layers = {scope.outer for scope in framed}, innermost(wiring)
    ambiguous = _around_namesakes(layers)
    return framed | {
        scope
        for scope, count in inside.items()
        if count == 1 and scope not in layers and (scope.outer in parents or scope in ambiguous)
    }


def _around_namesakes(layers: set[Scope]) -> set[Scope | None]:
    """The scopes directly around layers with the same name."""
    around: dict[str, set[Scope | None]] = {}
    for layer in layers:
        around.setdefault(getattr(layer.label, "name", None) or str(layer.label), set()).add(layer.outer)
    return {scope for scopes in around.values() if len(scopes) > 1 for scope in scopes}
