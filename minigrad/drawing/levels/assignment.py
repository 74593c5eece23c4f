"""Which stage each unit belongs to."""

from __future__ import annotations

from minigrad.drawing.levels.structure.wiring import Wiring
from minigrad.drawing.levels.units import Unit
from minigrad.notation import operations as ops

__all__ = ["assigned"]

_MERGED = 3  # operations of a branch outside modules that is so short that it belongs to the sum: W x in W x + U h
#: What a loss does with errors before it adds them up; after a layer they are rarely its activation.
_ARITHMETIC = (ops.power, ops.square, ops.abs, ops.log, ops.negative, ops.multiply, ops.divide, ops.subtract)


def assigned(wiring: Wiring, units: list[Unit]) -> tuple[list[int], set[int]]:
    """The stage of each unit, by the number of the first unit in it, and which stages are losses."""
    plan = _Plan(wiring, units)
    plan.assign(closed=set())
    plan.assign(closed=plan.exits())  # where paths fork, what follows is not a part of what is before the fork
    stage = plan.stages()
    losses = {n for n in stage if plan.is_loss[n]}
    follows_layer = [unit.is_layer for unit in units]
    for n, before in enumerate(plan.before):
        follows_layer[n] = follows_layer[n] or any(follows_layer[k] for k in before)
    for n in reversed(range(len(units))):  # a penalty on parameters, and what is done with the targets alone
        users = {stage[user] for user in plan.users[n]}
        if not follows_layer[n] and len(users) == 1 and users <= losses:
            stage[n] = users.pop()
    return stage, losses


class _Plan:
    """Stages that grow: sets of units, each with the number of its first unit."""

    def __init__(self, wiring: Wiring, units: list[Unit]) -> None:
        self.wiring, self.units = wiring, units
        self.unit_of = [-1] * len(wiring.nodes)
        for unit in units:
            for i in unit.members:
                self.unit_of[i] = unit.number
        self.before = [list(dict.fromkeys(self.unit_of[j] for j in unit.inputs)) for unit in units]
        self.users: list[list[int]] = [[] for _ in units]
        for n, numbers in enumerate(self.before):
            for before in numbers:
                self.users[before].append(n)
        self.trailing = self._trailing()
        self.ends = self._ends()

    def _trailing(self) -> list[bool]:
        """Whether a unit comes after the last layer and leads to a scalar root."""
        count = len(self.units)
        leads, before_layer = [False] * count, [unit.is_layer for unit in self.units]
        for i in self.wiring.roots:
            if self.unit_of[i] >= 0 and self.wiring.size(i) == 1:
                leads[self.unit_of[i]] = True
        for n in reversed(range(count)):
            for user in self.users[n]:
                leads[n] = leads[n] or leads[user]
                before_layer[n] = before_layer[n] or before_layer[user]
        return [leads[n] and not before_layer[n] for n in range(count)]

    def _ends(self) -> list[bool]:
        """Whether a unit makes one number of many at the end, or is arithmetic just before: h² in Σ h²."""
        wiring, ends = self.wiring, [False] * len(self.units)
        for n in reversed(range(len(self.units))):
            if self.trailing[n]:
                unit, users = self.units[n], self.users[n]
                i = unit.members[-1]
                reduces = wiring.size(i) == 1 and any(wiring.size(j) > 1 for j in unit.inputs)
                leads = unit.scope is None and unit.label in _ARITHMETIC and len(users) == 1 and ends[users[0]]
                ends[n] = reduces or (leads and wiring.parameters.isdisjoint(wiring.inputs[i]))
        return ends

    def assign(self, closed: set[int]) -> None:
        """Let each unit continue the stage that it follows, or begin one.

        Arguments:
            closed: positions of values after which a stage ends.
        """
        count = len(self.units)
        self.parent = list(range(count))
        self.first_parts = [[n] for n in range(count)]  # of each stage, one more than matter
        self.is_loss = [False] * count
        for unit in self.units:
            n = unit.number
            before = list(dict.fromkeys(map(self._stage, self.before[n])))
            losses = [stage for stage in before if self.is_loss[stage]]
            if self.trailing[n] and (losses or (before and self._begins_loss(unit))):
                self.is_loss[n] = True
                for stage in losses:
                    self._join(n, stage)
            elif losses or unit.is_layer or not before:
                continue
            elif len(before) == 1:
                if closed.isdisjoint(unit.inputs):
                    self._join(n, before[0])
            elif all(self._is_short_branch(stage, n) for stage in before):
                for stage in before:
                    self._join(n, stage)

    def exits(self) -> set[int]:
        """The values that are used in stages other than their own."""
        stage = self.stages()
        found: set[int] = set()
        for unit in self.units:
            found.update(j for j in unit.inputs if stage[self.unit_of[j]] != stage[unit.number])
        return found

    def stages(self) -> list[int]:
        """The stage of each unit."""
        return [self._stage(n) for n in range(len(self.units))]

    def _stage(self, n: int) -> int:
        parent = self.parent
        while parent[n] != n:
            parent[n] = n = parent[parent[n]]
        return n

    def _join(self, n: int, stage: int) -> None:
        first, second = sorted((self._stage(n), self._stage(stage)))
        if first != second:
            self.parent[second] = first
            self.is_loss[first] = self.is_loss[first] or self.is_loss[second]
            if len(self.first_parts[first]) <= _MERGED:
                self.first_parts[first] += self.first_parts[second]

    def _begins_loss(self, unit: Unit) -> bool:
        """Whether a unit after the last layer uses a target, or makes one number of many."""
        if self.ends[unit.number]:
            return True
        nodes, wiring = self.wiring.nodes, self.wiring
        kinds = ("given", "unrecorded") if unit.scope is not None else ("given", "unrecorded", "constant")
        return any(
            nodes[j].kind in kinds and (nodes[j].kind != "constant" or wiring.size(j) > 1)
            for i in unit.members
            for j in wiring.inputs[i]
        )

    def _is_short_branch(self, stage: int, n: int) -> bool:
        """Whether a stage is a few operations outside modules that only lead to unit `n`."""
        parts = self.first_parts[stage]
        if len(parts) > _MERGED or self.is_loss[stage] or not self.units[stage].is_layer:
            return False
        inside = {*parts, n}
        return all(self.units[k].scope is None and inside.issuperset(self.users[k]) for k in parts)
