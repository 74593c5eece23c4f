"""Decision regions: which class a model gives to each point of a plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.module.module import Module
from nn.plot.figure.style import panel, panel_title, styled
from nn.plot.figure.theme import theme
from nn.training.predict import predict
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["decision_regions"]

MARKERS = "os^DvPX*"  # classes are told apart without colours, too
GRID = 201  # points along each axis
MARGIN = 0.15  # around the samples, as a fraction of their range
TINT = 0.25  # of the colour of a region


@styled
def decision_regions(
    model: Module | Callable[[Array], Any], x: Array, target: Array, *, ax: Axes | None = None
) -> Figure:
    """The classes that a model gives to the points of a plane, with the samples drawn on top.

    The border between two regions is a line, and each class has a marker and a colour. A cross lies on samples that are
    in the region of another class.

    Arguments:
        model: takes points (N, 2) and gives scores (N, C), of which the largest decides, or one number each, (N,) or
            (N, 1), which decides for class 1 where it is at least 0.5. For a logit give a function:
            ``lambda x: model(x) >= 0``. A module is in evaluation mode meanwhile.
        x: the samples, shape (N, 2).
        target: their classes, N integers from 0 to 7.
        ax: the axes to draw in, without a title; a new figure if not given.

    Returns:
        The figure, with one panel.

    Raises:
        ValueError: if a shape is not as expected, or the samples are not finite.
        TypeError: if the classes are not integers.
        ImportError: if Matplotlib is not installed.

    >>> import nn
    >>> x, t = nn.data.make_xor()
    >>> figure = decision_regions(lambda points: points[:, 0] >= 0.5, x, t)
    >>> figure.axes[0].get_xlabel()
    'x₁'
    """
    from matplotlib.patheffects import withStroke

    x, target = _samples(x, target)
    own = ax is None
    figure, ax = panel(ax, 5.2, 5.6)
    colours = theme()
    low, high = x.min(axis=0), x.max(axis=0)
    margin = MARGIN * np.where(high > low, high - low, 1)
    across, down = (np.linspace(a, b, GRID, dtype=x.dtype) for a, b in zip(low - margin, high + margin, strict=True))
    grid = np.stack(np.meshgrid(across, down), axis=-1)
    classes = _classes(model, grid.reshape(-1, 2)).reshape(GRID, GRID)
    if classes.max() >= len(MARKERS):
        raise ValueError(f"decision_regions: the model gives class {classes.max()}; {len(MARKERS)} can be drawn")
    n = max(classes.max(), target.max()) + 1
    levels = np.arange(n + 1) - 0.5
    ax.contourf(across, down, classes, levels=levels, colors=colours.colours[:n], alpha=TINT)
    if np.ptp(classes):
        ax.contour(across, down, classes, levels=levels[1:-1], colors=colours.text, linewidths=1.2)
    for c in np.unique(target):
        ax.scatter(
            x[target == c, 0],
            x[target == c, 1],
            s=80,
            color=colours.colours[c],
            marker=MARKERS[c],
            edgecolor=colours.background,
            linewidth=0.8,
            label=f"class {c}",
        )
    wrong = _classes(model, x) != target
    if wrong.any():
        crosses = ax.scatter(
            x[wrong, 0], x[wrong, 1], s=70, color=colours.text, marker="x", linewidth=2, label=f"wrong: {wrong.sum():,}"
        )
        crosses.set_path_effects([withStroke(linewidth=4, foreground=colours.background)])
    ax.set(xlabel="x₁", ylabel="x₂")
    if own:
        panel_title(ax, "Decision regions" + (f" of {type(model).__name__}" if isinstance(model, Module) else ""))
    ax.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=4, frameon=False, handletextpad=0.2, columnspacing=1
    )
    return figure


def _samples(x: Any, target: Any) -> tuple[Any, Any]:
    x, target = np.asarray(x), np.asarray(target)
    if x.ndim != 2 or x.shape[1] != 2 or not len(x):
        raise ValueError(f"decision_regions: x has shape {x.shape}, expected (N, 2): points of a plane")
    if x.dtype.kind in "iub":
        x = x.astype(np.float32)
    if not np.isfinite(x).all():
        raise ValueError("decision_regions: x has numbers that are not finite")
    if target.shape != x.shape[:1]:
        raise ValueError(f"decision_regions: target has shape {target.shape}, expected {x.shape[:1]}: one class each")
    if target.dtype.kind not in "iub":
        raise TypeError(f"decision_regions: target has dtype {target.dtype}, expected integers: the class numbers")
    if target.min() < 0 or target.max() >= len(MARKERS):
        raise ValueError(
            f"decision_regions: classes are from 0 to {len(MARKERS) - 1}, got {target.min()} … {target.max()}"
        )
    return x, target.astype(int)


def _classes(model: Module | Callable[[Array], Any], points: Array) -> Any:
    """The class of each point."""
    scores = np.asarray(predict(model, points) if isinstance(model, Module) else model(points))
    if scores.ndim == 2 and scores.shape[1] > 1:
        return scores.argmax(axis=1)
    if scores.shape not in ((len(points),), (len(points), 1)):
        raise ValueError(
            f"decision_regions: of {len(points):,} points the model gives shape {scores.shape}, expected one number "
            f"each, or scores of C classes, ({len(points):,}, C)"
        )
    return (scores.reshape(-1) >= 0.5).astype(int)
