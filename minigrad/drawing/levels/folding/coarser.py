"""Ever fewer boxes, until a graph fits: what is folded first is what is missed least."""

from __future__ import annotations

from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.folding.calls import calls_joined
from minigrad.drawing.levels.folding.joining import chains_joined, leaves_joined, pieces_joined
from minigrad.drawing.levels.folding.quotient import quotient_of
from minigrad.drawing.levels.folding.repetition import repeated, rolled
from minigrad.drawing.levels.grouping import Grouping

__all__ = ["coarser", "fitting"]


def fitting(graph: Graph, grouping: Grouping, most: int) -> Grouping:
    """The finest of ever coarser groupings with at most this many groups, or the coarsest there is."""
    while len(grouping.groups) > most and (next_one := coarser(graph, grouping)) is not None:
        grouping = next_one
    return grouping


def coarser(graph: Graph, grouping: Grouping, *, pieces: bool = True) -> Grouping | None:
    """The next coarser grouping, whose notes say what was folded; ``None`` if there are very few groups left.

    First loops become one box ×N, then of equal blocks those between the first and the last; then chains between
    variables with a name, leaves that go into the same box, calls within other calls, and last pieces of the order of
    computation. Of thousands of groups, only what halves them is worth folding.

    Arguments:
        pieces: whether to cut the order of computation into pieces too, in which variables with names disappear.
    """
    quotient = quotient_of(graph, grouping)
    for fold in (rolled, repeated, chains_joined, leaves_joined, calls_joined, pieces_joined):
        if fold is pieces_joined and not pieces:
            break
        found = fold(graph, quotient)
        if found is not None and len(found.groups) < len(grouping.groups):
            return found
    return None
