"""The picture of what went wrong: an error that leaves ``record`` has the graph up to the failing operation."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any

__all__ = ["add_drawing"]


def add_drawing(error: Exception) -> None:
    """Give an error the attribute ``drawing``; a notebook shows it above the traceback.

    Nothing is added if there is nothing to draw, and no error of drawing takes the place of this one.
    """
    from minigrad.drawing.draw_graph import draw_graph  # training needs none of what it imports
    from minigrad.drawing.graph.failure import trace_failure
    from minigrad.drawing.options import Options

    ends = isinstance(error, StopIteration | StopAsyncIteration)  # of a generator that `record` decorates
    if ends or hasattr(error, "drawing"):  # of a `record` within this one
        return
    with suppress(Exception):
        graph = trace_failure(error)
        if graph.nodes:
            drawing = draw_graph(graph, None, Options.by_default())
            error.drawing = drawing  # type: ignore[attr-defined]
            error._render_traceback_ = lambda: _shown(error, drawing)  # type: ignore[attr-defined]


def _shown(error: Exception, drawing: Any) -> Any:
    """Called by IPython where nobody catches the error: shows the drawing, and returns the usual lines."""
    import_module("IPython.display").display(drawing)
    shell = import_module("IPython").get_ipython()
    return shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__, tb_offset=1)
