"""The feature maps of the layers of a convolutional network, and their error signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.analysis.backward_record import record_backward
from nn.hyperparameters import whole_number
from nn.module import Module
from nn.plot.figure.chosen_layers import chosen_layers
from nn.plot.figure.image_array import one_image
from nn.plot.figure.numbers import short
from nn.plot.figure.outcome import outcome, target_of_one
from nn.plot.figure.style import (
    MARGIN,
    blank_figure,
    draw_image,
    draw_title,
    for_imshow,
    styled,
    text_width,
    title_width,
)
from nn.plot.figure.theme import theme
from nn.typing import Array, Loss

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["feature_maps"]

COLUMNS = 16
UNIT = 0.84  # the longer side of a map: three screen pixels for each of 28
GAP = 0.06
CAPTION = 0.3
SIZE = 12
LETTER = 0.28  # the width of y and ȳ in front of a line of maps
BAR = {"x": "x̄", "y": "ȳ"}

_Picture = tuple[Any, dict[str, Any]]  # what imshow takes


@dataclass(frozen=True)
class _Block:
    """The maps of one layer in lines, each with its letter, and their caption."""

    name: str
    note: str
    lines: list[tuple[str, list[_Picture]]]

    @property
    def map_size(self) -> tuple[float, float]:
        h, w = self.lines[0][1][0][0].shape[:2]
        return UNIT * w / max(h, w), UNIT * h / max(h, w)

    @property
    def indent(self) -> float:
        return LETTER if any(letter for letter, _ in self.lines) else 0.0

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.map_size
        captions = text_width(self.name, SIZE, "bold") + 0.2 + text_width(self.note, SIZE)
        maps = self.indent + max(len(pictures) for _, pictures in self.lines) * (width + GAP)
        return max(maps, captions), CAPTION + len(self.lines) * (height + GAP) + 0.15


@styled
def feature_maps(
    model: Module,
    image: Array,
    limit: int = 16,
    *,
    target: Any = None,
    loss: str | Loss = "cross_entropy",
    layers: Sequence[str] | None = None,
    labels: Sequence[str] | None = None,
) -> Figure:
    """An image, and below it the feature maps of each layer of the model; with a target, their error signals, too.

    Purple is positive, orange negative, and zero is the background: what a ReLU sets to zero is gone after it. Each
    layer has its own scale, whose ends are in its caption. Layers that return their input, or whose output is not an
    image, are left out. The model runs in evaluation mode, and is left as it was, its gradients, too.

    With `target`, the error signal ȳ = ∂L/∂y of each map y is below it. All of a layer share one scale, which is not
    that of y. A step of descent goes against ȳ: the loss becomes smaller if y does where ȳ is purple, and if y grows
    where it is orange.

    Arguments:
        model: takes images ``(N, C, H, W)``.
        image: one image, shape ``(C, H, W)``, ``(1, C, H, W)``, or ``(H, W)`` for a gray one.
        limit: the largest number of maps to show for each layer.
        target: the target of this image: its class number, or an array as the loss takes it.
        loss: takes outputs and targets, or is a name, as in `nn.fit`.
        layers: the names of layers to show, ``["conv1", "pool1"]``; all if not given.
        labels: a name for each class, for the title; if not given, those of ``model.classes``, or numbers.

    Raises:
        ValueError: if `image` is not one image, no layer's output is (N, C, H, W), there are no such layers, or
            `limit` < 1.
        TypeError: if `model` is not a module, `image` not an array, or `limit` not a whole number.
        FloatingPointError: if a map or an error signal is infinite or NaN.
        ImportError: if Matplotlib is not installed.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(nn.Conv2d(1, 3, 5, rng=0), nn.ReLU(), nn.Flatten(), nn.Linear(48, 2, rng=1))
    >>> figure = feature_maps(model, np.ones((8, 8)))
    >>> len(figure.axes[0].images)  # the image, three maps, and three more after the ReLU
    7
    >>> figure = feature_maps(model, np.ones((8, 8)), target=0)
    >>> figure.axes[0].texts[0].get_text()
    'Feature maps and error signals of Sequential: true 0, predicted 1'
    """
    if not isinstance(model, Module):
        raise TypeError(f"feature_maps: expected a model composed of nn.Modules, got {type(model).__name__}")
    limit = whole_number("feature_maps: limit", limit, least=1)
    batch, is_batch = one_image("feature_maps", image)
    known = None if target is None else target_of_one(target, is_batch)
    record = record_backward("feature_maps", model, batch, known, loss)
    found = [layer for layer in record.layers if layer.y.ndim == 4]
    if not found:
        raise ValueError(
            f"feature_maps: no layer of this {type(model).__name__} has an output (N, C, H, W); "
            "feature maps are the outputs of convolutions"
        )
    shown = chosen_layers("feature_maps", found, layers)
    blocks = [_block("input", "x", batch, record.x_bar, limit)]
    blocks += [_block(layer.name, "y", layer.y, layer.y_bar, limit) for layer in shown]

    title = f"Feature maps of {type(model).__name__}"
    subtitle = f"orange: negative, {theme().zero}: 0, purple: positive; each layer on its own scale"
    if target is not None:
        result = outcome("feature_maps", model, record.output, target, labels)
        title = f"Feature maps and error signals of {type(model).__name__}" + (f": {result}" if result else "")
        subtitle = f"ȳ = ∂L/∂y below each map y, L = {record.loss:.3g}; {subtitle}, ȳ on another"
    width = max(title_width(title, subtitle), *(block.size[0] + 2 * MARGIN for block in blocks))
    figure, axes = blank_figure(width, 0.85 + sum(block.size[1] for block in blocks) + MARGIN / 2)
    draw_title(axes, title, subtitle)
    y = 0.85
    for block in blocks:
        _draw(axes, block, y)
        y += block.size[1]
    return figure


def _block(name: str, letter: str, output: Array, signal: Array, limit: int) -> _Block:
    maps = output[0]
    note = f"{' × '.join(map(str, maps.shape))}, from {_ends(maps)}"
    if signal is not None:
        note += f"; {BAR[letter]} from {_ends(signal)}"
    if name == "input" and len(maps) in (1, 3):
        pictures = [for_imshow(maps)]
    elif name == "input":
        pictures = [for_imshow(one[None]) for one in maps[:limit]]
    else:
        pictures = _signed(maps, limit)
    if len(maps) > limit and len(pictures) > 1:
        note += f"; the first {limit} of {len(maps)} maps"
    if signal is None:
        return _Block(name, note, [("", line) for line in _in_lines(pictures)])
    lines = []
    for above, below in zip_longest(_in_lines(pictures), _in_lines(_signed(signal[0], limit))):
        lines += [(letter, above)] if above else []
        lines += [(BAR[letter], below)] if below else []
    return _Block(name, note, lines)


def _signed(maps: Array, limit: int) -> list[_Picture]:
    """Maps on one scale, with 0 as the background."""
    most = float(np.abs(maps).max()) or 1.0
    return [(one, {"cmap": theme().diverging, "vmin": -most, "vmax": most}) for one in maps[:limit]]


def _in_lines(pictures: list[_Picture]) -> list[list[_Picture]]:
    return [pictures[start : start + COLUMNS] for start in range(0, len(pictures), COLUMNS)]


def _ends(maps: Array) -> str:
    return f"{short(maps.min())} to {short(maps.max())}"


def _draw(axes: Axes, block: _Block, y: float) -> None:
    axes.text(MARGIN, y + CAPTION - 0.08, block.name, size=SIZE, weight="bold")
    axes.text(
        MARGIN + text_width(block.name, SIZE, "bold") + 0.2,
        y + CAPTION - 0.08,
        block.note,
        size=SIZE,
        color=theme().muted,
    )
    width, height = block.map_size
    for i, (letter, pictures) in enumerate(block.lines):
        top = y + CAPTION + i * (height + GAP)
        if letter:
            axes.text(MARGIN, top + height / 2, letter, size=SIZE, va="center")
        for k, (pixels, options) in enumerate(pictures):
            draw_image(axes, pixels, MARGIN + block.indent + k * (width + GAP), top, width, height, **options)
