"""Level "lines": a box for each row of a derivation, ``z = w x + b``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.levels.structure.partition import grouped, kind_of
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of
from minigrad.notation import Name
from minigrad.walkthrough.derivation.assign_names import first_free, numbered
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["lines"]

_LONGEST = 16  # values in a formula without names in between
_MANY = 200  # operations without names between them, each of which has a line: what repeats is found there


def lines(graph: Graph, walkthrough: Walkthrough | None = None) -> Grouping:
    """A group for each value with a name, which contains the operations without names that its formula consists of.

    Literal numbers are parts of formulas too. What has no name and is used by several groups is one of its own, as a
    part of one formula cannot be used in another.

    Arguments:
        walkthrough: the derivation of the graph, whose names are the labels: the step of a group is that of its label.
            Without it, and for values that it does not contain, names are those of the program.
    """
    wiring = wiring_of(graph)
    names = _names(wiring, walkthrough)
    owner = _owners(graph, wiring, names)

    def describe(members: list[int]) -> Group:
        row = members[-1]  # the others lead to it
        kind = kind_of(graph, wiring.nodes[row])
        return Group([wiring.nodes[i] for i in members], "computed" if kind == "operation" else kind, names[row])

    return grouped(graph, owner, describe, lambda members: (), "lines")


def _owners(graph: Graph, wiring: Wiring, names: list[Name | None]) -> list[int]:
    """For each node the row that it belongs to: a formula ends at a name, and where it becomes too long."""
    nodes, roots = wiring.nodes, set(wiring.roots)
    failed = None if graph.failed is None else wiring.index[graph.failed]
    rows = [
        names[i] is not None
        or i in roots
        or not (node.kind == "operation" or (node.kind == "constant" and wiring.size(i) == 1))
        for i, node in enumerate(nodes)
    ]
    owner = _folded(wiring, rows, failed)
    in_row = Counter(owner)
    for i, row in enumerate(owner):
        rows[i] = rows[i] or (nodes[i].kind == "operation" and in_row[row] > _MANY)
    lengths = [1] * len(nodes)
    for i, sources in enumerate(wiring.inputs):
        if sources and not rows[i]:
            lengths[i] = sum(1 if rows[j] else lengths[j] for j in sources)
            rows[i] = lengths[i] > _LONGEST
    return _folded(wiring, rows, failed)


def _folded(wiring: Wiring, rows: list[bool], failed: int | None) -> list[int]:
    """For each node the row that alone uses it, or itself."""
    owner = list(range(len(rows)))
    for i in reversed(owner):
        if not rows[i] and i != failed:
            owners = {owner[user] for user in wiring.users[i]}
            if len(owners) == 1 and not (wiring.nodes[i].kind == "operation" and next(iter(owners)) == failed):
                owner[i] = owners.pop()
    return owner


def _names(wiring: Wiring, walkthrough: Walkthrough | None) -> list[Name | None]:
    """The names of nodes, all different; of the derivation, else of the program."""
    variables = walkthrough.replay.variables if walkthrough is not None else {}
    derived = {id(x): name for name, x in variables.items()}
    in_derivation = {id(node.output) for node in walkthrough.replay.nodes} if walkthrough is not None else set()
    taken = {text for name in variables for text in (name.text, name.python)}
    names: list[Name | None] = []
    repeated: dict[str, Iterator[Name]] = {}
    for node, shape in zip(wiring.nodes, wiring.shapes, strict=True):
        name = derived.get(id(node.value))
        if name is None and node.name and id(node.value) not in in_derivation:
            choices = repeated.setdefault(node.name, _choices(Name.parse(node.name, len(shape))))
            name = first_free(choices, taken)
        names.append(name)
    return names


def _choices(name: Name) -> Iterator[Name]:
    yield name
    yield from numbered(name)
