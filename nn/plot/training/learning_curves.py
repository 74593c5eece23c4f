"""Learning curves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nn.plot.figure.style import styled
from nn.plot.figure.theme import theme
from nn.training.history import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["curves"]


LINES = {"training": "-", "validation": "--"}  # the dashes help in black and white
LABEL_GAP = 0.075  # between two labels, as a fraction of the height of a panel


@styled
def curves(history: History) -> Figure:
    """Loss and, if measured, accuracy of each epoch: training and validation in one panel.

    Each line ends with its name and last value. Training values are means over the epoch, validation values are
    measured after it: early in training, validation can be better.

    Arguments:
        history: the result of `nn.fit`.

    Returns:
        A figure with one panel for the loss and, where there is one, one for the accuracy.

    Raises:
        TypeError: if `history` is not a `History`.
        ValueError: if it is empty, or a list does not have one number for each epoch.
        ImportError: if Matplotlib is not installed.

    >>> import nn
    >>> history = nn.History([1, 2], {"loss": [2.1, 0.9], "val_loss": [1.7, 1.0], "accuracy": [0.3, 0.8]})
    >>> [axes.get_title(loc="left") for axes in curves(history).axes]
    ['loss', 'accuracy']
    """
    _check(history)
    from nn.plot.figure.matplotlib_figure import PlotFigure

    metrics = [name for name in ("loss", "accuracy") if _lines(history, name)]
    figure = PlotFigure(figsize=(5.8 * len(metrics), 4.2), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)  # type: ignore[call-arg, union-attr]
    for axes, name in zip(figure.subplots(1, len(metrics), squeeze=False)[0], metrics, strict=True):
        _panel(axes, name, history.epoch, _lines(history, name))
    return figure


def _check(history: Any) -> None:
    if not isinstance(history, History):
        raise TypeError(f"curves: expected the History that nn.fit returns, got {type(history).__name__}")
    if not history.epoch:
        raise ValueError("curves: the history is empty; pass the result of nn.fit(model, data, epochs=…)")
    for name, values in history.history.items():
        if len(values) != len(history.epoch):
            raise ValueError(
                f"curves: history[{name!r}] has {len(values)} numbers for {len(history.epoch)} epochs, "
                "expected one for each epoch"
            )
    if not any(_lines(history, name) for name in ("loss", "accuracy")):
        raise ValueError(f"curves: expected 'loss' or 'accuracy' in the history, got {sorted(history.history)}")


def _lines(history: History, name: str) -> dict[str, list[float]]:
    keys = {"training": name, "validation": f"val_{name}"}
    return {line: history.history[key] for line, key in keys.items() if key in history.history}


def _panel(axes: Axes, name: str, epochs: list[int], lines: dict[str, list[float]]) -> None:
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    for line, values in lines.items():
        axes.plot(epochs, values, linewidth=2.2, label=line, color=_colour(line), linestyle=LINES[line])
        axes.plot(epochs[-1:], values[-1:], marker="o", markersize=6, color=_colour(line))
    axes.set_title(name, loc="left", weight="bold")
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    if len(epochs) == 1:
        axes.set_xlim(epochs[0] - 0.5, epochs[0] + 0.5)
    if name == "accuracy":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    elif min(v for values in lines.values() for v in values) >= 0:
        axes.set_ylim(bottom=0)
    _label(axes, name, lines)


def _colour(line: str) -> str:
    return theme().colours[list(LINES).index(line)]


def _label(axes: Axes, name: str, lines: dict[str, list[float]]) -> None:
    """Write the name and the last value of each line to its right, moved apart where they would touch."""
    bottom, top = axes.get_ylim()
    heights = {}
    for line, values in lines.items():
        finite = [v for v in values if math.isfinite(v)]
        heights[line] = (finite[-1] - bottom) / (top - bottom) if finite else 0.5
    low, *_, high = sorted(2 * list(heights), key=heights.__getitem__)
    missing_gap = LABEL_GAP - (heights[high] - heights[low])
    if low != high and missing_gap > 0:
        heights[low] -= missing_gap / 2
        heights[high] += missing_gap / 2
    for line, values in lines.items():
        last = f"{values[-1] * 100:.1f} %" if name == "accuracy" else f"{values[-1]:#.3g}"
        axes.annotate(
            f"{line} {last}",
            (1, heights[line]),
            xytext=(4, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            weight="bold",
            color=_colour(line),
        )
