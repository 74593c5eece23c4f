"""The switches of a max-pooling: which element of each window wins, and gets the error signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.analysis.backward_record import BackwardRecord, record_backward
from nn.hyperparameters import whole_number
from nn.module import Module
from nn.plot.figure.image_array import one_image
from nn.plot.figure.numbers import power_of_ten, short
from nn.plot.figure.outcome import outcome, target_of_one
from nn.plot.figure.style import MARGIN, add_axes, blank_figure, draw_title, styled, text_width, title_width
from nn.plot.figure.theme import text_on, theme
from nn.typing import Array, Loss

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["switches"]

LARGEST, SMALLEST = 0.6, 0.1  # of the side of a cell, in inches
PANEL = 4.4  # of the longer side of a map
NUMBERED = 0.42  # a cell of this size has room for a number
GAP = 0.45
CAPTION = 0.55
SIZE = 11
STYLES = ("-", "--", "-.", ":")  # of windows that overlap


@dataclass(frozen=True, eq=False)
class _Pooling:
    """One channel of one max-pooling.

    Attributes:
        x, y: the map and the pooled map, (H, W) and (OH, OW).
        y_bar: the error signal of y, or ``None``.
        switch: the number of the winner in its window, counted row by row, for each element of y.
        kernel, stride, padding, dilation: of the windows, one entry for each axis; padding is (before, after).
    """

    x: Any
    y: Any
    y_bar: Any
    switch: Any
    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    dilation: tuple[int, int]

    @cached_property
    def winners(self) -> Any:
        """Row and column of the winner of each window, (2, OH, OW)."""
        places = np.stack(np.divmod(self.switch.astype(int), self.kernel[1]))
        return np.stack([self.corners[k] + self.dilation[k] * places[k] for k in (0, 1)])

    @cached_property
    def corners(self) -> Any:
        """Row and column of the first element of each window, in the padding or not, (2, OH, OW)."""
        indices = np.indices(self.y.shape)
        return np.stack([self.stride[k] * indices[k] - self.padding[k][0] for k in (0, 1)])

    @property
    def span(self) -> tuple[int, int]:
        """Height and width of a window in pixels."""
        rows, columns = (d * (f - 1) + 1 for f, d in zip(self.kernel, self.dilation, strict=True))
        return rows, columns

    @property
    def x_bar(self) -> Any:
        """What x gets from this pooling: each ȳ added to the pixel of its winner."""
        x_bar = np.zeros_like(self.x)
        np.add.at(x_bar, tuple(self.winners), self.y_bar)
        return x_bar

    @property
    def ties(self) -> int:
        """The windows of which the largest element is there more than once."""
        count = np.zeros(self.y.shape, int)
        for i, j in np.ndindex(*self.kernel):
            row, column = self.corners[0] + self.dilation[0] * i, self.corners[1] + self.dilation[1] * j
            inside = (row >= 0) & (row < self.x.shape[0]) & (column >= 0) & (column < self.x.shape[1])
            count += inside & (self.x[row * inside, column * inside] == self.y)
        return int((count > 1).sum())

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Top, bottom, left and right of all that windows cover, and the map."""
        found = []
        for k in (0, 1):
            found += [
                min(0, int(self.corners[k].min())),
                max(self.x.shape[k], int(self.corners[k].max()) + self.span[k]),
            ]
        return found[0], found[1], found[2], found[3]


