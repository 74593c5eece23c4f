"""Filters or feature maps over the epochs of a training, side by side and as a film."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.callbacks.snapshots import Snapshots
from nn.hyperparameters import whole_number
from nn.plot.figure.numbers import short
from nn.plot.figure.style import (
    MARGIN,
    balanced_columns,
    blank_figure,
    draw_image,
    draw_title,
    styled,
    text_width,
    title_width,
)
from nn.plot.figure.theme import theme
from nn.typing import Array

if TYPE_CHECKING:
    from nn.plot.figure.film_figure import FilmFigure

__all__ = ["film"]

COLUMNS = 12  # epochs side by side
CELL, GAP = 0.62, 0.06  # of the longer side of an image, and between two, in inches
LARGE = 1.0  # in the film
TOP = 0.75
SIZE = 11


@styled
def film(snapshots: Snapshots | Mapping[int, Array], limit: int = 16, *, title: str = "") -> FilmFigure:
    """Filters or feature maps over the epochs of a training: a row for each, a column for each epoch.

    Saved as a GIF, ``film(snapshots).savefig("filters.gif")``, it shows one epoch after the other. All epochs share one
    scale: what becomes stronger becomes darker, on a dark background brighter. Of more than 12 epochs the figure shows
    12, evenly spaced, and the GIF all of them.

    Arguments:
        snapshots: an `nn.callbacks.Snapshots` after the training, or a dictionary of arrays by epochs. The arrays are
            filters (O, C, KH, KW), of which the mean over the input channels is shown, as `filters` does; feature maps
            of one image (1, C, H, W); or images (n, H, W).
        limit: the largest number of filters or maps to show.
        title: in place of the name of what was kept.

    Returns:
        A figure, whose ``savefig`` writes a GIF if the name ends in ``.gif``, with ``seconds_per_frame``, 0.5; and
        whose ``gif()`` gives its bytes.

    Raises:
        ValueError: if there is nothing to show, shapes are not as expected or not all the same, or numbers are infinite
            or NaN.
        TypeError: if `snapshots` are neither.
        ImportError: if Matplotlib is not installed, or for a GIF Pillow.

    >>> weights = {0: np.zeros((2, 1, 3, 3)), 1: np.ones((2, 1, 3, 3))}
    >>> figure = film(weights, title="Filters")
    >>> figure.frame_names, len(figure.axes[0].images)
    (['epoch 0', 'epoch 1'], 4)
    """
    limit = whole_number("film: limit", limit, least=1)
    images, notes = _images(snapshots, limit)
    epochs, everything = list(images), np.stack(list(images.values()))
    most = float(np.abs(everything).max()) or 1.0
    options = {"cmap": theme().diverging, "vmin": -most, "vmax": most}
    chosen = np.unique(np.linspace(0, len(epochs) - 1, COLUMNS).round().astype(int))
    title = title or _title(snapshots)
    subtitle = f"orange: negative, {theme().zero}: 0, purple: positive; one scale for all epochs, "
    subtitle += f"from {short(everything.min())} to {short(everything.max())}"
    notes = [*notes, f"{len(chosen)} of {len(epochs)} epochs"] if len(chosen) < len(epochs) else notes
    figure = _sheet({epochs[i]: everything[i] for i in chosen}, title, [subtitle, "; ".join(notes)], options)
    figure.frame = _frame(everything[-1], title, f"epoch {epochs[-1]}", options)
    figure.frame_names = [f"epoch {epoch}" for epoch in epochs]
    figure.frame_images = [list(shown) for shown in everything]
    return figure


def _images(snapshots: Any, limit: int) -> tuple[dict[int, Any], list[str]]:
    """The images of each epoch, (n, H, W), and notes on what they are."""
    arrays = snapshots.arrays if isinstance(snapshots, Snapshots) else snapshots
    if not isinstance(arrays, Mapping):
        raise TypeError(
            f"film: got a {type(snapshots).__name__}, expected an nn.callbacks.Snapshots, or a dictionary of arrays by "
            "epochs"
        )
    if not arrays:
        raise ValueError("film: there are no snapshots yet; train with nn.fit(…, callbacks=[snapshots]) first")
    found = {epoch: np.asarray(array) for epoch, array in sorted(arrays.items())}
    (first, shape), *others = ((epoch, array.shape) for epoch, array in found.items())
    for epoch, other in others:
        if other != shape:
            raise ValueError(f"film: the array of epoch {epoch} has shape {other}, but that of epoch {first} {shape}")
    for epoch, array in found.items():
        if not np.isfinite(array).all():
            raise ValueError(f"film: epoch {epoch} has numbers that are infinite or NaN: training has diverged")
    is_weight = isinstance(snapshots, Snapshots) and snapshots.x is None and isinstance(snapshots.what, str)
    is_output = isinstance(snapshots, Snapshots) and snapshots.x is not None
    if len(shape) == 4 and shape[0] == 1 and not is_weight:
        kind, images = "map", {epoch: array[0] for epoch, array in found.items()}
    elif len(shape) == 4 and not is_output:
        kind, images = "filter", {epoch: array.mean(axis=1) for epoch, array in found.items()}
    elif len(shape) == 3 and not is_output:
        kind, images = "image", found
    else:
        raise ValueError(
            f"film: the arrays have shape {shape}, expected filters (O, C, KH, KW), feature maps of one image "
            "(1, C, H, W), or images (n, H, W); weights of a Linear become images by a function: "
            "Snapshots(lambda model: model.fc1.weight.data.reshape(-1, 28, 28))"
        )
    n = len(next(iter(images.values())))
    if not n or not all(shape):
        raise ValueError(f"film: the arrays have shape {shape}, without elements")
    notes = [f"mean over the {shape[1]} input channels"] if kind == "filter" and shape[1] > 1 else []
    notes += [f"the first {limit} of {n} {kind}s"] if n > limit else []
    return {epoch: array[:limit] for epoch, array in images.items()}, notes


def _title(snapshots: Any) -> str:
    if not isinstance(snapshots, Snapshots):
        return "Over the epochs"
    what = snapshots.what if isinstance(snapshots.what, str) else "Snapshots"
    return f"{what} of {snapshots.model_name} over the epochs"


def _size(images: Any, longest: float) -> tuple[float, float]:
    """Width and height of an image, in inches."""
    h, w = images.shape[-2:]
    return longest * w / max(h, w), longest * h / max(h, w)


def _sheet(columns: dict[int, Any], title: str, subtitle: list[str], options: dict[str, Any]) -> FilmFigure:
    from nn.plot.figure.film_figure import FilmFigure

    n = len(next(iter(columns.values())))
    width, height = _size(next(iter(columns.values())), CELL)
    names = [f"epoch {epoch}" if i == 0 else str(epoch) for i, epoch in enumerate(columns)]
    step = max(width, *(text_width(name, SIZE) for name in names)) + GAP
    left = MARGIN + text_width(str(n - 1), SIZE) + 0.12
    wide = left + len(names) * step + MARGIN
    top = TOP + 0.22 * bool(subtitle[1]) + 0.3
    figure, axes = blank_figure(
        max(wide, title_width(title, max(subtitle, key=len))), top + n * (height + GAP) + MARGIN / 2, FilmFigure
    )
    draw_title(axes, title, "\n".join(filter(None, subtitle)))
    for k, (name, images) in enumerate(zip(names, columns.values(), strict=True)):
        x = left + k * step + (step - GAP - width) / 2
        axes.text(x + width / 2, top - 0.1, name, size=SIZE, ha="center")
        for i, image in enumerate(images):
            y = top + i * (height + GAP)
            draw_image(axes, image, x, y, width, height, **options)
            if k == 0:
                axes.text(left - 0.12, y + height / 2, str(i), size=SIZE, ha="right", va="center", color=theme().muted)
    assert isinstance(figure, FilmFigure)
    return figure


def _frame(images: Any, title: str, name: str, options: dict[str, Any]) -> Any:
    """A figure of one epoch: its first text is the name of the epoch."""
    n, (width, height) = len(images), _size(images, LARGE)
    columns = balanced_columns(n, 8)
    wide = max(columns * (width + GAP) + 2 * MARGIN, title_width(title), 2.5)
    figure, axes = blank_figure(wide, 0.8 + -(-n // columns) * (height + GAP) + MARGIN / 2)
    axes.text(MARGIN, 0.47, name, size=13, va="top")
    axes.text(MARGIN, MARGIN / 2, title, size=14, weight="bold", va="top")
    for i, image in enumerate(images):
        row, column = divmod(i, columns)
        draw_image(axes, image, MARGIN + column * (width + GAP), 0.8 + row * (height + GAP), width, height, **options)
    return figure
