"""Learning curves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.callbacks.monitor import mode_of
from nn.plot.figure.style import panels, styled
from nn.plot.figure.theme import theme
from nn.training.history import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["curves"]


LINES = {"training": "-", "validation": "--", "learning rate": "-"}  # the dashes help in black and white
RATE = "lr"
MOST = 3  # panels beside each other
LABEL_GAP = 0.075  # between two labels, as a fraction of the height of a panel


@styled
def curves(history: History) -> Figure:
    """Loss and metrics of each epoch, training and validation in one panel each, and the learning rate.

    Each line ends with its name and last value. Training values are means over the epoch, validation values are
    measured after it: early in training, validation can be better. A ring marks the best epoch of the validation, where
    the name of a metric tells whether less of it is better, or more. The learning rate has a panel if the history has
    it, as with a schedule; its axis is logarithmic where it changes tenfold or more.

    Arguments:
        history: the result of `nn.fit`.

    Returns:
        A figure with a panel for the loss, one for each metric that is a single number, and one for the learning rate.

    Raises:
        TypeError: if `history` is not a `History`.
        ValueError: if it is empty, has no such numbers, or a list does not have one number for each epoch.
        ImportError: if Matplotlib is not installed.

    >>> import nn
    >>> history = nn.History([1, 2], {"loss": [2.1, 0.9], "val_loss": [1.7, 1.0], "accuracy": [0.3, 0.8]})
    >>> [axes.get_title(loc="left") for axes in curves(history).axes]
    ['loss', 'accuracy']
    """
    names = _check(history)
    figure, places = panels(len(names), MOST, 5.8, 4.2)
    for axes, name in zip(places, names, strict=True):
        _panel(axes, name, history.epoch, _lines(history, name))
    return figure


def _check(history: Any) -> list[str]:
    """The names of the panels: loss, metrics, learning rate."""
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
    numbers = [name for name, values in history.history.items() if not np.ndim(values[0])]
    names = dict.fromkeys(name.removeprefix("val_") for name in numbers if name != RATE)
    if not names:
        raise ValueError(
            f"curves: expected the loss or a metric that is a single number in the history, got "
            f"{sorted(history.history)}"
        )
    return sorted(names, key=lambda name: name != "loss") + [RATE] * (RATE in numbers)


def _lines(history: History, name: str) -> dict[str, list[float]]:
    keys = {"learning rate": name} if name == RATE else {"training": name, "validation": f"val_{name}"}
    return {line: history.history[key] for line, key in keys.items() if key in history.history}


def _panel(axes: Axes, name: str, epochs: list[int], lines: dict[str, list[float]]) -> None:
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, PercentFormatter

    for line, values in lines.items():
        axes.plot(epochs, values, linewidth=2.2, label=line, color=_colour(line), linestyle=LINES[line])
        axes.plot(epochs[-1:], values[-1:], marker="o", markersize=6, color=_colour(line))
    axes.set_title("learning rate" if name == RATE else name, loc="left", weight="bold")
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    if len(epochs) == 1:
        axes.set_xlim(epochs[0] - 0.5, epochs[0] + 0.5)
    if name == "accuracy":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    elif name == RATE and 0 < 10 * min(lines["learning rate"]) <= max(lines["learning rate"]):
        axes.set_yscale("log")
        is_short = max(lines["learning rate"]) < 1000 * min(lines["learning rate"])
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if is_short else (1,)))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.3g}".replace("-", "−"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    elif min(v for values in lines.values() for v in values) >= 0:
        axes.set_ylim(bottom=0)
    _label(axes, name, lines)
    if name != RATE and "validation" in lines:
        _mark_best(axes, name, epochs, lines["validation"])


def _mark_best(axes: Axes, name: str, epochs: list[int], values: list[float]) -> None:
    """A ring around the best value, and its epoch below the title."""
    mode = mode_of(name)
    found = [(value, epoch) for value, epoch in zip(values, epochs, strict=True) if math.isfinite(value)]
    if mode is None or not found or len(epochs) == 1:
        return
    best, epoch = (min if mode == "min" else max)(found, key=lambda pair: pair[0])
    axes.plot([epoch], [best], marker="o", markersize=12, markerfacecolor="none", color=theme().text, linestyle="none")
    axes.set_title(axes.get_title(loc="left"), loc="left", weight="bold", pad=24)
    note = f"○ best validation {_written(name, best)}, epoch {epoch}"
    axes.annotate(note, (0, 1), (0, 8), "axes fraction", "offset points", size=11, color=theme().muted)


def _written(name: str, value: float) -> str:
    return f"{value * 100:.1f} %" if name == "accuracy" else f"{value:#.3g}"


def _colour(line: str) -> str:
    return theme().text if line == "learning rate" else theme().colours[list(LINES).index(line)]


def _label(axes: Axes, name: str, lines: dict[str, list[float]]) -> None:
    """Write the name and the last value of each line to its right, moved apart where they would touch."""
    to_height = axes.transData - axes.transAxes
    heights = {}
    for line, values in lines.items():
        finite = [v for v in values if math.isfinite(v)]
        heights[line] = float(to_height.transform((0, finite[-1]))[1]) if finite else 0.5
    low, *_, high = sorted(2 * list(heights), key=heights.__getitem__)
    missing_gap = LABEL_GAP - (heights[high] - heights[low])
    if low != high and missing_gap > 0:
        heights[low] -= missing_gap / 2
        heights[high] += missing_gap / 2
    for line, values in lines.items():
        axes.annotate(
            f"{line} {_written(name, values[-1])}",
            (1, heights[line]),
            xytext=(4, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            weight="bold",
            color=_colour(line),
        )
