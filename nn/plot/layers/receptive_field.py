"""The receptive field of a unit over the image: what it can see, and what it sees in fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.analysis.fields.empirical_receptive_field import empirical_receptive_field
from nn.analysis.fields.receptive_field import LayerField, ReceptiveField
from nn.analysis.fields.receptive_field import receptive_field as theoretical
from nn.module import Module
from nn.plot.figure.image_array import image_batch
from nn.plot.figure.style import (
    MARGIN,
    add_axes,
    blank_figure,
    draw_image,
    draw_title,
    for_imshow,
    styled,
    text_width,
    title_width,
)
from nn.plot.figure.theme import theme
from nn.printed_text import per_axis, printable
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["receptive_field"]

SIZE, GAP = 3.0, 0.3  # the longer side of an image, and between two, in inches
BARS = 3.2  # the width of the chart of layers
ROWS = 14  # layers in it at most
HALF = 0.5  # the share of the squared derivative that the inner line surrounds


@styled
def receptive_field(
    model: Module, layer: str, images: Array, position: tuple[int, ...] | None = None, channel: int | None = None
) -> Figure:
    """The receptive field of a unit: over the first image, as it is measured, and how it grows from layer to layer.

    On the left a frame is around the pixels that the unit can see (`nn.receptive_field`). In the middle the colour of a
    pixel says how strongly it moves the unit (`nn.empirical_receptive_field`), from 0 on, with the same frame; a line
    surrounds the strongest pixels, which make up half of the sum of squares. On the right are the layers at which the
    field grows, up to the chosen one.

    Arguments:
        model: takes images (N, C, H, W). It runs in evaluation mode, and is left as it was.
        layer: its dotted path, as `nn.summary` shows it.
        images: of shape ``(N, H, W)``, ``(N, 1, H, W)`` or ``(N, 3, H, W)``: the measure is a mean over all of them.
        position: the row and the column of the unit in the layer's output; by default in the middle.
        channel: its channel; by default all together.

    Raises:
        TypeError: if `model` is not a module, or `images` is not an array.
        ValueError: if there is no such layer, or no such unit in it; if the layer's units are in no order, as after
            `Flatten`; or if images have another shape, there are none, or they are infinite or NaN.
        KeyError: if the layer is not called.
        ImportError: if Matplotlib is not installed.

    >>> import nn
    >>> model = nn.Sequential(conv1=nn.Conv2d(1, 4, 3, rng=0), conv2=nn.Conv2d(4, 4, 3, rng=1))
    >>> figure = receptive_field(model, "conv2", np.random.default_rng(0).random((8, 1, 9, 9)))
    >>> figure.axes[0].texts[1].get_text()
    'it sees 5 × 5 pixels; 4 of them make up half of the sum of squared derivatives'
    """
    images = image_batch("receptive_field", images)
    measured = empirical_receptive_field(model, layer, images, position, channel)
    fields = theoretical(model, images.shape[1:])
    row = fields[layer]
    unit = tuple(n // 2 for n in row.output_shape[1:]) if position is None else tuple(position)
    region = row.region(*(unit or (0, 0)))  # of a fully connected layer all units see the same

    height, width = (SIZE * n / max(images.shape[2:]) for n in images.shape[2:])
    where = f" at ({', '.join(map(str, unit))})" if unit else ""
    title = f"Receptive field of a unit of {printable(layer)} ({row.kind}){where} in {type(model).__name__}"
    inner = _strongest(measured)
    subtitle = f"it sees {_seen(row.size, region)}; " + (
        f"{inner.sum():,} of them make up half of the sum of squared derivatives"
        if inner.any()
        else "none of them moves it, with these images"
    )
    rows = _growth(fields, row)
    top = 1.1
    captions = ("what it can see", "how strongly a pixel moves it")
    column = max(width, text_width(captions[1], 12, "bold"))
    bars_at = MARGIN + 2 * (column + GAP) + 0.15 + max(text_width(name, 12) for name, *_ in rows)
    figure, axes = blank_figure(
        max(bars_at + BARS + MARGIN, title_width(title, subtitle)), top + max(height, 0.3 * len(rows)) + 0.3 + MARGIN
    )
    draw_title(axes, title, subtitle)
    for i, caption in enumerate(captions):
        left = MARGIN + i * (column + GAP)
        axes.text(left, top - 0.1, caption, weight="bold")
        if i == 0:
            pixels, options = for_imshow(images[0])
        else:
            pixels, options = measured, {"cmap": theme().sequential, "vmin": 0, "vmax": measured.max() or 1}
        draw_image(axes, pixels, left, top, width, height, **options)
        _frame(axes, region, left, top, width / images.shape[3])
    scale = f"{theme().zero}: 0, purple: {measured.max():.2g} (rms of ∂y/∂x)"
    axes.text(MARGIN + column + GAP, top + height + 0.22, scale, size=10, color=theme().muted)
    _surround(axes, inner, MARGIN + column + GAP, top, width / images.shape[3])
    axes.text(bars_at, top - 0.1, "pixels along a side", weight="bold")
    _bars(add_axes(figure, bars_at, top, BARS, 0.3 * len(rows)), rows, max(fields.image))
    return figure


def _seen(size: tuple[int, ...], region: tuple[slice, ...]) -> str:
    inside = tuple(part.stop - part.start for part in region)
    within = "" if inside == size else f", {' × '.join(map(str, inside))} of them within the image"
    return f"{' × '.join(map(str, size))} pixels{within}"


def _strongest(measured: Array) -> Any:
    """The strongest pixels, as few as make up half of the sum of squares."""
    squares = np.sort((measured**2).reshape(-1))[::-1]
    if not squares[0]:
        return np.zeros(measured.shape, bool)
    last = np.searchsorted(np.cumsum(squares), HALF * squares.sum())
    return measured**2 >= squares[last]


def _growth(fields: ReceptiveField, row: LayerField) -> list[tuple[str, tuple[int, ...], bool]]:
    """The layers up to the chosen one at which the field grows: name, size, and whether it is the chosen one."""
    rows: list[tuple[str, tuple[int, ...], bool]] = []
    largest = 1
    for layer in fields.layers:
        if layer is row or max(layer.size) > largest:
            rows.append((printable(layer.name), layer.size, layer is row))
            largest = max(largest, *layer.size)
        if layer is row:
            break
    if len(rows) > ROWS:
        rows[ROWS // 2 : -ROWS // 2] = [("…", (), False)]
    return rows


def _frame(axes: Axes, region: tuple[slice, ...], left: float, top: float, pixel: float) -> None:
    """A frame around a part of an image, seen on bright and on dark pixels."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    rows, columns = region
    axes.add_patch(
        Rectangle(
            (left + columns.start * pixel, top + rows.start * pixel),
            (columns.stop - columns.start) * pixel,
            (rows.stop - rows.start) * pixel,
            fill=False,
            edgecolor=theme().colours[1],
            linewidth=2.4,
            path_effects=[withStroke(linewidth=4.8, foreground=theme().background)],
        )
    )