@styled
def switches(
    model: Module,
    image: Array,
    pool: str | int = 0,
    channel: int = 0,
    *,
    target: Any = None,
    loss: str | Loss = "cross_entropy",
    labels: Sequence[str] | None = None,
) -> Figure:
    """A max-pooling in a model: the windows on a map, the element that wins in each, the pooled map, and its switches.

    A switch remembers which element of a window is the largest: it has a ring. Of equal ones the first wins, row by
    row. With `target`, two more panels show the backward pass: the error signal ȳ of the pooled map, and where the
    switches lead it: the winner gets all of it, the others nothing, and a winner of several windows their sum.

    Every max-pooling of images that the forward pass calls can be shown, `nn.MaxPool2d` or `mg.max_pool2d`, with any
    stride, padding and dilation. Padding is hatched. The model runs in evaluation mode, and is left as it was.

    Arguments:
        model: takes images ``(N, C, H, W)``: a network, or an ``nn.MaxPool2d`` alone.
        image: one image, shape ``(C, H, W)``, ``(1, C, H, W)``, or ``(H, W)`` for a gray one.
        pool: which max-pooling: the name of its layer, ``"pool1"``, or its number in the order of calls, from 0.
        channel: the number of the map.
        target: the target of this image: its class number, or an array as the loss takes it.
        loss: takes outputs and targets, or is a name, as in `nn.fit`.
        labels: a name for each class, for the title; if not given, those of ``model.classes``, or numbers.

    Raises:
        ValueError: if the model has no max-pooling of images, or not this one; if there is no such channel; if `image`
            is not one image.
        TypeError: if `model` is not a module, or `image` not an array.
        FloatingPointError: if an output or an error signal is infinite or NaN.
        ImportError: if Matplotlib is not installed.

    Source: Zeiler, Fergus, "Visualizing and understanding convolutional networks", 2014, figure 1.

    >>> import minigrad as mg
    >>> import nn
    >>> x = [[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 8.0]]
    >>> y_bar = [[[10.0, 20.0]]]
    >>> figure = switches(nn.MaxPool2d(2), x, target=y_bar, loss=lambda y, y_bar: mg.sum(y * y_bar))
    >>> figure.axes[3].images[0].get_array().tolist()
    [[0.0, 10.0, 0.0, 0.0], [0.0, 0.0, 20.0, 0.0]]
    """
    batch, is_batch = one_image("switches", image)
    known = None if target is None else target_of_one(target, is_batch)
    record = record_backward("switches", model, batch, known, loss, operation="max_pool2d")
    name, pooling, channels = _found(model, record, pool, channel)
    rows = [[("x", pooling.x), ("y", pooling.y)]]
    if target is not None:
        rows.append([("x̄", pooling.x_bar), ("ȳ", pooling.y_bar)])

    result = outcome("switches", model, record.output, target, labels)
    title = f"Switches of {name}" + (f": {result}" if result else "")
    ties = f"; {pooling.ties} of {pooling.y.size} windows tie: the first wins" if pooling.ties else ""
    subtitle = f"map {channel} of {channels}; a ring is around the largest element of each window{ties}"
    top, bottom, left, right = pooling.edges
    unit = float(np.clip(PANEL / max(bottom - top, right - left), SMALLEST, LARGEST))
    x_size, y_size = (unit * (right - left), unit * (bottom - top)), tuple(unit * n for n in pooling.y.shape[::-1])
    powers = [_power(row) if unit >= NUMBERED else 0 for row in rows]
    captions = [
        [_caption(letter, values, power) for letter, values in row] for row, power in zip(rows, powers, strict=True)
    ]
    first, second = (max(text_width(row[k], SIZE) for row in captions) for k in (0, 1))
    first, second = max(first, x_size[0]), max(second, y_size[0])
    figure, canvas = blank_figure(
        max(2 * MARGIN + first + GAP + second, title_width(title, subtitle)),
        0.75 + len(rows) * (CAPTION + x_size[1]) + MARGIN,
    )
    draw_title(canvas, title, subtitle)
    for i, row in enumerate(rows):
        y0 = 0.75 + i * (CAPTION + x_size[1])
        most = max(float(np.abs(values).max()) for _, values in row) or 1.0
        for k, ((letter, values), size) in enumerate(zip(row, (x_size, y_size), strict=True)):
            x0 = MARGIN + k * (first + GAP)
            canvas.text(x0, y0 + CAPTION - 0.1, captions[i][k], size=SIZE)
            axes = add_axes(figure, x0, y0 + CAPTION, *size)
            _draw_map(axes, values, most, unit, powers[i])
            if k == 0:
                _draw_windows(axes, pooling, unit, outlines=letter == "x")
    return figure


def _found(model: Module, record: BackwardRecord, pool: str | int, channel: int) -> tuple[str, _Pooling, int]:
    """The name of the max-pooling that is asked for, one channel of it, and the number of channels."""
    kind = type(model).__name__
    found = [operation for operation in record.operations if operation.primitive.name == "max_pool2d"]
    if not found:
        raise ValueError(
            f"switches: this {kind} has no max-pooling of images; switches are those of nn.MaxPool2d or mg.max_pool2d"
        )
    # The output of a whole model may be that of a function in its forward, which is not the model's name.
    layers = {layer.output: layer for layer in record.layers if layer.path or len([*model.modules()]) == 1}
    paths = [layers[operation.output].path if operation.output in layers else "" for operation in found]
    names = ", ".join(repr(path) if path else str(i) for i, path in enumerate(paths))
    if isinstance(pool, str):
        if pool not in paths or not pool:
            raise ValueError(f"switches: pool is {pool!r}, which is not a max-pooling of this {kind}; it has {names}")
        number = paths.index(pool)
    else:
        number = whole_number("switches: pool", pool, least=0)
        if number >= len(found):
            raise ValueError(f"switches: pool is {pool}, but this {kind} has {len(found)}, from 0: {names}")
    operation = found[number]
    y, x = _array(operation.output)[0], _array(operation.inputs[0])[0]
    channel = whole_number("switches: channel", channel, least=0)
    if channel >= len(x):
        raise ValueError(f"switches: channel is {channel}, but there are {len(x)} maps, from 0")
    params = {key: operation.params[key] for key in ("kernel", "stride", "padding", "dilation")}
    y_bar = record.signals.get(operation.output)
    if y_bar is None and record.loss is not None:
        raise ValueError(f"switches: the loss does not depend on pool {pool!r}, so no error signal comes to it")
    pooling = _Pooling(
        x[channel],
        y[channel],
        None if y_bar is None else _array(y_bar)[0, channel],
        _array(operation.params["switches"])[0, channel],
        **params,
    )
    layer = layers.get(operation.output)
    name = f"max-pooling {number}" if layer is None else layer.name
    return (name if layer is not None and layer.module is model else f"{name} in {kind}"), pooling, len(x)


