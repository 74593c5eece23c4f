"""Which nodes of a graph share a box, before it is decided what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from minigrad.drawing.graph.nodes import Node

__all__ = ["Enclosure", "Group", "Grouping", "Kind", "Level", "Summary"]

Kind = Literal[
    "parameter", "given", "constant", "computed", "operation", "layer", "module", "unrecorded", "failed", "more"
]
Level = Literal["lines", "stages", "modules", "operations"]


class Summary(str):
    """A label that counts what has no name: ``598 operations``. The label of a scope may be any text."""

    __slots__ = ()


@dataclass(eq=False)
class Group:
    """The nodes of one box, in the order of computation.

    Attributes:
        nodes: never empty; for repeated blocks those of all repetitions.
        kind: that of its box.
        label: what it is called: a Name, a scope's label, a Summary, or ``None`` for what has no name.
        times: how many repetitions it stands for, where its label does not say it: ``+10 more``.
        enclosure: the index of the frame around it.
        folded: what is in it, in order, where it was put together from parts: labels of modules, as for a stage
            ``[Conv2d, ReLU, MaxPool2d]``, and the Primitives of operations outside modules.
    """

    nodes: list[Node]
    kind: Kind
    label: Any = None
    times: int = 1
    enclosure: int | None = None
    folded: list[Any] = field(default_factory=list)


@dataclass(eq=False)
class Enclosure:
    """A frame: the label of a scope, and the index of the frame around it."""

    label: Any
    outer: int | None = None


@dataclass(eq=False)
class Grouping:
    """All groups, in an order in which what is used comes first; every node of the graph is in exactly one of them.

    Attributes:
        notes: what was folded, in words.
        level: at ``"lines"`` and ``"operations"`` each use has an arrow, at the others each value.
    """

    groups: list[Group]
    enclosures: list[Enclosure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    level: Level = "operations"
