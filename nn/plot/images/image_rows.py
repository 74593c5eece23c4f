"""Rows of images that belong together: originals, what a network was shown, what it made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nn.hyperparameters import whole_number
from nn.plot.figure.image_array import image_batch
from nn.plot.figure.style import MARGIN, blank_figure, draw_image, draw_title, styled, text_width, title_width
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["image_rows"]

SIZE, GAP = 0.9, 0.1  # of the longer side of an image, and between two, in inches


@styled
def image_rows(rows: Mapping[str, Array], *, title: str = "", limit: int = 10) -> Figure:
    """Rows of images, one below the other: in each column the versions of one image.

    All images have one scale from black to white: that of the first row. What lies beyond it, as noise may, is shown
    black or white.

    Arguments:
        rows: the name of each row and its images, shape ``(N, H, W)``, ``(N, 1, H, W)`` (gray) or ``(N, 3, H, W)``
            (red, green, blue), N the same in all rows.
        title: a title above the rows.
        limit: the number of columns at most: the first ones of each row.

    Raises:
        ValueError: if there are no images, a shape is not as expected, or pixels are infinite or NaN.
        TypeError: if `rows` is not a mapping, or images are not arrays.
        ImportError: if Matplotlib is not installed.

    >>> import nn
    >>> x = np.random.default_rng(0).random((3, 1, 8, 8))
    >>> figure = image_rows({"original": x, "reconstruction": x.round()})
    >>> len(figure.axes[0].images)
    6
    """
    limit = whole_number("image_rows: limit", limit, least=1)
    if not isinstance(rows, Mapping):
        raise TypeError(
            f"image_rows: got a {type(rows).__name__}, expected names with images: "
            'image_rows({"original": x, "reconstruction": y})'
        )
    shown = {name: image_batch("image_rows", images, name)[:limit] for name, images in rows.items()}
    lengths = {name: len(images) for name, images in shown.items()}
    if not shown:
        raise ValueError("image_rows: there are no images; expected at least one in each row")
    if len(set(lengths.values())) > 1:
        raise ValueError(f"image_rows: the rows have different numbers of images: {lengths}")
    first = next(iter(shown.values()))
    low, high = (0.0, 255.0) if first.dtype == np.uint8 else (float(first.min()), float(first.max()))
    indent = MARGIN + max(text_width(name, 12) for name in shown) + 0.15
    top = 0.65 if title else MARGIN
    width = indent + next(iter(lengths.values())) * (SIZE + GAP) - GAP + MARGIN
    figure, axes = blank_figure(
        max(width, title_width(title) if title else 0), top + len(shown) * (SIZE + GAP) - GAP + MARGIN
    )
    if title:
        draw_title(axes, title)
    for i, (name, images) in enumerate(shown.items()):
        y = top + i * (SIZE + GAP)
        axes.text(indent - 0.15, y + SIZE / 2, name, ha="right", va="center")
        unit = SIZE / max(images.shape[2:])
        for k, image in enumerate(images):
            pixels = np.clip((image.astype(np.float64) - low) / ((high - low) or 1), 0, 1)
            pixels = pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, -1)
            height, width = (unit * n for n in image.shape[1:])
            left, above = indent + k * (SIZE + GAP) + (SIZE - width) / 2, y + (SIZE - height) / 2
            draw_image(axes, pixels, left, above, width, height, cmap="gray", vmin=0, vmax=1)
    return figure
