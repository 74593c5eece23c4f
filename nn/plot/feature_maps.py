"""The feature maps of the layers of a convolutional network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.module import Module, device_of, evaluation_mode, observe
from nn.plot.figure.image_array import image_array
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
from nn.plot.filters import ZERO_IS_WHITE
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["feature_maps"]

COLUMNS = 16
UNIT = 0.84  # the longer side of a map: three screen pixels for each of 28
GAP = 0.06
CAPTION = 0.3
SIZE = 12


@dataclass(frozen=True)
class _Block:
    """The maps of one layer, (C, H, W), and their caption."""

    name: str
    note: str
    maps: Array

    @property
    def map_size(self) -> tuple[float, float]:
        h, w = self.maps.shape[1:]
        return UNIT * w / max(h, w), UNIT * h / max(h, w)

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.map_size
        n = len(self.maps)
        captions = text_width(self.name, SIZE, "bold") + 0.2 + text_width(self.note, SIZE)
        lines = -(-n // COLUMNS)
        return max(min(n, COLUMNS) * (width + GAP), captions), CAPTION + lines * (height + GAP) + 0.15


@styled
def feature_maps(model: Module, image: Array, limit: int = 16) -> Figure:
    """An image, and below it the feature maps of each layer of the model.

    Purple is positive, white zero and orange negative: what a ReLU sets to zero turns from orange to white. Each
    layer has its own scale, whose ends are in its caption. Layers that return their input, or whose output is not an
    image, are left out. The model runs in evaluation mode, without recording; the modes of its modules are restored.

    Arguments:
        model: takes images ``(N, C, H, W)``.
        image: one image, shape ``(C, H, W)``, ``(1, C, H, W)``, or ``(H, W)`` for a gray one.
        limit: the largest number of maps to show for each layer.

    Raises:
        ValueError: if `image` is not one image, no layer's output is (N, C, H, W), or `limit` < 1.
        TypeError: if `model` is not a module, or `image` not an array.
        ImportError: if Matplotlib is not installed.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(nn.Conv2d(1, 3, 5, rng=0), nn.ReLU(), nn.Flatten())
    >>> figure = feature_maps(model, np.ones((8, 8)))
    >>> len(figure.axes[0].images)  # the image, three maps, and three more after the ReLU
    7
    """
    if not isinstance(model, Module):
        raise TypeError(f"feature_maps: expected a model composed of nn.Modules, got {type(model).__name__}")
    if limit < 1:
        raise ValueError(f"feature_maps: limit is the number of maps of a layer to show, at least 1; got {limit}")
    batch = _one_image(image)
    blocks = [_block("input", batch, limit), *(_block(*layer, limit) for layer in _outputs(model, batch))]

    title = f"Feature maps of {type(model).__name__}"
    subtitle = "orange: negative, white: 0, purple: positive; each layer on its own scale"
    width = max(title_width(title, subtitle), *(block.size[0] + 2 * MARGIN for block in blocks))
    figure, axes = blank_figure(width, 0.85 + sum(block.size[1] for block in blocks) + MARGIN / 2)
    draw_title(axes, title, subtitle)
    y = 0.85
    for i, block in enumerate(blocks):
        _draw(axes, block, y, is_input=i == 0)
        y += block.size[1]
    return figure


def _one_image(image: Array) -> Any:
    """The image as a batch of one, (1, C, H, W)."""
    array = image_array("feature_maps", image)
    batch = array[(None,) * (4 - array.ndim)] if array.ndim in (2, 3) else array
    if batch.ndim != 4 or len(batch) != 1:
        hint = "; pass one of them: images[0]" if array.ndim == 4 else ""
        raise ValueError(
            f"feature_maps: image has shape {array.shape}, expected one image (C, H, W), (1, C, H, W) or (H, W){hint}"
        )
    return batch


def _outputs(model: Module, batch: Array) -> list[tuple[str, Any]]:
    """The caption and the output of each layer that computes maps, in the order of their calls."""
    paths = {module: path for path, module in model.named_modules()}
    outputs: list[tuple[str, Any]] = []
    parameter = next(model.parameters(), None)
    x = mg.to(batch.astype(np.float32 if parameter is None else parameter.dtype), device_of(model))
    last: Any = x

    def note(module: Module, output: Array) -> None:
        nonlocal last
        # A container returns the output of its last layer; Dropout in evaluation mode returns its input.
        if output is not last and getattr(output, "ndim", None) == 4:
            path = paths.get(module, "")
            kind = type(module).__name__ + (f"({module.extra_repr()})" if module.extra_repr() else "")
            outputs.append((f"{path}: {kind}" if path else kind, np.asarray(mg.to(output, "cpu"))))
        last = output

    with mg.no_grad(), evaluation_mode(model), observe(note):
        model(x)
    if not outputs:
        raise ValueError(
            f"feature_maps: no layer of this {type(model).__name__} has an output (N, C, H, W); "
            "feature maps are the outputs of convolutions"
        )
    return outputs


def _block(name: str, output: Array, limit: int) -> _Block:
    maps = output[0]
    note = f"{' × '.join(map(str, maps.shape))}, from {maps.min():.2g} to {maps.max():.2g}".replace("-", "−")
    if len(maps) > limit and not (name == "input" and len(maps) == 3):
        note += f"; the first {limit} of {len(maps)} maps"
        maps = maps[:limit]
    return _Block(name, note, maps)


def _draw(axes: Axes, block: _Block, y: float, *, is_input: bool) -> None:
    axes.text(MARGIN, y + CAPTION - 0.08, block.name, size=SIZE, weight="bold")
    axes.text(
        MARGIN + text_width(block.name, SIZE, "bold") + 0.2, y + CAPTION - 0.08, block.note, size=SIZE, color="0.3"
    )
    width, height = block.map_size
    pictures: list[tuple[Any, dict[str, Any]]]
    if is_input and len(block.maps) in (1, 3):
        pictures = [for_imshow(block.maps)]
    elif is_input:
        pictures = [for_imshow(one[None]) for one in block.maps]
    else:
        most = float(np.abs(block.maps).max()) or 1.0
        pictures = [(one, {"cmap": ZERO_IS_WHITE, "vmin": -most, "vmax": most}) for one in block.maps]
    for i, (pixels, options) in enumerate(pictures):
        x, line = MARGIN + (i % COLUMNS) * (width + GAP), i // COLUMNS
        draw_image(axes, pixels, x, y + CAPTION + line * (height + GAP), width, height, **options)
