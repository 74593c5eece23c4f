"""``draw`` and the ``Drawing`` it returns. Graphviz is imported only when they are called."""

from __future__ import annotations

import os
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any, Literal

from minigrad.core.tensor import Tensor
from minigrad.files import write_file
from minigrad.notation.name import variable_names, variables_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Drawing", "draw"]

#: What is wider than the page can be scrolled, beginning at the right, where the loss is; the words run as usual.
_SCROLLING = (
    '<div style="overflow-x: auto; direction: rtl"><div style="direction: ltr; margin-right: auto; {width}">{svg}</div>'
    "</div>"
)


def draw(
    root: Tensor,
    *,
    fold: bool = True,
    values: bool = True,
    direction: Literal["LR", "TB"] = "LR",
    theme: Literal["light", "dark"] = "light",
    max_nodes: int = 1000,
) -> Drawing:
    """Draw the computation graph of `root`.

    Ellipses are operations, rounded boxes are calls of modules, cylinders are parameters (Tensors with
    ``requires_grad=True``), and sheets of paper are inputs. Arrows lead from inputs to outputs; a value that an
    operation uses twice has two. `root` has a double outline.

    Arguments:
        root: usually the loss. Draw it before ``backward()``, which frees the graph, or call
            ``backward(retain_graph=True)``; the picture then shows the error signals of the parameters too.
        fold: draw each call of a module (or each innermost ``with mg.scope("…"):`` block) as one box, inside
            frames for the modules around it; otherwise draw every operation.
        values: show the values and error signals of scalars.
        direction: ``"LR"`` from left to right, or ``"TB"`` from top to bottom, which suits a long chain of modules.
        theme: ``"light"`` or ``"dark"``.
        max_nodes: the most boxes and frames to draw.

    Raises:
        TypeError: if `root` is not a Tensor.
        RuntimeError: if `root` has no graph, or if its graph was freed by ``backward()``.
        ValueError: if `direction` or `theme` is not one of those above, or if there is more to draw than `max_nodes`.
        ModuleNotFoundError: if the Python package graphviz is not installed.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True, name="w")
    >>> drawing = mg.draw((w * w).named("L"))
    >>> drawing.source.count("->")  # w is used twice
    2
    """
    from minigrad.drawing.boxes_and_arrows import build_picture
    from minigrad.drawing.dot import THEMES, dot_source

    if not isinstance(root, Tensor):
        raise TypeError(f"draw: expected a Tensor, the result of a computation, got {type(root).__name__}")
    if direction not in ("LR", "TB"):
        raise ValueError(f'draw: direction is "LR" (left to right) or "TB" (top to bottom), got {direction!r}')
    if theme not in THEMES:
        raise ValueError(f'draw: theme is "light" or "dark", got {theme!r}')
    variables = variable_names(variables_of(sys._getframe(1)))
    picture = build_picture(root, variables=variables, fold=fold, values=values, max_nodes=max_nodes)
    return Drawing(dot_source(picture, direction=direction, theme=THEMES[theme]))


class Drawing:
    """A picture of a computation graph, displayed in notebooks and saved to files.

    It holds text only and keeps no part of the graph alive.

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
        """Write the picture to a file, in the format that the suffix names.

        Missing folders are created. The file is written completely or not at all, keeps its mode, and is the one at the
        end of a symbolic link; devices and pipes are written into.

        Arguments:
            path: ends in ``.svg``, ``.png``, ``.pdf``, or ``.dot`` or ``.gv`` for the DOT text.

        Returns:
            The path written. Without Graphviz, this is a ``.dot`` file of the same name, and a warning says how to get
            a picture.

        Raises:
            OSError: if the file cannot be written; one that was there before is unchanged.
            ValueError: if the suffix is not one of these.
            RuntimeError: if Graphviz fails.
        """
        from pathlib import Path

        from minigrad.drawing.render import FORMATS, NO_GRAPHVIZ, render

        path = Path(path)
        format = path.suffix.lower().removeprefix(".")
        if format in ("dot", "gv"):
            return write_file(path, self.source.encode())
        if format not in FORMATS:
            raise ValueError(
                f"Drawing.save: cannot tell a format from {path.name!r}; the name must end in .svg, .png, .pdf, "
                ".dot or .gv"
            )
        content = render(self.source, format)
        if content is not None:
            return write_file(path, content)
        written = write_file(path.with_suffix(".dot"), self.source.encode())
        warnings.warn(f"no Graphviz found, wrote {written} instead of {path.name}; {NO_GRAPHVIZ}", stacklevel=2)
        return written

    def _repr_svg_(self) -> str | None:
        """SVG, which shrinks to the width of the page; ``None`` without Graphviz."""
        from minigrad.drawing.render import render

        if self._svg is None:
            content = render(self.source, "svg")
            if content is None:
                return None
            svg = content.decode()
            svg = svg[svg.index("<svg") :]
            # at most its own width, at least 60 % of it, so that text stays readable
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
        width = re.search(r"width: clamp\([^)]*\)", svg)
        html = _SCROLLING.format(width=width[0] if width else "", svg=svg)
        return {"text/html": html, "image/svg+xml": svg, "text/plain": repr(self)}

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"<Drawing: {self.source.count(' -> ')} arrows; .save('graph.svg') writes a picture>"
