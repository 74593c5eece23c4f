"""``draw``: from a computed value to a `Drawing` that fits the screen."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.drawing.contents.build_picture import build_picture
from minigrad.drawing.contents.signals import error_signals
from minigrad.drawing.drawing import Drawing
from minigrad.drawing.fitting import fitted
from minigrad.drawing.graph.names import names_around
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.graph.trace import trace
from minigrad.drawing.levels.folding import fold as folding
from minigrad.drawing.levels.grouping import Grouping
from minigrad.drawing.levels.lines import lines
from minigrad.drawing.levels.modules import modules, operations
from minigrad.drawing.levels.stages import stages
from minigrad.drawing.levels.structure.labels import is_module
from minigrad.drawing.options import KEYWORDS, Options
from minigrad.unsupported import refuse_call
from minigrad.user_frame import calling_frame
from minigrad.walkthrough import Walkthrough
from minigrad.walkthrough.derivation.derive import derive

__all__ = ["draw", "draw_graph"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: Error signals are computed without being asked for up to this many operations and numbers,
_FEW_OPERATIONS, _FEW_NUMBERS = 400, 10_000_000
#: and formulas of the derivation up to this many.
_SHORT_DERIVATION = 1000


def _explains_calls(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Decorator: arguments that do not fit get an error that says what to write."""

    @wraps(function)
    def called(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return function(*args, **kwargs)
        except TypeError:
            refuse_call(function.__name__, function, args, kwargs, KEYWORDS)
            raise

    return called


@_explains_calls
def draw(
    root: Tensor | Walkthrough | Sequence[Tensor],
    *,
    level: Literal["lines", "stages", "modules", "operations"] | None = None,
    depth: int | None = None,
    fold: Any = None,
    unfold: Any = None,
    signals: bool | None = None,
    values: bool = True,
    local_derivatives: bool = False,
    saved: bool = False,
    aspect: tuple[float, float] = (16, 9),
    theme: Literal["auto", "light", "dark", "paper"] = "auto",
    step: int | None = None,
) -> Drawing:
    """Draw the computation graph of `root`: values, error signals, and what travels between them.

    Every box has a name and its formula, the value, and under a line the error signal. Parameters are square with a
    thick outline, inputs are sheets of paper, computed values are rounded, and `root` has a double outline. Solid
    arrows lead from what is used to what uses it, one for each use; dashed arrows carry back what each use contributes
    to an error signal. The backward pass is computed for the picture alone: no ``grad`` changes, and nothing is freed.

    What was computed without gradients is recorded within ``with mg.record():``, and by `nn.draw`; elsewhere it is
    drawn as "computed, not recorded".

    Arguments:
        root: usually the loss. Several Tensors share one picture. Draw before ``backward()``, which frees the graph,
            or call ``backward(retain_graph=True)``. The `Walkthrough` of ``mg.explain`` has its names.
        level: how much is folded. ``"lines"``: one box for each line of ``mg.explain``, the default where variables
            have names; ``"stages"``: each layer with parameters together with what follows it, the default where
            modules were called; ``"modules"``: one box for each call of a module; ``"operations"``: every one.
        depth: for ``"modules"``, how deep modules within modules are opened; at 1 the whole model is one box.
        fold: what else becomes one box: the name of a module, scope or variable, several, or a function of a label.
        unfold: what is opened in the same way.
        signals: whether to compute and show error signals; by default, of a single real number whose graph has at most
            400 operations and ten million numbers.
        values: whether to show numbers; without them, names and formulas remain.
        local_derivatives: whether arrows say the derivative of what uses the value.
        saved: whether boxes say what is kept for the backward pass, and how much memory that takes.
        aspect: width and height of the screen or page.
        theme: ``"auto"`` is one picture for light and dark screens; ``"light"``, ``"dark"`` and ``"paper"`` are fixed.
        step: show the passes after this many steps; see `Drawing.frames`.

    Raises:
        TypeError: if `root` or an option has the wrong type.
        RuntimeError: if `root` has no graph, or if its graph was freed by ``backward()``.
        ValueError: if an option is not one of those above, or if the graph is too large even when folded.

    >>> import minigrad as mg
    >>> x, w = mg.Tensor(2.0), mg.Tensor(0.5, requires_grad=True)
    >>> z = w * x
    >>> L = z**2
    >>> print(mg.draw(L))
    L = z²              1    L̄ = 1
    └─ z = w x          1    z̄ = 2
       ├─ w  parameter  0.5  w̄ = 4
       └─ x  given      2
    """
    options = Options.checked(
        "draw", level=level, depth=depth, fold=fold, unfold=unfold, signals=signals, values=values,
        local_derivatives=local_derivatives, saved=saved, aspect=aspect, theme=theme,
    )  # fmt: skip
    roots = _roots(root)
    caller = calling_frame()
    around = {} if caller is None else names_around(caller)
    if isinstance(root, Walkthrough):
        around |= {id(y): name.source or name.text for y, name in root.replay.names.items()}
    with _collector_paused():
        graph = trace(roots, around)
        walkthrough = root if isinstance(root, Walkthrough) else _derived(graph, around, options)
        return draw_graph(graph, walkthrough, options, step)


def draw_graph(graph: Graph, walkthrough: Walkthrough | None, options: Options, step: int | None = None) -> Drawing:
    """The drawing of a graph that has been traced."""
    signals = error_signals(graph) if _wants_signals(graph, options) else None
    grouping = _grouping(graph, walkthrough, options)

    def picture_of(grouping: Grouping) -> Any:
        return build_picture(
            graph, grouping, signals, walkthrough, values=options.values,
            local_derivatives=options.local_derivatives, saved=options.saved,
        )  # fmt: skip

    picture, scene = fitted(graph, grouping, picture_of, options.aspect, asked=options.level is not None)
    return Drawing(picture, aspect=options.aspect, theme=options.theme, step=step, scene=scene)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A graph is many small objects, none of which is garbage: to look for it would take a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _roots(root: Any) -> list[Tensor]:
    """The Tensors to draw."""
    if isinstance(root, Walkthrough):
        return [root.replay.loss]
    roots = list(root) if isinstance(root, list | tuple) else [root]
    wrong = next((x for x in roots if not isinstance(x, Tensor)), None)
    if wrong is not None or not roots:
        given = "an empty list" if not roots else type(wrong).__name__
        hint = "; nn.draw(model, x) draws a model" if hasattr(wrong, "named_parameters") else ""
        raise TypeError(
            f"draw: expected a Tensor, the result of a computation, several, or what mg.explain returns, "
            f"got {given}{hint}"
        )
    return list(dict.fromkeys(roots))


def _derived(graph: Graph, around: Mapping[int, str], options: Options) -> Walkthrough | None:
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


def _grouping(graph: Graph, walkthrough: Walkthrough | None, options: Options) -> Grouping:
    level = _level(graph, options)
    if level == "lines":
        grouping = lines(graph, walkthrough)
    elif level == "stages":
        grouping = stages(graph)
    elif level == "modules":
        grouping = modules(graph, options.depth)
    else:
        grouping = operations(graph)
    if options.unfold:
        grouping = folding.unfold(graph, grouping, options.unfold)
    if options.fold:
        grouping = folding.fold(graph, grouping, options.fold)
    return grouping


def _level(graph: Graph, options: Options) -> str:
    if options.level is not None or options.depth is not None:
        return options.level or "modules"
    scopes = {node.scope for node in graph.nodes if node.scope is not None}
    calls = any(is_module(around.label) for scope in scopes for around in scope.path())
    return "stages" if calls else "lines"
