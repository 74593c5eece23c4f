"""Pictures of graphs, made in one call, and what stands in them as text."""

import minigrad as mg
from minigrad.drawing.contents.build_picture import build_picture
from minigrad.drawing.contents.signals import error_signals
from minigrad.drawing.formats.plain_text import line_text, name_text
from minigrad.drawing.graph.trace import trace
from minigrad.drawing.levels import lines, modules, operations, stages
from minigrad.drawing.picture import Map, Rule

RULE, MAP = "———", "map"


def picture_of(*roots, level="lines", names=None, derived=True, signals=True, **options):
    """The picture of a graph; values have the names in a dictionary, by `names`."""
    graph = trace(roots, {id(value): name for name, value in (names or {}).items()})
    found = error_signals(graph) if signals else None
    walkthrough = mg.explain(roots[0]) if derived and found is not None and roots[0]._primitive is not None else None
    levels = {"stages": stages, "modules": modules, "operations": operations}
    grouping = lines(graph, walkthrough) if level == "lines" else levels[level](graph)
    return build_picture(graph, grouping, found, walkthrough, **options)


def row_text(row):
    """A row as text, with ordinary spaces."""
    if isinstance(row, Rule | Map):
        return RULE if isinstance(row, Rule) else MAP
    return line_text(row).replace("\xa0", " ").strip()


def box_named(picture, name):
    """The first box of this name."""
    return next(box for box in picture.boxes if name_text(box).replace("\xa0", " ") == name)


def texts(picture, name):
    """The rows of a box."""
    return [row_text(row) for row in box_named(picture, name).rows]


def labels(picture, source, target, kind="forward"):
    """The labels of all arrows between two boxes."""
    ends = (box_named(picture, source).key, box_named(picture, target).key)
    arrows = (a for a in picture.arrows if (a.source, a.target) == ends and a.kind == kind)
    return [[row_text(line) for line in arrow.labels] for arrow in arrows]
