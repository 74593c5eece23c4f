"""A scene as PNG or PDF by Matplotlib, with the same shapes, lines and places as in the SVG."""

from __future__ import annotations

import io
from typing import Any, Literal

import numpy as np

from minigrad.drawing.formats import glyphs
from minigrad.drawing.formats.paper_maps import on_paper
from minigrad.drawing.formats.patterns import HATCH, TILE, pattern
from minigrad.drawing.formats.steps import scene_at, state_at
from minigrad.drawing.formats.strokes import bar, dashes, round_ends
from minigrad.drawing.scene import Image, Path, Scene, Text
from minigrad.drawing.theme import theme_named

__all__ = ["raster"]

_POINTS = 72 / 96  # of a pixel of the scene, as in CSS
_WIDEST = 16_000  # pixels of a PNG


def raster(
    scene: Scene,
    format: Literal["png", "pdf"] = "png",
    *,
    theme: str = "auto",
    scale: float | None = None,
    step: int | None = None,
) -> bytes:
    """The scene as a PNG or PDF.

    Arguments:
        scene: what to draw.
        theme: ``"light"``, ``"dark"`` or ``"paper"``; ``"auto"`` is light.
        scale: pixels of the PNG for each pixel of the scene; by default 2, or what makes it 1920 wide.
        step: after how many events of the walkthrough; None shows all of it.

    Raises:
        ValueError: if there is no such theme or step.
        ModuleNotFoundError: if there is no Matplotlib.
    """
    try:
        from matplotlib import style
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ModuleNotFoundError(f"A {format.upper()} needs Matplotlib: pip install matplotlib") from error
    colours = theme_named(theme)
    if step is not None:
        scene = scene_at(scene, state_at(scene, step))
    if scale is None:
        scale = max(2.0, 1920 / scene.width)
    scale = min(scale, _WIDEST / max(scene.width, scene.height))
    written = io.BytesIO()
    dates = {"Software": None} if format == "png" else {"CreationDate": None, "Producer": None, "Creator": None}
    title = {"Title": scene.title} if scene.title else {}
    with style.context("default"):  # whatever style the user chose for plots
        figure = Figure(figsize=(scene.width / 96, scene.height / 96), facecolor=colours["background"])
        _draw(figure, scene, colours, hatched=theme == "paper")
        figure.savefig(written, format=format, dpi=96 * scale, metadata={**title, **dates})
    return written.getvalue()


def _draw(figure: Any, scene: Scene, colours: dict[str, str], hatched: bool) -> None:
    """Everything in its order, on axes whose units are the scene's pixels; they have no limits to adapt to it."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_autoscale_on(False)
    for order, item in enumerate(scene.items):
        if isinstance(item, Path):
            drawn = _path(axes, item, colours, hatched)
        elif isinstance(item, Text):
            drawn = _text(axes, item, colours)
        else:
            drawn = _image(axes, item, hatched)
        for artist in drawn:
            artist.set_zorder(order)
    axes.set(xlim=(0, scene.width), ylim=(scene.height, 0), aspect="auto")


def _path(axes: Any, path: Path, colours: dict[str, str], hatched: bool) -> list[Any]:
    from matplotlib.patches import PathPatch

    outline = _outline(path.commands)
    dash = dashes(path)
    ends = "round" if round_ends(path) else "butt"
    patch = PathPatch(
        outline,
        facecolor=colours[path.fill] if path.fill else "none",
        edgecolor=colours[path.stroke] if path.stroke else "none",
        linewidth=path.width * _POINTS if path.stroke else 0,
        linestyle=(0, [length / path.width for length in dash]) if dash else "solid",  # in units of the line's width
        capstyle=ends,
        joinstyle="round" if round_ends(path) else "miter",
    )
    tile = pattern(path.fill) if hatched else None
    if tile is None:
        return [axes.add_artist(patch)]
    line = PathPatch(outline, facecolor="none", edgecolor=patch.get_edgecolor(), linewidth=patch.get_linewidth())
    patch.set(edgecolor="none", linewidth=0)
    return [axes.add_artist(patch), *_hatching(axes, patch, tile), axes.add_artist(line)]


def _outline(commands: tuple[tuple[Any, ...], ...]) -> Any:
    from matplotlib.path import Path as Outline

    codes = {"M": [Outline.MOVETO], "L": [Outline.LINETO], "C": [Outline.CURVE4] * 3, "Z": [Outline.CLOSEPOLY]}
    points = [np.reshape(command[1:] or (0, 0), (-1, 2)) for command in commands]
    return Outline(np.concatenate(points), [code for command in commands for code in codes[command[0]]])


def _hatching(axes: Any, patch: Any, tile: Any) -> list[Any]:
    """The tiles that the patch touches, cut at its outline."""
    from matplotlib.collections import CircleCollection, LineCollection

    lines, dots = tile
    (left, top), (right, bottom) = patch.get_path().get_extents().get_points()
    places = [
        (x, y)
        for x in np.arange(np.floor(left / TILE) * TILE, right, TILE)
        for y in np.arange(np.floor(top / TILE) * TILE, bottom, TILE)
    ]
    drawn: list[Any] = []
    if lines:
        segments = [[(x + x1, y + y1), (x + x2, y + y2)] for x, y in places for x1, y1, x2, y2 in lines]
        drawn.append(LineCollection(segments, colors=HATCH, linewidths=1.2 * _POINTS, capstyle="butt"))
    if dots:
        centres = [(x + cx, y + cy) for x, y in places for cx, cy, _ in dots]
        area = np.pi * (dots[0][2] * _POINTS) ** 2
        circles = CircleCollection([area], offsets=centres, offset_transform=axes.transData, linewidths=0)
        circles.set_facecolor(HATCH)
        drawn.append(circles)
    for collection in drawn:
        axes.add_artist(collection)
        collection.set_clip_path(patch)
    return drawn


def _text(axes: Any, text: Text, colours: dict[str, str]) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch
    from matplotlib.transforms import Affine2D

    colour = colours[text.span.role]
    drawn: list[Any] = []
    outline, width = glyphs.outline(text.span.text, text.span.bold)
    if outline is not None and width > 0:
        narrow = (text.width or width * text.size) / width
        placed = Affine2D().scale(narrow, -glyphs.SIZE * text.size).translate(text.x, text.y).transform_path(outline)
        drawn.append(axes.add_artist(PathPatch(placed, facecolor=colour, linewidth=0)))
    if text.span.bar:
        start, end, y, thickness = bar(text)
        line = Line2D([start, end], [y, y], color=colour, linewidth=thickness * _POINTS, solid_capstyle="butt")
        drawn.append(axes.add_artist(line))
    return drawn


def _image(axes: Any, image: Image, hatched: bool) -> list[Any]:
    """Pixels with sharp edges, also in viewers of PDF that smooth small pictures when they enlarge them."""
    rgba = np.asarray(on_paper(image.rgba)[0] if hatched else image.rgba, dtype=np.uint8)
    down = max(1, int(np.ceil(4 * image.height / rgba.shape[0])))
    across = max(1, int(np.ceil(4 * image.width / rgba.shape[1])))
    sharp = np.repeat(np.repeat(rgba, down, axis=0), across, axis=1)
    place = (image.x, image.x + image.width, image.y + image.height, image.y)
    return [axes.imshow(sharp, extent=place, origin="upper", interpolation="none", aspect="auto")]