def _surround(axes: Axes, inner: Any, left: float, top: float, pixel: float) -> None:
    """A line along the border of these pixels."""
    from matplotlib.collections import LineCollection
    from matplotlib.patheffects import withStroke

    padded = np.pad(inner, 1)
    lines = [((j, i), (j + 1, i)) for i, j in np.argwhere(padded[1:, 1:-1] != padded[:-1, 1:-1])]
    lines += [((j, i), (j, i + 1)) for i, j in np.argwhere(padded[1:-1, 1:] != padded[1:-1, :-1])]
    places = [[(left + x * pixel, top + y * pixel) for x, y in line] for line in lines]
    border = LineCollection(places, colors=theme().text, linewidths=1.4, capstyle="projecting")
    border.set_path_effects([withStroke(linewidth=3, foreground=theme().background)])
    axes.add_collection(border)


def _bars(axes: Axes, rows: list[tuple[str, tuple[int, ...], bool]], pixels: int) -> None:
    colours = theme()
    lengths = [max(size, default=0) for _, size, _ in rows]
    axes.barh(
        range(len(rows)),
        lengths,
        height=0.62,
        color=[colours.colours[1] if chosen else colours.colours[0] for *_, chosen in rows],
    )
    for i, (_, size, chosen) in enumerate(rows):
        if size:
            text = per_axis(size) + (" ←" if chosen else "")
            axes.annotate(
                text, (lengths[i], i), xytext=(4, 0), textcoords="offset points", va="center",
                weight="bold" if chosen else "normal",
            )  # fmt: skip
    if max(lengths) > pixels:
        axes.axvline(pixels, color=colours.text, linestyle=":", linewidth=1.2)
        axes.set_xlabel("dotted: a side of the image")
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axes.set_xticks([])
    axes.tick_params(left=False)
    axes.spines["bottom"].set_visible(False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, max(lengths) * 1.25)
