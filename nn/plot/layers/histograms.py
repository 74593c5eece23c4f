"""Histograms of the weights, activations and error signals of each layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.analysis.backward_record import BackwardRecord, LayerRecord, record_backward
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

_Row = tuple[Any, Any, Any]  # weights, activations and error signals of a layer, or None where there are none


@styled
def histograms(
    model: Module,
    x: Array,
    target: Any,
    loss: str | Loss = "cross_entropy",
    *,
    before: Module | None = None,
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
        before: a copy of the model before training, ``copy.deepcopy(model)``: its histograms are outlines, and its
            standard deviations dashed lines.
        layers: the names of layers to show, ``["conv1", "relu1"]``; all if not given.

    Raises:
        ValueError: if shapes do not match, there are no such layers, or `before` has others, or the same parameters.
        TypeError: if `model` or `before` is not a module.
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
    record, rows = _rows(model, x, target, loss, layers)
    values = [(_weights(layer), layer.y, layer.y_bar) for layer in rows]
    subtitle = f"for a batch of {len(record.x):,}, L = {record.loss:.3g}; exact zeros are counted, but not drawn"
    earlier = None
    if before is not None:
        earlier = _earlier(model, before, values, _rows(before, x, target, loss, layers)[1])
        subtitle += "; outlines and dashed lines: before training"

    title = f"Weights, activations and error signals of {type(model).__name__}"
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
            other = None if earlier is None else earlier[i][k]
            _draw(axes, array, other, theme().colours[k], _dead(array) if k == 1 else "")
    axes = add_axes(figure, right, TOP, DEVIATIONS, len(rows) * step_y)
    canvas.text(right, TOP - 0.12, "standard deviations", size=SIZE, weight="bold")
    middle = (ABOVE + HEIGHT / 2) / step_y
    if earlier is not None:
        _draw_deviations(axes, earlier, middle, linestyle="--", markerfacecolor="none")
    _draw_deviations(axes, values, middle)
    return figure


def _rows(
    model: Module, x: Array, target: Any, loss: str | Loss, layers: Sequence[str] | None
) -> tuple[BackwardRecord, list[LayerRecord]]:
    """A forward and a backward pass, and the layers to show."""
    record = record_backward("histograms", model, x, target, loss)
    computing = _that_compute(record.x, record.layers)
    if not computing:
        raise ValueError(f"histograms: this {type(model).__name__} has no layer that computes something")
    return record, chosen_layers("histograms", computing, layers)


def _earlier(model: Module, before: Module, values: list[_Row], rows: list[LayerRecord]) -> list[_Row]:
    """The arrays of the model before training, which have to have the shapes of those after it."""
    own = {id(parameter) for parameter in model.parameters()}
    if any(id(parameter) in own for parameter in before.parameters()):
        raise ValueError(
            "histograms: before has parameters of the model itself, so training changed both; before training keep a "
            "copy: before = copy.deepcopy(model)"
        )
    earlier = [(_weights(layer), layer.y, layer.y_bar) for layer in rows]
    shapes, others = ([[np.shape(array) for array in row] for row in some] for some in (values, earlier))
    if shapes != others:
        raise ValueError("histograms: before has other layers than the model; pass a copy of it: copy.deepcopy(model)")
    return earlier


def _that_compute(x: Any, layers: list[LayerRecord]) -> list[LayerRecord]:
    """The layers but those that change the shape alone of what came before, or of the input."""
    found, before = [], x
    for layer in layers:
        is_reshaped = layer.y.shape != before.shape and layer.y.size == before.size
        if not (is_reshaped and np.array_equal(layer.y.ravel(), before.ravel())):
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


def _draw(axes: Axes, array: Any, other: Any, colour: str, dead: str) -> None:
    """The histogram of an array, and the outline of that of another one, on one axis."""
    values = array[array != 0]
    others = values[:0] if other is None else other[other != 0]
    axes.spines["left"].set_visible(False)
    axes.set(yticks=[])
    both = np.concatenate([values.ravel(), others.ravel()])
    low, high = (float(both.min()), float(both.max())) if both.size else (0.0, 0.0)
    low = 0.0 if 0 < low < 0.05 * high else low  # as after a ReLU
    if low == high:
        low, high = low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1)
    counts, edges = np.histogram(values, BINS, (low, high))
    axes.stairs(counts, edges, fill=True, color=colour)
    most = counts.max()
    if other is not None:
        counts, edges = np.histogram(others, BINS, (low, high))
        axes.stairs(counts, edges, color=theme().text, linewidth=1.0)
        most = max(most, counts.max())
    if low < 0 < high:
        axes.axvline(0, color=theme().muted, linewidth=0.8, linestyle=":")
    axes.set(xlim=(low, high), ylim=(0, max(1.05 * most, 1)))
    axes.set_xticks([low, high], [short(low), short(high)], size=SMALL)
    first, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    axes.tick_params(length=2, pad=1)
    if dead:
        box = {"facecolor": theme().background, "edgecolor": "none", "alpha": 0.8, "pad": 1}
        axes.text(0.99, 0.95, dead, size=SMALL, weight="bold", ha="right", va="top", transform=axes.transAxes, bbox=box)


def _draw_deviations(axes: Axes, values: list[_Row], middle: float, **style: Any) -> None:
    """The standard deviations of all rows, beside their histograms; those of 0 are left out."""
    from matplotlib.ticker import NullFormatter

    for k, marker in enumerate(COLUMNS.values()):
        rows = [i for i, row in enumerate(values) if row[k] is not None and row[k].std(dtype=float) > 0]
        deviations = [values[i][k].std(dtype=float) for i in rows]
        colour = theme().colours[k]
        axes.plot(deviations, [i + middle for i in rows], marker=marker, color=colour, linewidth=1.4, **style)
    axes.set(ylim=(len(values), 0), yticks=[], xscale="log")
    axes.xaxis.set_major_formatter(lambda value, _: power_of_ten(round(np.log10(value))))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=theme().grid)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=SMALL)
