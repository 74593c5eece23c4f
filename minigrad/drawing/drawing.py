"""``draw``, and what it returns. What they need is imported when they are called."""

from __future__ import annotations

import os
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any, Literal

from minigrad.core.tensor import Tensor
from minigrad.notation.name import variable_names, variables_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Drawing", "draw"]


def draw(
    root: Tensor,
    *,
    fold: bool = True,
    values: bool = True,
    direction: Literal["LR", "TB"] = "LR",
    theme: Literal["light", "dark"] = "light",
    max_nodes: int = 1000,
) -> Drawing:
    """The computation graph that leads to `root`, as a picture.

    Ellipses are operations, rounded boxes are calls of modules, cylinders are parameters (Tensors with
    ``requires_grad=True``), and sheets of paper are inputs. Arrows lead from inputs to outputs; a value used
    twice by one operation has two. `root` has a double outline.

    Arguments:
        root: usually the loss. Draw it before ``backward()``, which frees the graph, or call
            ``backward(retain_graph=True)``; then the picture has the error signals of the parameters too.
        fold: draw each call of a module (or each innermost ``with mg.scope("…"):`` block) as one box, inside
            frames for the modules around it; otherwise draw every operation.
        values: write the values and error signals of single numbers into the picture.
        direction: ``"LR"`` from left to right, or ``"TB"`` from top to bottom, where a long chain of modules
            fits a page better.
        theme: ``"light"`` or ``"dark"``.
        max_nodes: refuse to draw more boxes and frames than this.

    Raises:
        TypeError: if `root` is not a Tensor.
        RuntimeError: if `root` has no graph, or if its graph was freed by ``backward()``.
        ValueError: if `direction` or `theme` is neither of the two, or if there is too much to draw.
        ModuleNotFoundError: if the Python package graphviz is not installed.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True, name="w")
    >>> drawing = mg.draw((w * w).named("L"))
    >>> drawing.source.count("->")  # w is used twice
    2
    """
    from minigrad.drawing.dot import THEMES, dot_source
    from minigrad.drawing.picture import picture

    if not isinstance(root, Tensor):
        raise TypeError(f"draw: expected a Tensor, the result of a computation, got {type(root).__name__}")
    if direction not in ("LR", "TB"):
        raise ValueError(f'draw: direction is "LR" (left to right) or "TB" (top to bottom), got {direction!r}')
    if theme not in THEMES:
        raise ValueError(f'draw: theme is "light" or "dark", got {theme!r}')
    variables = variable_names(variables_of(sys._getframe(1)))
    what = picture(root, variables=variables, fold=fold, values=values, max_nodes=max_nodes)
    return Drawing(dot_source(what, direction=direction, theme=THEMES[theme]))


class Drawing:
    """A picture of a computation graph: shows itself in notebooks, and saves itself to a file.

    It holds text alone, and keeps no part of the graph alive.

    Arguments:
        source: the picture in Graphviz's DOT language.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True, name="w")
    >>> print(str(mg.draw(w * w)).splitlines()[0])
    digraph minigrad {
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._svg: str | None = None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file; the suffix decides how.

        Folders are made as needed, and the file is written whole or not at all.

        Arguments:
            path: ends in ``.svg``, ``.png``, ``.pdf``, or ``.dot`` or ``.gv`` for the DOT text.

        Returns:
            The path written. Where there is no Graphviz to render the picture, that is the DOT text beside
            it, and a warning says how to get a picture.

        Raises:
            ValueError: if the suffix is another.
            RuntimeError: if Graphviz fails.
        """
        from pathlib import Path

        from minigrad.drawing.render import FORMATS, NO_GRAPHVIZ, render, write

        path = Path(path)
        format = path.suffix.lower().removeprefix(".")
        if format in ("dot", "gv"):
            return write(path, self.source.encode())
        if format not in FORMATS:
            raise ValueError(
                f"Drawing.save: cannot tell a format from {path.name!r}; the name must end in .svg, .png, .pdf, "
                ".dot or .gv"
            )
        content = render(self.source, format)
        if content is not None:
            return write(path, content)
        written = write(path.with_suffix(".dot"), self.source.encode())
        warnings.warn(f"no Graphviz found, wrote {written} instead of {path.name}; {NO_GRAPHVIZ}", stacklevel=2)
        return written

    def _repr_svg_(self) -> str | None:
        """For notebooks: SVG that shrinks to the width of the page, or ``None`` without Graphviz."""
        from minigrad.drawing.render import render

        if self._svg is None:
            content = render(self.source, "svg")
            if content is None:
                return None
            svg = content.decode()
            svg = svg[svg.index("<svg") :]
            # at most its own width, and not so small that it cannot be read
            self._svg = re.sub(
                r'^<svg width="(\d+)pt"',
                lambda w: f'{w[0]} style="width: clamp({int(w[1]) * 0.6:.0f}pt, 100%, {w[1]}pt); height: auto"',
                svg,
            )
        return self._svg

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        from minigrad.drawing.render import NO_GRAPHVIZ

        try:
            svg = self._repr_svg_()
        except RuntimeError as error:
            return {"text/plain": f"{error}\n{self.source}"}
        if svg is None:
            return {"text/plain": f"no Graphviz found; {NO_GRAPHVIZ}\n{self.source}"}
        return {"image/svg+xml": svg, "text/plain": repr(self)}

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"<Drawing: {self.source.count(' -> ')} arrows; .save('graph.svg') writes a picture>"
