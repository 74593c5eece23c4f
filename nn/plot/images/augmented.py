"""Images before and after a random transform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.data.augmentation.compose import as_steps, in_turn
from nn.hyperparameters import whole_number
from nn.plot.figure.image_array import image_batch
from nn.plot.figure.style import (
    MARGIN,
    balanced_columns,
    blank_figure,
    draw_image,
    draw_title,
    styled,
    title_width,
)
from nn.random import SampleGenerator, seed_of
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["augmented"]


@styled
def augmented(
    images: Array, transform: Callable[..., Any] | Sequence[Callable[..., Any]], rng: Any = None, limit: int = 16
) -> Figure:
    """Pairs of images: on the left as given, on the right after a random transform, as training sees them.

    Both have one scale from black to white, that of the given images. What a transform puts beyond it, as noise may,
    is shown black or white.

    Arguments:
        images: shape ``(N, H, W)``, ``(N, 1, H, W)`` (gray) or ``(N, 3, H, W)`` (red, green, blue); fewer than `limit`
            are shown again, with other random numbers.
        transform: what a `DataLoader` takes: ``nn.data.Rotate(15)``, a function ``(x, rng)`` or ``(x)``, or a list.
        rng: a seed or a generator, as for `numpy.random.default_rng`.
        limit: the number of pairs.

    Raises:
        ValueError: if images have another shape, there are none, they are infinite or NaN, or `limit` < 1.
        TypeError: if `transform` is not a function, or `images` not an array.
        ImportError: if Matplotlib is not installed.

    >>> import nn
    >>> digits = np.random.default_rng(0).random((20, 1, 28, 28))
    >>> figure = augmented(digits, [nn.data.Rotate(15), nn.data.Translate(0.1)], rng=0)
    >>> len(figure.axes[0].images)
    32
    """
    limit = whole_number("augmented: limit", limit, least=1)
    given = image_batch("augmented", images)
    shown = given[np.arange(limit) % len(given)]
    rng = SampleGenerator(seed_of(rng), epoch=1, samples=np.arange(len(shown)), purpose="transform")
    changed = in_turn(as_steps("augmented", transform), shown.copy(), rng)
    if changed.shape[:2] != shown.shape[:2] or changed.ndim != 4:
        raise ValueError(
            f"augmented: the transform returned shape {changed.shape} for images of shape {shown.shape}, expected "
            "(N, C, H, W) with as many images and channels"
        )

    low, high = _range(shown)
    n, heights, widths = len(shown), (shown.shape[2], changed.shape[2]), (shown.shape[3], changed.shape[3])
    unit = 1.0 / max(*heights, *widths)
    pair = unit * sum(widths) + 0.06
    columns = balanced_columns(n, max(4, int(np.ceil(np.sqrt(n)))))
    rows = -(-n // columns)
    step_x, step_y = pair + 0.25, unit * max(heights) + 0.2
    title, subtitle = f"{n} augmented image{'s' * (n > 1)}", "left as given, right augmented"
    figure, axes = blank_figure(
        max(columns * step_x - 0.25 + 2 * MARGIN, title_width(title, subtitle)), 0.85 + rows * step_y - 0.2 + MARGIN
    )
    draw_title(axes, title, subtitle)
    for k in range(n):
        x, y = MARGIN + k % columns * step_x, 0.85 + k // columns * step_y
        for image, left in ((shown[k], x), (changed[k], x + unit * widths[0] + 0.06)):
            height, width = image.shape[1:]
            pixels = np.clip((image.astype(np.float64) - low) / (high - low), 0, 1)
            pixels = pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, -1)
            draw_image(axes, pixels, left, y, unit * width, unit * height, cmap="gray", vmin=0, vmax=1)
    return figure


def _range(images: Any) -> tuple[float, float]:
    """What is black and what is white."""
    if images.dtype == np.uint8:
        return 0.0, 255.0
    low, high = float(images.min()), float(images.max())
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    return low, high if high > low else low + 1  # standardized, or 0 … 255 as floats
