"""The style of all figures, and drawing at positions in inches from the top left corner.

Matplotlib measures text in points, so inches tell whether a caption fits its image.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from nn.plot.figure.theme import Theme, theme, theme_on
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "MARGIN",
    "add_axes",
    "balanced_columns",
    "blank_figure",
    "draw_image",
    "draw_title",
    "for_imshow",
    "panel",
    "panel_title",
    "panels",
    "styled",
    "text_width",
    "title_width",
]

P = ParamSpec("P")
F = TypeVar("F", bound="Figure")
MARGIN = 0.2
TITLE_SIZE = 14
STYLE = {
    "font.size": 12.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,  # a class named "$1 note" is not a formula
}


def styled(draw: Callable[P, F]) -> Callable[P, F]:
    """Decorator: draw in our style, and restore the user's Matplotlib settings.

    Of these only one counts: on a dark ``figure.facecolor``, as in ``"dark_background"``, the figure is dark. In axes
    of the user, `ax`, it is the background of their figure that counts.
    """

    @wraps(draw)
    def drawn(*args: P.args, **options: P.kwargs) -> F:
        try:
            import matplotlib.style
        except ImportError as error:
            raise ImportError(
                f"nn.plot.{draw.__name__} draws with Matplotlib, which is not installed; "
                'pip install "minigrad-autograd[plot]"'
            ) from error
        colours = theme() if options.get("ax") is None else _theme_of(draw.__name__, options["ax"])
        with matplotlib.style.context(["default", STYLE, colours.settings()]):
            figure = draw(*args, **options)
            figure.draw_without_rendering()  # what Matplotlib creates only when it draws gets this style, too
        return figure

    return drawn


def _theme_of(called: str, ax: Any) -> Theme:
    """The colours for the axes of a user."""
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        hint = ""
        if hasattr(ax, "subplots"):
            hint = "; make some in the figure: ax=figure.add_subplot()"
        elif isinstance(ax, np.ndarray | list | tuple):
            hint = "; give one of them: ax=axes[0]"
        raise TypeError(f"{called}: ax is a {type(ax).__name__}, expected Matplotlib's Axes{hint}")
    if ax.figure is None:
        raise ValueError(f"{called}: ax was removed from its figure; give axes of a figure: ax=figure.add_subplot()")
    return theme_on(ax.figure.figure.get_facecolor())


def panel(ax: Axes | None, width: float, height: float) -> tuple[Figure, Axes]:
    """The axes to draw in, those of the user or new ones, and their figure; `width` and `height` in inches."""
    if ax is None:
        _, (ax,) = panels(1, 1, width, height)
    return ax.figure.figure, ax  # of a subfigure, too, the whole figure


def panels(n: int, most: int, width: float, height: float) -> tuple[Figure, list[Axes]]:
    """A new figure of n panels, at most `most` beside each other; `width` and `height` of each in inches."""
    from nn.plot.figure.matplotlib_figure import PlotFigure

    columns = balanced_columns(n, most)
    rows = -(-n // columns)
    figure = PlotFigure(figsize=(width * columns, height * rows), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)  # type: ignore[call-arg, union-attr]
    places = list(figure.subplots(rows, columns, squeeze=False).ravel())
    for axes in places[n:]:
        axes.remove()
    return figure, places[:n]


def panel_title(ax: Axes, title: str, subtitle: str = "") -> None:
    """The title of a panel at its left, and a subtitle below it."""
    ax.set_title(title, loc="left", weight="bold", pad=24 if subtitle else 8)
    if subtitle:
        below = ax.annotate(
            subtitle, (0, 1), xytext=(0, 8), xycoords="axes fraction", textcoords="offset points",
            size=10, color=theme().muted,
        )  # fmt: skip
        below.set_in_layout(False)  # a long one does not make the panel narrow


def blank_figure(width: float, height: float, kind: type[Figure] | None = None) -> tuple[Figure, Axes]:
    """An empty figure, and axes that cover it, with coordinates in inches from the top left corner."""
    from nn.plot.figure.matplotlib_figure import PlotFigure

    figure = (kind or PlotFigure)(figsize=(width, height))
    axes = add_axes(figure, 0, 0, width, height)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


def add_axes(figure: Figure, x: float, y: float, width: float, height: float) -> Axes:
    """New axes with the top left corner at (x, y), in inches."""
    total_width, total_height = figure.get_size_inches()
    return figure.add_axes(
        (x / total_width, 1 - (y + height) / total_height, width / total_width, height / total_height)
    )


def draw_image(axes: Axes, image: Array, x: float, y: float, width: float, height: float, **options: Any) -> None:
    """Draw an image with sharp pixels, and a thin frame around it, which white images need."""
    from matplotlib.patches import Rectangle

    axes.imshow(image, extent=(x, x + width, y + height, y), aspect="auto", interpolation="nearest", **options)
    axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=theme().frame, linewidth=0.6))


def draw_title(axes: Axes, text: str, subtitle: str = "") -> None:
    """Draw a title at the top left of a figure, and a subtitle; together they are 0.65 inches high."""
    axes.text(MARGIN, MARGIN, text, size=TITLE_SIZE, weight="bold", va="top")
    axes.text(MARGIN, MARGIN + 0.27, subtitle, size=11, color=theme().muted, va="top")


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """The width of the longest line of a text, in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight=weight)
    lines = [line for line in text.split("\n") if line.strip()]
    widths = [text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines]
    return max(widths, default=0.0) / 72


def title_width(text: str, subtitle: str = "") -> float:
    """The width of a figure that its title needs, in inches."""
    return max(text_width(text, TITLE_SIZE, "bold"), text_width(subtitle, 11)) + 2 * MARGIN


def balanced_columns(n: int, most: int) -> int:
    """The number of columns that fills the rows evenly: 6 images in at most 4 columns make 2 rows of 3."""
    rows = -(-n // most)
    return -(-n // rows)


def for_imshow(image: Array) -> tuple[Any, dict[str, Any]]:
    """A gray (1, H, W) or colour (3, H, W) image in the form that ``imshow`` takes, and the options for it."""
    if len(image) == 1:
        return image[0], {"cmap": "gray"}
    pixels = np.moveaxis(image, 0, -1)
    if pixels.dtype == np.uint8:
        return pixels, {}
    low, high = pixels.min(), pixels.max()
    if low < 0 or high > 1:  # standardized, or 0 … 255 as floats
        pixels = (pixels - low) / ((high - low) or 1)
    return pixels.astype(np.float64), {}
