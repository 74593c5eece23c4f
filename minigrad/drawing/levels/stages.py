"""Level "stages": each layer with parameters, together with what follows it until the next one.

A convolution, its batch normalization, the ReLU and the pooling after it are one box. Where paths fork or meet, a box
ends: the sum in a residual block is a box of its own, and so is the pooling at the beginning of a branch. Everything
from the first use of the targets on is the loss.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.levels.structure.leaves import absorbed
from minigrad.drawing.levels.structure.partition import grouped, single
from minigrad.drawing.levels.structure.scopes import common_scope, is_module
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of
from minigrad.drawing.levels.units import Unit, units_of
from minigrad.notation import Name
from minigrad.notation import operations as ops

__all__ = ["stages"]

_MERGED = 3  # operations of a branch outside modules that is so short that it belongs to the sum: W x in W x + U h

#: What a loss does with errors before it adds them up; after a layer they are rarely its activation.
_ARITHMETIC = (ops.power, ops.square, ops.abs, ops.log, ops.negative, ops.multiply, ops.divide, ops.subtract)


def stages(graph: Graph) -> Grouping:
    """A group for each layer with parameters and what follows it, one for the loss, one for what comes before.

    Outside modules a product with a parameter, a convolution or a look-up is a layer.
    """
    wiring = wiring_of(graph)
    units = units_of(graph)
    plan = _Plan(wiring, units)
    plan.assign(closed=set())
    plan.assign(closed=plan.exits())
    keys: list[Hashable] = list(range(len(wiring.nodes)))
    for unit in units:
        for i in unit.members:
            if wiring.nodes[i] is not graph.failed:  # which has a box of its own
                keys[i] = ("stage", plan.stage[unit.number])
    losses: set[Hashable] = {("stage", stage) for stage in plan.losses}
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


class _Plan:
    """Which stage each unit belongs to: the number of the unit that it begins with."""

    def __init__(self, wiring: Wiring, units: list[Unit]) -> None:
        self.wiring, self.units = wiring, units
        self.unit_of = {i: unit for unit in units for i in unit.members}
        self.users = [
            {other.number for i in unit.members for j in wiring.users[i] if (other := self.unit_of.get(j)) is not None}
            - {unit.number}
            for unit in units
        ]
        self.trailing = self._trailing()
        self.ends = self._ends()

    def _trailing(self) -> set[int]:
        """The units after the last layer that lead to a scalar root."""
        roots = {self.unit_of[i].number for i in self.wiring.roots if i in self.unit_of and _size(self.wiring, i) == 1}
        leads, before_layer = [False] * len(self.units), [False] * len(self.units)
        for unit in reversed(self.units):
            n = unit.number
            leads[n] = n in roots or any(leads[user] for user in self.users[n])
            before_layer[n] = unit.is_layer or any(before_layer[user] for user in self.users[n])
        return {n for n in range(len(self.units)) if leads[n] and not before_layer[n]}

    def _ends(self) -> set[int]:
        """The units that make one number of many at the end, and arithmetic just before it: h² in Σ h²."""
        ends: set[int] = set()
        for n in sorted(self.trailing, reverse=True):
            unit = self.units[n]
            i = unit.members[-1]
            reduces = _size(self.wiring, i) == 1 and any(_size(self.wiring, j) > 1 for j in unit.inputs)
            leads = (
                len(self.users[n]) == 1
                and self.users[n] <= ends
                and self.wiring.parameters.isdisjoint(self.wiring.inputs[i])
            )
            if reduces or (leads and unit.label in _ARITHMETIC):
                ends.add(n)
        return ends

    def assign(self, closed: set[int]) -> None:
        """Let each unit continue the stage that it follows, or begin one.

        Arguments:
            closed: positions of values after which a stage ends, because paths fork there.
        """
        self.parent = list(range(len(self.units)))
        self.parts = [[n] for n in range(len(self.units))]
        self.losses: set[int] = set()
        self.stage: list[int] = []
        for unit in self.units:
            n = unit.number
            before = list(dict.fromkeys(self._stage(self.unit_of[j].number) for j in unit.inputs))
            losses = [stage for stage in before if stage in self.losses]
            if losses or (n in self.trailing and self._begins_loss(unit, before)):
                if n in self.trailing:
                    for stage in losses:
                        self._join(n, stage)
                    self.losses = {self._stage(k) for k in (*self.losses, n)}
                continue
            if unit.is_layer or not before:
                continue
            if len(before) == 1:
                if not any(j in closed for j in unit.inputs):
                    self._join(n, before[0])
            elif all(self._is_short_branch(stage, n) for stage in before):
                for stage in before:
                    self._join(n, stage)
        for unit in reversed(self.units):  # a penalty on parameters, and what is done with the targets alone
            users = {self._stage(k) for k in self.users[unit.number]}
            if not unit.inputs and not unit.is_layer and len(users) == 1 and users <= self.losses:
                self._join(unit.number, users.pop())
                self.losses = {self._stage(n) for n in self.losses}
        self.stage = [self._stage(n) for n in range(len(self.units))]
        self.losses = {self._stage(n) for n in self.losses}

    def exits(self) -> set[int]:
        """The values that are used in stages other than their own."""
        return {
            j
            for unit in self.units
            for j in unit.inputs
            if self.stage[self.unit_of[j].number] != self.stage[unit.number]
        }

    def _stage(self, n: int) -> int:
        while self.parent[n] != n:
            self.parent[n] = self.parent[self.parent[n]]
            n = self.parent[n]
        return n

    def _join(self, n: int, stage: int) -> None:
        n, stage = self._stage(n), self._stage(stage)
        if n != stage:
            first, second = sorted((n, stage))
            self.parent[second] = first
            self.parts[first] += self.parts[second]

    def _begins_loss(self, unit: Unit, before: list[int]) -> bool:
        """Whether a unit after the last layer uses a target, or makes one number of many."""
        if not before:
            return False
        nodes, inputs = self.wiring.nodes, self.wiring.inputs
        kinds = ("given", "unrecorded") if unit.scope is not None else ("given", "unrecorded", "constant")
        uses_target = any(
            nodes[j].kind in kinds and (nodes[j].kind != "constant" or _size(self.wiring, j) > 1)
            for i in unit.members
            for j in inputs[i]
        )
        return uses_target or unit.number in self.ends

    def _is_short_branch(self, stage: int, n: int) -> bool:
        """Whether a stage is a few operations outside modules that only lead to unit `n`."""
        parts = self.parts[stage]
        if len(parts) > _MERGED or stage in self.losses or not self.units[stage].is_layer:
            return False
        return all(self.units[k].scope is None and self.users[k] <= {*parts, n} for k in parts)


def _size(wiring: Wiring, i: int) -> int:
    return int(np.size(wiring.nodes[i].value))


def _group(wiring: Wiring, members: list[int], parts: list[Unit], is_loss: bool) -> Group:
    """A stage: named after its layer, else after what it computes."""
    nodes = [wiring.nodes[i] for i in members]
    folded: list[Any] = [part.label for part in parts]
    layer = next((part for part in parts if part.is_layer), None)
    titled = parts[0] if layer is None or is_loss else layer
    output = next(node for node in reversed(nodes) if node.kind == "operation")
    label: Any = titled.label if titled.scope is not None else None
    if output.name and (label is None or is_loss):
        label = Name.parse(output.name, np.ndim(output.value))
    if (layer is not None or any(i in wiring.parameters for i in members)) and not is_loss:
        return Group(nodes, "layer", label, folded=folded)
    has_module = any(is_module(label) for label in folded) and not is_loss
    return Group(nodes, "module" if has_module else "computed", label, folded=folded)


def _scope(wiring: Wiring, members: list[int]) -> Scope | None:
    operations = [i for i in members if wiring.nodes[i].kind == "operation"]
    return common_scope(wiring.nodes[i].scope for i in operations)


def _frames(wiring: Wiring, keys: list[Hashable], losses: set[Hashable]) -> set[Scope]:
    """The scopes that deserve a frame: of several stages, but not of all."""
    scopes: dict[Hashable, list[Scope | None]] = {}
    for i, key in enumerate(keys):
        if wiring.nodes[i].kind == "operation":
            scopes.setdefault(key, []).append(wiring.nodes[i].scope)
    inside: dict[Scope, int] = {}
    for found in scopes.values():
        scope = common_scope(found)
        for outer in scope.path() if scope else ():
            inside[outer] = inside.get(outer, 0) + 1
    return {scope for scope, count in inside.items() if 1 < count < len(scopes) - len(losses)}
