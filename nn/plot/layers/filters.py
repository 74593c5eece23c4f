"""The filters of a convolution as images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.plot.figure.numbers import short
from nn.plot.figure.style import (
    MARGIN,
    add_axes,
    balanced_columns,
    blank_figure,
    draw_image,
    draw_title,
    styled,
    title_width,
)
from nn.plot.figure.theme import theme
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["filters"]

GAP = 0.15


@styled
def filters(weight: Array, before: Array = None) -> Figure:
    """The filters of a convolution as images: orange is negative, purple positive, and zero is the background.

    With several input channels, the mean over them is shown, and the subtitle says so. All filters share one scale: a
    pale filter is weak.

    Arguments:
        weight: shape ``(O, C, KH, KW)``, as ``model.conv1.weight``: a Parameter, Tensor or array.
        before: the weights before training; each filter is then a pair, before training on the left and after it on
            the right. Training changes parameters in place, so keep a copy:
            ``before = model.conv1.weight.data.copy()``.

    Raises:
        ValueError: if a shape is not as expected, `before` is not a copy, or a weight is infinite or NaN.
        ImportError: if Matplotlib is not installed.

    >>> import nn
    >>> len(filters(nn.Conv2d(1, 6, 5, rng=0).weight).axes[0].images)
    6
    """
    after = _weights("weight", weight)
    stages = [after]
    if before is not None:
        stages = [_weights("before", before), after]
        if stages[0].shape != after.shape:
            raise ValueError(
                f"filters: before has shape {stages[0].shape} but weight {after.shape}; pass weights of the same layer"
            )
        if np.shares_memory(*stages):
            raise ValueError(
                "filters: before and weight are the same array, so training changed both; "
                "before training keep a copy: before = model.conv1.weight.data.copy()"
            )
    n, channels, h, w = after.shape
    title = f"{n} filter{'s' * (n > 1)} of {h} × {w}"
    notes = ["left before training, right after"] if before is not None else []
    notes += [f"mean over the {channels} input channels"] if channels > 1 else []
    subtitle = "; ".join(notes)

    images = [stage.mean(axis=1) for stage in stages]
    most = max(float(np.abs(image).max()) for image in images) or 1.0
    unit = 1.0 if n <= 16 else 0.7
    width, height = unit * w / max(h, w), unit * h / max(h, w)
    columns = balanced_columns(n, (8 if n <= 32 else 16) // len(stages))
    rows = -(-n // columns)
    pair = len(stages) * width + (len(stages) - 1) * 0.06
    step_x, step_y = pair + (GAP if before is None else 2 * GAP), height + 0.32
    top = 0.75 if subtitle else 0.55
    grid_width, grid_height = columns * step_x, rows * step_y
    bar_height = min(max(grid_height - 0.32, 0.8), 4)
    figure, axes = blank_figure(
        max(MARGIN + grid_width + 1.25, title_width(title, subtitle)),
        top + 0.22 + max(grid_height - 0.32, bar_height) + MARGIN,
    )
    draw_title(axes, title, subtitle)
    for i in range(n):
        x, y = MARGIN + (i % columns) * step_x, top + 0.22 + (i // columns) * step_y
        axes.text(x + pair / 2, y - 0.04, str(i), size=10, color=theme().muted, ha="center", va="bottom")
        for k, image in enumerate(images):
            draw_image(
                axes, image[i], x + k * (width + 0.06), y, width, height, cmap=theme().diverging, vmin=-most, vmax=most
            )
    bar = add_axes(figure, MARGIN + grid_width + 0.1, top + 0.22, 0.18, bar_height)
    figure.colorbar(axes.images[0], cax=bar, ticks=[-most, 0, most], format=lambda v, _: short(v))
    return figure


def _weights(name: str, weight: Array) -> Any:
    array = np.asarray(weight)
    if array.ndim != 4 or not array.size:
        hint = "; pass a convolution's weight, model.conv1.weight" if array.ndim != 3 else "; add the axis for C"
        raise ValueError(f"filters: {name} has shape {array.shape}, expected (O, C, KH, KW){hint}")
    if not np.isfinite(array).all():
        raise ValueError(f"filters: {name} has infinite or NaN weights: training has diverged")
    return array
