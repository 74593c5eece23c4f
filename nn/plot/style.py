"""The paper that pictures are drawn on: one style for all, and places measured in inches from the top left.

Matplotlib sizes text in points, so only inches tell whether a caption fits over its image.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "MARGIN",
    "as_image",
    "axes_at",
    "blank_figure",
    "columns_for",
    "styled",
    "text_width",
    "tile",
    "title",
    "title_width",
]

P = ParamSpec("P")
MARGIN = 0.2
TITLE_SIZE = 14
STYLE = {
    "font.size": 12.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,  # a class called "$1 note" is no formula
}


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """The same picture whatever the user's Matplotlib settings are; they are as before when it returns."""

    @wraps(draw)
    def drawn(*args: P.args, **options: P.kwargs) -> Figure:
        try:
            import matplotlib.style
        except ImportError as error:
            raise ImportError(
                f"nn.plot.{draw.__name__} draws with Matplotlib, which is not installed; "
                'pip install "minigrad-autograd[plot]"'
            ) from error
        with matplotlib.style.context(["default", STYLE]):
            figure = draw(*args, **options)
            figure.draw_without_rendering()  # what Matplotlib makes only when it draws is made in this style, too
        return figure

    return drawn


def blank_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty figure, and axes that cover it and count inches from its top left corner."""
    from nn.plot.figure import PlotFigure

    figure = PlotFigure(figsize=(width, height))
    axes = axes_at(figure, 0, 0, width, height)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


def axes_at(figure: Figure, x: float, y: float, width: float, height: float) -> Axes:
    """New axes with the top left corner at (x, y)."""
    total_width, total_height = figure.get_size_inches()
    return figure.add_axes(
        (x / total_width, 1 - (y + height) / total_height, width / total_width, height / total_height)
    )


def tile(axes: Axes, image: Any, x: float, y: float, width: float, height: float, **options: Any) -> None:
    """An image with hard pixels and a thin frame, so that white ones have an edge."""
    from matplotlib.patches import Rectangle

    axes.imshow(image, extent=(x, x + width, y + height, y), aspect="auto", interpolation="nearest", **options)
    axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor="0.6", linewidth=0.6))


def title(axes: Axes, text: str, below: str = "") -> None:
    """A heading at the top left of a sheet, and a line of explanation below it; together 0.65 inches high."""
    axes.text(MARGIN, MARGIN, text, size=TITLE_SIZE, weight="bold", va="top")
    axes.text(MARGIN, MARGIN + 0.27, below, size=11, color="0.3", va="top")


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """How many inches the longest line of a text takes."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(weight=weight)
    widths = [TextPath((0, 0), line, size, prop=font).get_extents().width for line in text.split("\n") if line.strip()]
    return max(widths, default=0.0) / 72


def title_width(text: str, below: str = "") -> float:
    """How wide a sheet must be for its title."""
    return max(text_width(text, TITLE_SIZE, "bold"), text_width(below, 11)) + 2 * MARGIN


def columns_for(n: int, most: int) -> int:
    """The number of columns that fills the rows evenly: 6 things in at most 4 columns make 2 rows of 3."""
    rows = -(-n // most)
    return -(-n // rows)


def as_image(image: Any) -> tuple[Any, dict[str, Any]]:
    """A (1, H, W) or (3, H, W) image as ``imshow`` takes it, and with which options: gray, or red, green, blue."""
    if len(image) == 1:
        return image[0], {"cmap": "gray"}
    pixels = np.moveaxis(image, 0, -1)
    if pixels.dtype == np.uint8:
        return pixels, {}
    low, high = pixels.min(), pixels.max()
    if low < 0 or high > 1:  # standardized, or 0 … 255 as floats
        pixels = (pixels - low) / ((high - low) or 1)
    return pixels.astype(np.float64), {}
