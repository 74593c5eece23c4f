"""From a graph that has been traced to a `Drawing` that fits the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.drawing.contents.build_picture import build_picture
from minigrad.drawing.contents.signals import error_signals
from minigrad.drawing.drawing import Drawing
from minigrad.drawing.fitting import fitted
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.folding import fold as folding
from minigrad.drawing.levels.grouping import Grouping
from minigrad.drawing.levels.lines import lines
from minigrad.drawing.levels.modules import modules, operations
from minigrad.drawing.levels.stages import stages
from minigrad.drawing.levels.structure.labels import is_module
from minigrad.drawing.options import Options
from minigrad.walkthrough import Walkthrough
from minigrad.walkthrough.derivation.derive import derive

__all__ = ["derived", "draw_graph"]

#: Error signals are computed without being asked for up to this many operations and numbers,
_FEW_OPERATIONS, _FEW_NUMBERS = 400, 10_000_000
#: and formulas of the derivation up to this many.
_SHORT_DERIVATION = 1000


def draw_graph(graph: Graph, walkthrough: Walkthrough | None, options: Options, step: int | None = None) -> Drawing:
    """The drawing of a graph that has been traced."""
    changed = walkthrough.replay.changed if walkthrough is not None else None
    signals = error_signals(graph, changed) if _wants_signals(graph, options) else None
    level = _level_of(graph, walkthrough, options)
    grouping = folding.unfold(graph, level, options.unfold) if options.unfold else level
    grouping = folding.fold(graph, grouping, options.fold) if options.fold else grouping
    kept = folding.opened(graph, level, options.unfold) if options.unfold else ()

    def picture_of(grouping: Grouping) -> Any:
        return build_picture(
            graph, grouping, signals, walkthrough, values=options.values,
            local_derivatives=options.local_derivatives, saved=options.saved,
        )  # fmt: skip

    picture, scene = fitted(graph, grouping, picture_of, options.aspect, asked=_is_asked(options), kept=kept)
    return Drawing(picture, aspect=options.aspect, theme=options.theme, step=step, scene=scene)


def derived(graph: Graph, around: Mapping[int, str], options: Options) -> Walkthrough | None:
    """The derivation, if there is one and the picture needs it: it has its names and formulas."""
    root = graph.roots[0].value
    count = sum(node.kind == "operation" for node in graph.nodes)
    if not _has_backward_pass(graph) or root.is_leaf or count > _SHORT_DERIVATION:
        return None
    if _level(graph, options) in ("stages", "modules") and not _wants_signals(graph, options):
        return None
    variables = {around[id(node.value)]: node.value for node in graph.nodes if id(node.value) in around}
    with np.errstate(all="ignore"):  # the picture marks NaN and infinity
        return derive(root, variables, {}, False, "draw", copies=False)


def _has_backward_pass(graph: Graph) -> bool:
    root = graph.roots[0].value
    is_real = isinstance(root, Tensor) and root.dtype.kind != "c"
    return bool(len(graph.roots) == 1 and graph.failed is None and is_real and root.requires_grad and root.size == 1)


def _wants_signals(graph: Graph, options: Options) -> bool:
    wanted, possible = options.signals, _has_backward_pass(graph)
    if wanted is not None and (possible or not wanted):
        return wanted
    if wanted:
        what = "several values" if len(graph.roots) > 1 else _what(graph.roots[0].value)
        raise ValueError(
            f"draw: signals=True needs a single real number that requires gradients, where error signals start: "
            f"a loss, y.sum(); this is {what}"
        )
    nodes = [node for node in graph.nodes if node.gets_signal]
    count = sum(node.kind == "operation" for node in nodes)
    return possible and count <= _FEW_OPERATIONS and sum(np.size(node.value) for node in nodes) <= _FEW_NUMBERS


def _what(x: Tensor) -> str:
    if x.dtype.kind == "c":
        return f"complex ({x.dtype})"
    return f"an array of shape {x.shape}" if x.size != 1 else "a number without requires_grad"


def _is_asked(options: Options) -> bool:
    return options.level is not None or options.depth is not None


def _level_of(graph: Graph, walkthrough: Walkthrough | None, options: Options) -> Grouping:
    level = _level(graph, options)
    if level == "lines":
        return lines(graph, walkthrough)
    if level == "stages":
        return stages(graph)
    return modules(graph, options.depth) if level == "modules" else operations(graph)


def _level(graph: Graph, options: Options) -> str:
    if options.level is not None or options.depth is not None:
        return options.level or "modules"
    scopes = {node.scope for node in graph.nodes if node.scope is not None}
    calls = any(is_module(around.label) for scope in scopes for around in scope.path())
    return "stages" if calls else "lines"
