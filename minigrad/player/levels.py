"""Coarser and finer steps of the same derivation: stages of a network, lines of the program, single operations.

The learner switches between them on the page, and stays at the same place in the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from minigrad.core.tensor import Tensor
from minigrad.drawing.graph.trace import trace
from minigrad.drawing.levels.stages import stages
from minigrad.drawing.levels.structure.labels import is_module
from minigrad.notation import Name
from minigrad.player.moments import Moment, moments
from minigrad.walkthrough.derivation.granularity import rewritten
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["Level", "LevelName", "levels", "places"]

LevelName = Literal["stages", "lines", "operations"]

_MOST_STEPS = 250  # of a level, if there is another one on the page
_FEWEST = 3  # lines in which levels differ
_NAMES: tuple[LevelName, ...] = "stages", "lines", "operations"


@dataclass(frozen=True, eq=False)
class Level:
    """A granularity.

    Attributes:
        name: ``"stages"``, ``"lines"``, which is the walkthrough itself, or ``"operations"``.
        walkthrough: the derivation with these lines.
        steps: its steps.
    """

    name: LevelName
    walkthrough: Walkthrough
    steps: tuple[Moment, ...]


def levels(walkthrough: Walkthrough, first: LevelName = "lines") -> tuple[list[Level], list[LevelName]]:
    """The levels of a page, the one that is shown first in front, and the names of those that it has no room for.

    A level that has hardly other lines than those of the walkthrough is none; asked for it, ``"lines"`` comes first.

    Raises:
        ValueError: if there is no such level.
    """
    if first not in _NAMES:
        raise ValueError(f"player: level is {', '.join(map(repr, _NAMES[:-1]))} or {_NAMES[-1]!r}, got {first!r}")
    lines = Level("lines", walkthrough, moments(walkthrough))
    if first == "lines" and len(lines.steps) > _MOST_STEPS:
        return [lines], ["operations"]
    found = [lines]
    heads = _heads(walkthrough)
    if heads:
        coarse = rewritten(walkthrough, lines=heads)
        if len(coarse) <= len(walkthrough) - _FEWEST:
            found.insert(0, Level("stages", coarse, moments(coarse)))
    elif first == "stages":
        raise ValueError(
            "player: there are no stages, because no module was called for this loss; they are the layers of a network"
        )
    fine = rewritten(walkthrough, every_step=True)
    if len(fine) >= len(walkthrough) + _FEWEST:
        found.append(Level("operations", fine, moments(fine)))
    front = next((level for level in found if level.name == first), lines)
    others = [level for level in found if level is not front]
    room = _MOST_STEPS if len(front.steps) <= _MOST_STEPS else 0
    kept = [level for level in others if len(level.steps) <= room]
    return [front, *kept], [level.name for level in others if level not in kept]


def _heads(walkthrough: Walkthrough) -> set[int]:
    """The values that stages of a network pass on to one another; none where no modules were called."""
    with walkthrough.replay.alive():
        graph = trace([walkthrough.replay.loss])
        scopes = {node.scope for node in graph.nodes if node.scope is not None}
        if not any(is_module(around.label) for scope in scopes for around in scope.path()):
            return set()
        of = {node: group for group in stages(graph).groups for node in group.nodes}
        passed = {id(use.source.value) for use in graph.uses if of.get(use.source) is not of.get(use.target)}
    return {*passed, id(walkthrough.replay.loss)}


def places(level: Level, other: Level) -> list[int]:
    """For each step of a level the step of another one at the same place in the program.

    That is the same value or contribution; else the line that contains it, or what follows from it.
    """
    owners = _owners(level.walkthrough, other.walkthrough)
    at: dict[Any, int] = {}
    from_line: dict[Name, int] = {}  # the first contribution that a line passes back
    for k, moment in enumerate(other.steps):
        at[_key(moment)] = k
        if moment.contribution is not None:
            from_line.setdefault(moment.contribution.name, k)

    def found() -> Iterator[int]:
        following = 0
        for moment in reversed(level.steps):
            place = at.get(_key(moment))
            if place is None and moment.step is not None:
                owner = owners.get(moment.step.name.unbarred)
                if owner is not None:
                    place = at.get(("forward", owner)) if moment.phase == "forward" else from_line.get(owner)
            following = following if place is None else place
            yield following

    return [*found()][::-1]


def _key(moment: Moment) -> Any:
    if moment.step is None:
        return None
    if moment.contribution is None:
        return moment.phase, moment.step.name
    return moment.phase, moment.step.name, moment.contribution.consumer, moment.contribution.position


def _owners(walkthrough: Walkthrough, other: Walkthrough) -> dict[Name, Name]:
    """For each computed value that has a line here the line of another derivation that it is, or that contains it."""
    lines = {step.name for step in other.forward}
    names, others = walkthrough.replay.names, other.replay.names
    owner: dict[Tensor, Name] = {}
    for node in reversed(walkthrough.replay.nodes):
        own = others.get(node.output)
        if own is not None and own in lines:
            owner[node.output] = own
        for x in node.inputs:
            if isinstance(x, Tensor) and node.output in owner:
                owner[x] = owner[node.output]
    return {names[y]: name for y, name in owner.items() if y in names and not y.is_leaf}
