"""The groups of a grouping as a graph of their own: which use which, which are computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph, Node
from minigrad.drawing.levels.folding.regroup import owners
from minigrad.drawing.levels.grouping import Grouping
from minigrad.drawing.levels.structure.scopes import common_scope
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of

__all__ = ["Quotient", "quotient_of"]

_MANY = 2000


@dataclass(eq=False)
class Quotient:
    """Groups by their index in the grouping.

    Attributes:
        owner: for each node its group.
        computed: the groups with operations, in order; the others are leaves.
        is_computed: whether a group is one of these.
        before, after: for each group the others that it uses, and that use it.
        kept: sets of nodes that were unfolded by name.
    """

    wiring: Wiring
    grouping: Grouping
    owner: list[int]
    computed: list[int]
    is_computed: list[bool]
    before: list[set[int]]
    after: list[set[int]]
    kept: Sequence[frozenset[Node]] = ()

    def members(self, k: int) -> list[int]:
        """The positions of a group's nodes."""
        return [self.wiring.index[node] for node in self.grouping.groups[k].nodes]

    def is_worth(self, saved: int) -> bool:
        """Whether to fold so many groups away: of thousands only if that halves them, for they are not drawn anyway."""
        count = len(self.grouping.groups)
        return saved > 0 and (count <= _MANY or 2 * saved >= count)

    def is_part(self, k: int) -> bool:
        """Whether a leaf belongs to what uses it: a parameter of it, or a number, but not what is given."""
        group = self.grouping.groups[k]
        i = self.wiring.index[group.nodes[-1]]
        is_number = group.kind == "constant" and self.wiring.size(i) == 1
        return group.nodes[-1].kind == "buffer" or i in self.wiring.parameters or is_number

    def scope(self, k: int) -> Scope | None:
        """The innermost scope in which everything in a group was computed."""
        return common_scope(node.scope for node in self.grouping.groups[k].nodes if node.kind == "operation")


def quotient_of(graph: Graph, grouping: Grouping, kept: Sequence[frozenset[Node]] = ()) -> Quotient:
    wiring = wiring_of(graph)
    owner = owners(wiring, grouping)
    before: list[set[int]] = [set() for _ in grouping.groups]
    after: list[set[int]] = [set() for _ in grouping.groups]
    for target, sources in enumerate(wiring.inputs):
        k = owner[target]
        for source in sources:
            if owner[source] != k:
                before[k].add(owner[source])
                after[owner[source]].add(k)
    is_computed = [any(node.kind == "operation" for node in reversed(group.nodes)) for group in grouping.groups]
    computed = [k for k, operations in enumerate(is_computed) if operations]
    return Quotient(wiring, grouping, owner, computed, is_computed, before, after, kept)
