"""``Drawing``: a picture that notebooks show, terminals print, and files keep, in many formats.

Layout and formats are imported where they are used: `import minigrad` takes half as long without them.
"""

from __future__ import annotations

import os
import re
import warnings
from dataclasses import replace
from operator import index
from typing import TYPE_CHECKING, Any

from minigrad.drawing.options import check_theme
from minigrad.drawing.theme import LIGHT, THEMES
from minigrad.files import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from minigrad.drawing.picture import Picture
    from minigrad.drawing.scene import Scene

__all__ = ["Drawing", "check_step"]

#: A notebook shows the picture at the page's width, but usual text at no less than 8 of its 20 pixels: the rest can be
#: scrolled to.
_SMALLEST = 0.4
_PAGE = '<div style="overflow-x: auto; max-width: 100%">{svg}</div>'

_SUFFIXES = ("svg", "png", "pdf", "gif", "dot", "gv", "txt")


class Drawing:
    """A picture of a computation graph, displayed in notebooks, printed as an outline, and saved to files.

    `mg.draw` and `nn.draw` return it. It holds text and small arrays, and keeps no part of the graph alive.

    Attributes:
        steps: how many steps its forward and backward pass have.
        step: after how many of them it is shown; ``None`` shows everything.
        theme: its colours: ``"auto"`` is light or dark as the reader's screen is, ``"light"``, ``"dark"``, ``"paper"``.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True)
    >>> L = w**2
    >>> print(mg.draw(L))
    L = w²           9  L̄ = 1
    └─ w  parameter  3  w̄ = 6
    """

    def __init__(
        self,
        picture: Picture,
        *,
        aspect: tuple[float, float] = (16, 9),
        theme: str = "auto",
        step: int | None = None,
        scene: Scene | None = None,
    ) -> None:
        self._picture, self._aspect, self._arranged = picture, aspect, scene
        self.theme = check_theme("draw", theme)
        self.step = check_step("draw", step, picture)

    @property
    def steps(self) -> int:
        """How many steps the forward and the backward pass have."""
        return len(self._picture.events)

    @property
    def source(self) -> str:
        """The picture in Graphviz's DOT language."""
        from minigrad.drawing.formats.dot import dot_source

        return dot_source(self._shown(self.step), THEMES.get(self.theme, LIGHT))

    def frames(self) -> list[Drawing]:
        """One drawing for each step, all with the boxes in the same places.

        >>> import minigrad as mg
        >>> w = mg.Tensor(3.0, requires_grad=True)
        >>> L = w**2
        >>> [frame.step for frame in mg.draw(L).frames()]
        [1, 2, 3]
        """
        from minigrad.drawing.layout.graphviz.program import has_graphviz

        scene = self._arranged if not has_graphviz() else self._scene()
        return [self._at(step, scene) for step in range(1, self.steps + 1)]

    def _at(self, step: int, scene: Scene | None) -> Drawing:
        return Drawing(self._picture, aspect=self._aspect, theme=self.theme, step=step, scene=scene)

    def save(self, path: str | os.PathLike[str], *, theme: str | None = None, step: int | None = None) -> Path:
        """Write the picture to a file, in the format that the suffix names.

        Missing folders are created. The file is written completely or not at all, keeps its mode, and is the one at the
        end of a symbolic link; devices and pipes are written into.

        Arguments:
            path: ends in ``.svg``, ``.png``, ``.pdf``, ``.gif`` (all steps, one after the other), ``.dot`` or ``.gv``
                (Graphviz's language), or ``.txt`` (the outline).
            theme: in place of the drawing's own. PNG, PDF and GIF have one set of colours: ``"auto"`` is ``"light"``.
            step: in place of the drawing's own.

        Returns:
            The path written. A warning names the letters of PNG, PDF and GIF that no installed font has. Without
            Graphviz, this is a ``.dot`` file of the same name, and a warning says what to
            install.

        Raises:
            OSError: if the file cannot be written; one that was there before is unchanged.
            ValueError: if the suffix, the theme or the step is not one of those there are.
            RuntimeError: if Graphviz fails.
            ModuleNotFoundError: if Matplotlib (``.png``, ``.pdf``, ``.gif``) or Pillow (``.gif``) is not installed.
        """
        from pathlib import Path

        from minigrad.drawing.layout.graphviz.program import NoGraphvizError

        path = Path(path)
        format = path.suffix.lower().removeprefix(".")
        if format not in _SUFFIXES:
            *others, last = (f".{suffix}" for suffix in _SUFFIXES)
            raise ValueError(
                f"Drawing.save: cannot tell a format from {path.name!r}; the name must end in {', '.join(others)} "
                f"or {last}"
            )
        theme = self.theme if theme is None else check_theme("Drawing.save", theme)
        step = self.step if step is None else check_step("Drawing.save", step, self._picture)
        try:
            content = self._content(format, theme, step)
        except NoGraphvizError as error:
            written = write_file(path.with_suffix(".dot"), self.source.encode())
            warnings.warn(f"wrote {written} instead of {path.name}. {error}", stacklevel=2)
            return written
        written = write_file(path, content)
        if format in ("png", "pdf", "gif") and (problem := self._wrong_letters()):
            warnings.warn(f"wrote {path.name}, but {problem}", stacklevel=2)
        return written

    def _wrong_letters(self) -> str:
        """What Matplotlib cannot draw as it should be; in an SVG the fonts of the viewer count."""
        from minigrad.drawing.formats.glyphs import warning
        from minigrad.drawing.scene import Text

        return warning((item.span.text, item.span.bold) for item in self._scene().items if isinstance(item, Text))

    def _content(self, format: str, theme: str, step: int | None) -> bytes:
        if format == "txt":
            from minigrad.drawing.formats.outline import outline

            return f"{outline(self._shown(step))}\n".encode()
        if format in ("dot", "gv"):
            from minigrad.drawing.formats.dot import dot_source

            return dot_source(self._shown(step), THEMES.get(theme, LIGHT)).encode()
        scene = self._scene()
        if format == "svg":
            from minigrad.drawing.formats.svg import svg

            return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg(scene, theme=theme, step=step)}\n'.encode()
        if format == "gif":
            from minigrad.drawing.formats.gif import gif

            return gif(scene, theme=theme)
        from minigrad.drawing.formats.raster import raster

        return raster(scene, "pdf" if format == "pdf" else "png", theme=theme, step=step)

    def _scene(self) -> Scene:
        if self._arranged is None:
            from minigrad.drawing.layout.details.readable import readable

            self._arranged = readable(self._picture, self._aspect)
        return self._arranged

    def _shown(self, step: int | None) -> Picture:
        """The picture without the values and error signals that come after a step."""
        if step is None:
            return self._picture
        from minigrad.drawing.formats.steps import state_at

        hidden = state_at(self._picture, step).hidden
        boxes = (
            replace(box, rows=tuple(row for row in box.rows if (box.key, row.part) not in hidden))
            for box in self._picture.boxes
        )
        arrows = (replace(a, labels=()) if (a.key, "label") in hidden else a for a in self._picture.arrows)
        return replace(self._picture, boxes=tuple(boxes), arrows=tuple(arrows))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        """SVG at the width of the page, or the outline where there is no Graphviz."""
        from minigrad.drawing.formats.svg import svg
        from minigrad.drawing.layout.graphviz.program import NO_GRAPHVIZ

        try:
            scene = self._scene()
        except RuntimeError as error:
            return {"text/plain": f"{self}" if str(error) == NO_GRAPHVIZ else f"{self}\n\n{error}"}
        width = f"width: 100%; min-width: {_SMALLEST * scene.width:.0f}px; max-width: {scene.width:.0f}px; height: auto"
        picture = re.sub("^<svg ", f'<svg style="{width}" ', svg(scene, theme=self.theme, step=self.step))
        return {"text/html": _PAGE.format(svg=picture), "image/svg+xml": picture, "text/plain": str(self)}

    def _repr_svg_(self) -> str | None:
        """The picture as SVG; ``None`` without Graphviz."""
        return self._repr_mimebundle_().get("image/svg+xml")

    def __str__(self) -> str:
        from minigrad.drawing.formats.outline import outline
        from minigrad.drawing.layout.graphviz.program import NO_GRAPHVIZ, has_graphviz

        text = outline(self._shown(self.step))
        return text if has_graphviz() else f"{text}\n\n{NO_GRAPHVIZ}"

    def __repr__(self) -> str:
        arrows = sum(arrow.kind == "forward" for arrow in self._picture.arrows)
        return f"<Drawing: {len(self._picture.boxes)} boxes, {arrows} arrows; .save('graph.svg') writes a picture>"


def check_step(caller: str, step: Any, picture: Picture) -> int | None:
    """The number of a step, or an error that says how many there are."""
    if step is None:
        return None
    steps = len(picture.events)
    try:
        number = index(step)
    except TypeError:
        raise TypeError(f"{caller}: step is a whole number, from 0 to {steps}, got {step!r}") from None
    if not 0 <= number <= steps:
        raise ValueError(
            f"{caller}: step {number} was asked for, but this picture has "
            + (f"steps 1 to {steps}; 0 is before the first" if steps else "none: it was drawn without values")
        )
    return number
