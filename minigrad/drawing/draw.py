"""``draw``: from a computed value to a `Drawing` that fits the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from minigrad.core.recording.collector import collector_paused
from minigrad.core.tensor import Tensor
from minigrad.drawing.drawing import Drawing
from minigrad.drawing.options import KEYWORDS, Options
from minigrad.unsupported import refuse_call
from minigrad.user_frame import calling_frame

if TYPE_CHECKING:
    from minigrad.walkthrough import Walkthrough

__all__ = ["draw"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


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
            or call ``backward(retain_graph=True)``. The `Walkthrough` of ``mg.explain`` has its names, and its changed
            rules.
        level: how much is folded. ``"lines"``: one box for each line of ``mg.explain``, the default where variables
            have names; ``"stages"``: each layer with parameters together with what follows it, the default where
            modules were called; ``"modules"``: one box for each call of a module; ``"operations"``: every one.
        depth: for ``"modules"``, how deep modules within modules are opened; at 1 the whole model is one box.
        fold: what else becomes one box: the name of a module, scope or variable, several, or a function of a label.
        unfold: what is opened in the same way, and stays open if the text gets small.
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
    from minigrad.drawing.draw_graph import derived, draw_graph  # training needs none of this
    from minigrad.drawing.graph.names import names_around, names_in
    from minigrad.drawing.graph.trace import trace
    from minigrad.walkthrough import Walkthrough

    options = Options.checked(
        "draw", level=level, depth=depth, fold=fold, unfold=unfold, signals=signals, values=values,
        local_derivatives=local_derivatives, saved=saved, aspect=aspect, theme=theme,
    )  # fmt: skip
    roots = _roots(root)
    caller = calling_frame()
    around = {} if caller is None else names_around(caller)
    if isinstance(root, Walkthrough):
        around |= names_in(root)
    with collector_paused():
        graph = trace(roots, around)
        walkthrough = root if isinstance(root, Walkthrough) else derived(graph, around, options)
        return draw_graph(graph, walkthrough, options, step)


def _roots(root: Any) -> list[Tensor]:
    """The Tensors to draw."""
    from minigrad.walkthrough import Walkthrough

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
