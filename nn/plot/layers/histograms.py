"""Histograms of the weights, activations and error signals of each layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.analysis.backward_record import LayerRecord, record_backward
from nn.module import Module
from nn.plot.figure.chosen_layers import chosen_layers
from nn.plot.figure.numbers import power_of_ten, short
from nn.plot.figure.style import MARGIN, add_axes, blank_figure, draw_title, styled, text_width, title_width
from nn.plot.figure.theme import theme
from nn.typing import Array, Loss

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["histograms"]

BINS = 50
COLUMNS = {"weights": "o", "activations y": "s", "error signals ȳ": "^"}  # and their markers
WIDTH, HEIGHT = 2.7, 0.5  # of a histogram
ABOVE, BELOW = 0.24, 0.26  # room for the numbers, and for the ends of the axis
GAP = 0.3
TOP = 1.15
DEVIATIONS = 2.6  # width of the panel with the standard deviations
SIZE, SMALL = 11, 9


@styled
def histograms(
    model: Module,
    x: Array,
    target: Any,
    loss: str | Loss = "cross_entropy",
    *,
    layers: Sequence[str] | None = None,
) -> Figure:
    """Histograms of the weights, the activations y and the error signals ȳ = ∂L/∂y of each layer, for a batch.

    Above each are the mean, the standard deviation, and the share of exact zeros, which are not drawn. A unit that is
    0 for the whole batch is dead: a ReLU lets no error signal through there. On the right are the standard deviations
    of all layers: where those of the error signals fall from layer to layer towards the input, they vanish; where
    they grow, they explode. Values at both ends of a sigmoid's range are saturation.

    Layers that return their input, or only its shape changed, are left out. The model runs in evaluation mode, and is
    left as it was, its gradients, too.

    Arguments:
        model: any module.
        x: a batch of inputs.
        target: their targets.
        loss: takes outputs and targets, or is a name, as in `nn.fit`. The usual mean over the batch makes error signals
            of N samples an N-th of those of one.
        layers: the names of layers to show, ``["conv1", "relu1"]``; all if not given.

    Raises:
        ValueError: if shapes do not match, or there are no such layers.
        TypeError: if `model` is not a module.
        FloatingPointError: if a weight, an activation or an error signal is infinite or NaN.
        ImportError: if Matplotlib is not installed.

    >>> import nn
    >>> model = nn.Sequential(nn.Linear(4, 8, rng=0), nn.ReLU(), nn.Linear(8, 3, rng=1))
    >>> x = np.random.default_rng(0).normal(size=(20, 4))
    >>> figure = histograms(model, x, np.arange(20) % 3)
    >>> counts, edges, _ = figure.axes[1].patches[0].get_data()
    >>> int(counts.sum())  # the weights of the first layer
    32
    """
    record = record_backward("histograms", model, x, target, loss)
    computing = _that_compute(record.x, record.layers)
    if not computing:
        raise ValueError(f"histograms: this {type(model).__name__} has no layer that computes something")
    rows = chosen_layers("histograms", computing, layers)
    values = [(_weights(layer), layer.y, layer.y_bar) for layer in rows]

    title = f"Weights, activations and error signals of {type(model).__name__}"
    subtitle = f"for a batch of {len(record.x):,}, L = {record.loss:.3g}; exact zeros are counted, but not drawn"
    names = max(text_width(text, SIZE, "bold") for layer in rows for text in _two_lines(layer))
    step_x, step_y = WIDTH + GAP, ABOVE + HEIGHT + BELOW
    left = MARGIN + names + GAP
    right = left + len(COLUMNS) * step_x
    height = TOP + len(rows) * step_y + 0.45
    figure, canvas = blank_figure(max(right + DEVIATIONS + MARGIN, title_width(title, subtitle)), height)
    draw_title(canvas, title, subtitle)
    for k, (name, marker) in enumerate(COLUMNS.items()):
        canvas.plot([left + k * step_x + 0.06], [TOP - 0.17], marker=marker, color=theme().colours[k])
        canvas.text(left + k * step_x + 0.18, TOP - 0.12, name, size=SIZE, weight="bold")
    for i, (layer, row) in enumerate(zip(rows, values, strict=True)):
        y = TOP + i * step_y + ABOVE
        path, kind = _two_lines(layer)
        canvas.text(MARGIN, y + HEIGHT / 2 - 0.02, path, size=SIZE, weight="bold", va="bottom")
        canvas.text(MARGIN, y + HEIGHT / 2 + 0.02, kind, size=SIZE, color=theme().muted, va="top")
        for k, array in enumerate(row):
            if array is None:
                text = "no weights" if k == 0 else "no error signal"
                canvas.text(left + k * step_x, y + HEIGHT / 2, text, size=SMALL, color=theme().muted, va="center")
                continue
            canvas.text(left + k * step_x, y - 0.07, _numbers(array), size=SMALL)
            axes = add_axes(figure, left + k * step_x, y, WIDTH, HEIGHT)
            _draw(axes, array, theme().colours[k], _dead(array) if k == 1 else "")
    axes = add_axes(figure, right, TOP, DEVIATIONS, len(rows) * step_y)
    canvas.text(right, TOP - 0.12, "standard deviations", size=SIZE, weight="bold")
    _draw_deviations(axes, values, (ABOVE + HEIGHT / 2) / step_y)
    return figure


def _that_compute(x: Any, layers: list[LayerRecord]) -> list[LayerRecord]:
    """The layers whose output has other values than that of the layer before, or other ones than the input."""
    found, before = [], x
    for layer in layers:
        if not (layer.y.size == before.size and np.array_equal(layer.y.ravel(), before.ravel())):
            found.append(layer)
        before = layer.y
    return found


def _weights(layer: LayerRecord) -> Any:
    """The parameters of the layer itself but its biases, or ``None``."""
    own = [p for name, p in layer.module.named_parameters() if "." not in name and name != "bias"]
    if not own:
        return None
    array = np.concatenate([np.ravel(mg.to(p.data, "cpu")) for p in own])
    if not np.isfinite(array).all():
        raise FloatingPointError(
            f"histograms: {layer.name} has weights that are infinite or NaN: training has diverged; take a smaller "
            "learning rate, or limit gradients by clip_norm"
        )
    return array


def _two_lines(layer: LayerRecord) -> tuple[str, str]:
    kind = type(layer.module).__name__
    return (layer.path, kind) if layer.path else (kind, "")


def _numbers(array: Any) -> str:
    """``mean 0.01, std 0.25, 53 % zeros``."""
    share = float(np.mean(array == 0))
    text = f"mean {short(array.mean(dtype=float))}, std {short(array.std(dtype=float))}"
    if not share:
        return text
    percent = f"{share:.0%}" if 0.01 <= share <= 0.99 or share == 1 else "<1%" if share < 0.5 else ">99%"
    return f"{text}, {percent[:-1]} % zeros"


def _dead(y: Any) -> str:
    """How many units are 0 for the whole batch: channels of maps, or single units."""
    if y.ndim < 2:
        return ""
    dead = int((y == 0).all(axis=tuple(axis for axis in range(y.ndim) if axis != 1)).sum())
    return f"{dead} of {y.shape[1]} units dead" if dead else ""


def _draw(axes: Axes, array: Any, colour: str, dead: str) -> None:
    values = array[array != 0]
    axes.spines["left"].set_visible(False)
    axes.set(yticks=[])
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    low = 0.0 if 0 < low < 0.05 * high else low  # as after a ReLU
    if low == high:
        low, high = low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1)
    counts, edges = np.histogram(values, BINS, (low, high))
    axes.stairs(counts, edges, fill=True, color=colour)
    if low < 0 < high:
        axes.axvline(0, color=theme().muted, linewidth=0.8, linestyle=":")
    axes.set(xlim=(low, high), ylim=(0, max(1.05 * counts.max(), 1)))
    axes.set_xticks([low, high], [short(low), short(high)], size=SMALL)
    first, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    axes.tick_params(length=2, pad=1)
    if dead:
        box = {"facecolor": theme().background, "edgecolor": "none", "alpha": 0.8, "pad": 1}
        axes.text(0.99, 0.95, dead, size=SMALL, weight="bold", ha="right", va="top", transform=axes.transAxes, bbox=box)


def _draw_deviations(axes: Axes, values: list[tuple[Any, ...]], middle: float) -> None:
    """The standard deviations of all rows, beside their histograms; those of 0 are left out."""
    from matplotlib.ticker import NullFormatter

    for k, marker in enumerate(COLUMNS.values()):
        rows = [i for i, row in enumerate(values) if row[k] is not None and row[k].std(dtype=float) > 0]
        deviations = [values[i][k].std(dtype=float) for i in rows]
        axes.plot(deviations, [i + middle for i in rows], marker=marker, color=theme().colours[k], linewidth=1.4)
    axes.set(ylim=(len(values), 0), yticks=[], xscale="log")
    axes.xaxis.set_major_formatter(lambda value, _: power_of_ten(round(np.log10(value))))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=theme().grid)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=SMALL)
