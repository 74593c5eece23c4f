"""The filters of a convolution as images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.plot.style import MARGIN, axes_at, blank_figure, columns_for, styled, tile, title, title_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["filters"]

ZERO_IS_WHITE = "PuOr"  # orange below zero, purple above; nobody mixes them up
GAP = 0.15


@styled
def filters(weight: Any, before: Any = None) -> Figure:
    """Each filter of a convolution as an image: orange weights are negative, white ones zero, purple ones positive.

    Of filters with several input channels, the mean over the channels is shown; the picture says so. All are on
    one scale, so that a pale filter is a weak one.

    Arguments:
        weight: shape ``(O, C, KH, KW)``, as ``model.conv1.weight``: a Parameter, Tensor or array.
        before: the same before training; each filter is then a pair, left before and right after it. Training
            changes parameters in place, so keep a copy: ``before = model.conv1.weight.data.copy()``.

    Raises:
        ValueError: if a shape is not as expected, `before` is not a copy, or a weight is infinite or not a number.
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
                f"filters: before has shape {stages[0].shape} but weight {after.shape}; give the same layer's weight"
            )
        if np.shares_memory(*stages):
            raise ValueError(
                "filters: before and weight are the same array, so training changed both; "
                "before training keep a copy: before = model.conv1.weight.data.copy()"
            )
    n, channels, h, w = after.shape
    heading = f"{n} filter{'s' * (n > 1)} of {h} × {w}"
    notes = ["left before training, right after"] if before is not None else []
    notes += [f"mean over the {channels} input channels"] if channels > 1 else []
    below = "; ".join(notes)

    images = [stage.mean(axis=1) for stage in stages]
    most = max(float(np.abs(image).max()) for image in images) or 1.0
    unit = 1.0 if n <= 16 else 0.7
    width, height = unit * w / max(h, w), unit * h / max(h, w)
    columns = columns_for(n, (8 if n <= 32 else 16) // len(stages))
    rows = -(-n // columns)
    pair = len(stages) * width + (len(stages) - 1) * 0.06
    step_x, step_y = pair + (GAP if before is None else 2 * GAP), height + 0.32
    top = 0.75 if below else 0.55
    grid_width, grid_height = columns * step_x, rows * step_y
    bar_height = min(max(grid_height - 0.32, 0.8), 4)
    figure, axes = blank_figure(
        max(MARGIN + grid_width + 1.25, title_width(heading, below)),
        top + 0.22 + max(grid_height - 0.32, bar_height) + MARGIN,
    )
    title(axes, heading, below)
    for i in range(n):
        x, y = MARGIN + (i % columns) * step_x, top + 0.22 + (i // columns) * step_y
        axes.text(x + pair / 2, y - 0.04, str(i), size=10, color="0.3", ha="center", va="bottom")
        for k, image in enumerate(images):
            tile(axes, image[i], x + k * (width + 0.06), y, width, height, cmap=ZERO_IS_WHITE, vmin=-most, vmax=most)
    bar = axes_at(figure, MARGIN + grid_width + 0.1, top + 0.22, 0.18, bar_height)
    figure.colorbar(axes.images[0], cax=bar, ticks=[-most, 0, most], format=lambda v, _: f"{v:.2g}".replace("-", "−"))
    return figure


def _weights(name: str, weight: Any) -> Any:
    array = np.asarray(weight)
    if array.ndim != 4 or not array.size:
        hint = "; give a convolution's weight, as model.conv1.weight" if array.ndim != 3 else "; add the axis for C"
        raise ValueError(f"filters: {name} has shape {array.shape}, expected (O, C, KH, KW){hint}")
    if not np.isfinite(array).all():
        raise ValueError(f"filters: {name} has infinite weights or such that are not a number: training has diverged")
    return array
