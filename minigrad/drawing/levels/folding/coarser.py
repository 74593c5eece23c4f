"""Ever fewer boxes, until a graph fits: what is folded first is what is missed least."""

from __future__ import annotations

from collections.abc import Sequence

from minigrad.drawing.graph.nodes import Graph, Node
from minigrad.drawing.levels.folding.calls import calls_joined
from minigrad.drawing.levels.folding.joining import chains_joined, leaves_joined, parameters_joined, pieces_joined
from minigrad.drawing.levels.folding.quotient import quotient_of
from minigrad.drawing.levels.folding.repetition import repeated, rolled
from minigrad.drawing.levels.grouping import Grouping

__all__ = ["coarser", "fitting"]

_KEEPING = (rolled, repeated, chains_joined)  # what these fold keeps its name, or had none
_FEW = 8


def fitting(graph: Graph, grouping: Grouping, most: int, kept: Sequence[frozenset[Node]] = ()) -> Grouping:
    """The finest of ever coarser groupings with at most this many groups, or the coarsest there is."""
    while len(grouping.groups) > most and (next_one := coarser(graph, grouping, kept=kept)) is not None:
        grouping = next_one
    return grouping


def coarser(
    graph: Graph, grouping: Grouping, *, careful: bool = False, kept: Sequence[frozenset[Node]] = ()
) -> Grouping | None:
    """The next coarser grouping, whose notes say what was folded; ``None`` if there are very few groups left.

    First loops become one box ×N, then of equal blocks those between the first and the last; then chains between
    variables with a name, leaves that go into the same box, parameters that a single box uses, calls within other
    calls, and last pieces of the order of computation. Of thousands of groups, only what halves them is worth folding.

    Arguments:
        careful: whether to do nothing rather than to fold what has names into pieces without any, or into very few
            boxes, such as that of the whole model.
        kept: what was unfolded by name: these nodes stay in as many groups as they are in.
    """
    quotient = quotient_of(graph, grouping, kept)
    before = _pieces(grouping, kept)
    for fold in (rolled, repeated, chains_joined, leaves_joined, parameters_joined, calls_joined, pieces_joined):
        found = fold(graph, quotient)
        if found is None or len(found.groups) >= len(grouping.groups) or _pieces(found, kept) != before:
            continue
        if not careful or fold in _KEEPING or (fold is not pieces_joined and len(found.groups) >= _FEW):
            return found
    return None


def _pieces(grouping: Grouping, kept: Sequence[frozenset[Node]]) -> int:
    """In how many groups these nodes are."""
    nodes = frozenset().union(*kept)
    return sum(not nodes.isdisjoint(group.nodes) for group in grouping.groups) if nodes else 0