def _array(values: Any) -> Any:
    return np.asarray(mg.to(values, "cpu"))


def _power(row: list[tuple[str, Any]]) -> int:
    """The power of ten that numbers are divided by, where they would not fit into cells."""
    most = max(float(np.abs(values).max()) for _, values in row)
    return 0 if most == 0 or 0.1 <= most < 1000 else int(np.floor(np.log10(most)))


def _caption(letter: str, values: Any, power: int) -> str:
    what = {"x": "the map x", "y": "the pooled map y", "ȳ": "its error signal ȳ", "x̄": "x̄: ȳ at the switches"}[letter]
    what += f", numbers × {power_of_ten(power)}" if power else ""
    return f"{what}\n{values.shape[0]} × {values.shape[1]}, from {short(values.min())} to {short(values.max())}"


def _draw_map(axes: Axes, values: Any, most: float, unit: float, power: int) -> None:
    """A map with 0 in the colour of the background, and its numbers where there is room for them."""
    shown = axes.imshow(values, cmap=theme().diverging, vmin=-most, vmax=most, interpolation="nearest", aspect="auto")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=theme().frame, linewidth=0.6)
    if unit < NUMBERED:
        return
    scaled = most / 10.0**power
    decimals = 2 if scaled < 10 else 1 if scaled < 100 else 0
    for (row, column), value in np.ndenumerate(values):
        text = f"{round(float(value) / 10.0**power, decimals) + 0.0:g}".replace("-", "−")
        axes.text(column, row, text, size=9, ha="center", va="center", color=text_on(shown.to_rgba(value)))


def _draw_windows(axes: Axes, pooling: _Pooling, unit: float, *, outlines: bool) -> None:
    """The padding, the windows if asked for, and a ring around each winner; how many windows it wins, if several."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    top, bottom, left, right = pooling.edges
    height, width = pooling.x.shape
    axes.set(xlim=(left - 0.5, right - 0.5), ylim=(bottom - 0.5, top - 0.5))
    if (top, bottom, left, right) != (0, height, 0, width):
        axes.add_patch(
            Rectangle((left - 0.5, top - 0.5), right - left, bottom - top, fill=False, hatch="////", linewidth=0,
                      edgecolor=theme().frame, zorder=-1)
        )  # fmt: skip
    if outlines:
        # Windows that overlap differ in the distance from their cells' borders, and in the kind of line.
        levels = [-(-size // step) for size, step in zip(pooling.span, pooling.stride, strict=True)]
        patches, styles = [], []
        for i, j in np.ndindex(pooling.y.shape):
            level = (i % levels[0]) * levels[1] + j % levels[1]
            inset = 0.03 + 0.3 * level / (levels[0] * levels[1])
            row, column = pooling.corners[:, i, j] - 0.5 + inset
            span = [n - 2 * inset for n in pooling.span]
            patches.append(Rectangle((column, row), span[1], span[0]))
            styles.append(STYLES[level % len(STYLES)])
        width = float(np.clip(4 * unit, 0.4, 1.4))
        line: dict[str, Any] = {"facecolor": "none", "edgecolor": theme().text, "linewidth": width, "linestyle": styles}
        halo = withStroke(linewidth=width + 1.2, foreground=theme().background)  # on cells of any colour
        axes.add_collection(PatchCollection(patches, path_effects=[halo], **line))
    (rows, columns), wins = np.unique(pooling.winners.reshape(2, -1), axis=1, return_counts=True)
    side = 72 * unit  # of a cell, in points
    for color, extra in ((theme().background, 1.6), (theme().text, 0.0)):
        axes.scatter(
            columns, rows, s=(0.86 * side) ** 2, facecolor="none", edgecolor=color,
            linewidth=float(np.clip(0.06 * side, 0.5, 1.8)) + extra * min(1.0, side / 20), zorder=3,
        )  # fmt: skip
    if unit >= NUMBERED:
        for row, column, times in zip(rows, columns, wins, strict=True):
            if times > 1:
                axes.text(
                    column + 0.42, row - 0.44, f"×{times}", size=7, ha="right", va="top", weight="bold", zorder=4,
                    bbox={"facecolor": theme().background, "edgecolor": "none", "pad": 0.5},
                )  # fmt: skip
