"""The confusion matrix of a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.plot.figure.style import (
    MARGIN,
    add_axes,
    blank_figure,
    draw_title,
    panel_title,
    styled,
    text_width,
    title_width,
)
from nn.plot.figure.theme import text_on, theme
from nn.plot.figure.validate_labels import class_numbers
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["confusion_matrix"]

RIGHT = {False: "#CFE2F3", True: "#1B3A54"}  # quiet, so that the errors stand out
WRONG = {False: ("#fdd9b4", "#fd9243", "#9e3303"), True: ("#4f2a08", "#b5651d", "#ffc48a")}  # by whether it is dark
MAX_NUMBERED = 30  # with more classes, cells are too small for numbers
SLANTED: dict[str, Any] = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
UPRIGHT: dict[str, Any] = {"rotation": 90}


@styled
def confusion_matrix(
    true: Array, predicted: Array, labels: Sequence[str] | None = None, *, ax: Axes | None = None
) -> Figure:
    """How often each true class (row) was predicted as each class (column).

    Correct predictions are on the blue diagonal; the more errors, the stronger the orange; cells with 0 are blank. With
    more than 30 classes, or where the cells are too small for numbers, a colour bar replaces these.

    Arguments:
        true: class numbers, shape ``(N,)``.
        predicted: class numbers, shape ``(N,)``: for a model's outputs ``outputs.argmax(axis=1)``.
        labels: a name for each class; its number if not given.
        ax: the axes to draw in; a new figure, as large as the classes need, if not given.

    Returns:
        The figure, with one panel.

    Raises:
        ValueError: if the shapes differ or are not ``(N,)``, there are no samples, or fewer labels than classes.
        TypeError: if they are not class numbers.
        ImportError: if Matplotlib is not installed.

    >>> figure = confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], labels=["cat", "dog"])
    >>> [text.get_text() for text in figure.axes[1].texts]  # the cells that are not blank
    ['1', '1', '2']
    """
    from matplotlib.ticker import MaxNLocator

    true, predicted, names = class_numbers("confusion_matrix", true, predicted, labels)
    n = len(names)
    counts = np.zeros((n, n), dtype=np.int64)
    np.add.at(counts, (true, predicted), 1)
    wrong = int(counts.sum() - counts.trace())

    title = "Confusion matrix"
    subtitle = f"accuracy {100 * (1 - wrong / len(true)):.4g} %, {wrong} error{'s' * (wrong != 1)} in {len(true)}"
    if ax is not None:
        return _into(ax, counts, names, title, subtitle, numbered=labels is None)

    cell = _cell_size(n, named=labels is not None)
    size = 11 if cell >= 0.3 else 7
    shown = range(0, n, 10 if labels is None and n > MAX_NUMBERED else 1)
    name_width = max(text_width(names[i], size) for i in shown)
    turned = _turned(name_width, shown.step * cell, n)
    left, top = MARGIN + 0.35 + name_width + 0.1, 0.95
    bottom = 0.5 + (name_width + 0.1 if turned else 0.2)
    bar = 1.1 if n > MAX_NUMBERED and wrong else 0.0
    width = max(left + n * cell + bar + 2 * MARGIN, title_width(title, subtitle))
    figure, canvas = blank_figure(width, top + n * cell + bottom)
    draw_title(canvas, title, subtitle)

    axes = add_axes(figure, left, top, n * cell, n * cell)
    _cells(axes, counts, numbers=n <= MAX_NUMBERED)
    axes.set_xticks(shown, [names[i] for i in shown], size=size, **turned)
    axes.set_yticks(shown, [names[i] for i in shown], size=size)
    canvas.text(left + n * cell / 2, top + n * cell + bottom - MARGIN, "predicted", ha="center", weight="bold")
    canvas.text(MARGIN, top + n * cell / 2, "true", rotation=90, va="center", weight="bold")
    if bar:
        bar_axes = add_axes(figure, left + n * cell + 0.2, top, 0.2, 3)
        figure.colorbar(axes.images[0], cax=bar_axes, label="errors").locator = MaxNLocator(integer=True)
    return figure


def _into(ax: Axes, counts: Array, names: list[str], title: str, subtitle: str, *, numbered: bool) -> Figure:
    """The matrix in the axes of a user; their size decides what is written."""
    from matplotlib.ticker import MaxNLocator

    figure, n = ax.figure.figure, len(names)
    figure.draw_without_rendering()  # a layout decides only then how large the axes are
    box = ax.get_window_extent()
    cell = min(box.width, box.height) / figure.dpi / n
    fitting = [size for size in (11, 9, 7) if 1.25 * text_width(str(counts.max()), size) < cell]
    size = fitting[0] if fitting else 7
    step = 1 if not numbered else next(k for k in (1, 2, 5, 10, 10**9) if k * cell > 0.2)
    shown = range(0, n, step)
    turned = _turned(max(text_width(names[i], size) for i in shown), step * cell, n)
    _cells(ax, counts, numbers=bool(fitting), size=size)
    ax.set_xticks(shown, [names[i] for i in shown], size=size, **turned)
    ax.set_yticks(shown, [names[i] for i in shown], size=size)
    ax.set_xlabel("predicted", weight="bold")
    ax.set_ylabel("true", weight="bold")
    panel_title(ax, title, subtitle)
    if not fitting and counts.sum() > counts.trace():
        figure.colorbar(ax.images[0], ax=ax, label="errors").locator = MaxNLocator(integer=True)
    return figure


def _turned(name_width: float, room: float, n: int) -> dict[str, Any]:
    """How the names below the columns are turned, so that they fit."""
    return {} if name_width < room - 0.1 else SLANTED if n <= MAX_NUMBERED else UPRIGHT


def _cell_size(n: int, *, named: bool) -> float:
    """The size of a cell in inches: room for a number, or with many classes for the height of a name."""
    if n <= 4:
        return 1.4
    if n <= 12:
        return 0.6
    if n <= MAX_NUMBERED:
        return 0.45
    return max(7 / n, 0.13 if named else 0.08)


def _cells(axes: Axes, counts: Array, *, numbers: bool, size: int = 12) -> None:
    from matplotlib.colors import LinearSegmentedColormap, ListedColormap

    n = len(counts)
    off_diagonal = ~np.eye(n, dtype=bool)
    errors = np.ma.masked_where(~off_diagonal | (counts == 0), counts)
    colours = theme()
    orange = LinearSegmentedColormap.from_list("errors", WRONG[colours.dark])
    most = max(5, int(counts[off_diagonal].max(initial=0)))
    shown = axes.imshow(errors, cmap=orange, vmin=1, vmax=most, interpolation="nearest")
    right = np.ma.masked_where(off_diagonal, np.zeros((n, n)))
    axes.imshow(right, cmap=ListedColormap([RIGHT[colours.dark]]), interpolation="nearest")
    if numbers:
        for row, column in np.ndindex(n, n):
            count = counts[row, column]
            if count or (row == column and counts[row].any()):
                behind = RIGHT[colours.dark] if row == column else shown.to_rgba(count)
                axes.text(column, row, f"{count}", ha="center", va="center", color=text_on(behind), size=size)
        axes.set_xticks(np.arange(n + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(n + 1) - 0.5, minor=True)
        axes.grid(which="minor", color=colours.grid, linewidth=0.8)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set(visible=True, color=colours.frame)
