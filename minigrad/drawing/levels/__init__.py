"""How much of a graph a picture tells apart: lines of a derivation, stages of a network, modules, or operations."""

from minigrad.drawing.levels.connections import Connection, connections
from minigrad.drawing.levels.folding.coarser import coarser, fitting
from minigrad.drawing.levels.folding.fold import fold, unfold
from minigrad.drawing.levels.grouping import Enclosure, Group, Grouping
from minigrad.drawing.levels.lines import lines
from minigrad.drawing.levels.modules import modules, operations
from minigrad.drawing.levels.stages import stages

__all__ = [
    "Connection", "Enclosure", "Group", "Grouping", "coarser", "connections", "fitting", "fold",
    "lines", "modules", "operations", "stages", "unfold",
]  # fmt: skip
