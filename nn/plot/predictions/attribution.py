"""An image, where an answer of the network comes from, and both laid over one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.analysis.backward_record import record_backward
from nn.module import Module
from nn.plot.figure.image_array import one_image
from nn.plot.figure.numbers import short
from nn.plot.figure.outcome import outcome, predicted_class
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
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["attribution"]

SIDE, GAP = 2.0, 0.25  # the longer side of an image, and between two, in inches
CAPTION, SIZE = 0.48, 11  # two lines
OVER = "over the image"
TOP = 0.75
FADED = 0.45  # of an image below a map
LUMINANCE = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class _Map:
    """A map (H, W), its name, and the ends of its scale."""

    name: str
    values: Any

    @property
    def signed(self) -> bool:
        return bool(self.values.min() < 0)

    @property
    def most(self) -> float:
        return float(abs(self.values).max()) or 1.0

    @property
    def scale(self) -> dict[str, Any]:
        colours = theme().diverging if self.signed else theme().sequential
        return {"cmap": colours, "vmin": -self.most if self.signed else 0.0, "vmax": self.most}

    @property
    def caption(self) -> str:
        return f"{self.name}\n{short(self.values.min())} to {short(self.values.max())}".removeprefix("\n")


@styled
def attribution(
    model: Module,
    image: Array,
    maps: Array | Mapping[str, Array],
    *,
    target: int | None = None,
    labels: Sequence[str] | None = None,
) -> Figure:
    """An image, a map of where an answer of the model comes from, and the map over the image; or several maps.

    Each map has its own scale, whose ends are in its caption. Purple is positive, and zero is the background; in a map
    with negative numbers these are orange. Of a map with the channels of the image their sum is drawn. Over the image,
    the larger a number is, the less of the pixel is seen.

    Arguments:
        model: of which the title says what it predicts; it is left as it was.
        image: one image, shape ``(C, H, W)``, ``(1, C, H, W)``, or ``(H, W)`` for a gray one.
        maps: what a function of `nn.attribution` returned for this image, ``(1, H, W)`` or ``(1, C, H, W)``, also
            without the 1; or several of these by name, for a column each.
        target: the true class of the image, for the title.
        labels: a name for each class, for the title; if not given, those of ``model.classes``, or numbers.

    Raises:
        ValueError: if `image` is not one image, there is no map, or a map has another size.
        TypeError: if `model` is not a module, or `image` or a map not an array.
        FloatingPointError: if a map or an output of the model is infinite or NaN.
        ImportError: if Matplotlib is not installed.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(64, 3, bias=False, rng=0))
    >>> image = np.random.default_rng(0).random((1, 8, 8))
    >>> figure = attribution(model, image, nn.attribution.saliency(model, image[None]), target=2)
    >>> figure.axes[0].texts[0].get_text()
    'Attribution in Sequential: true 2, predicted 0'
    """
    batch, _ = one_image("attribution", image)
    named = maps if isinstance(maps, Mapping) else {"": maps}
    if not named:
        raise ValueError('attribution: there are no maps; expected at least one: {"saliency": map}')
    drawn = [_Map(name, _map(name, values, batch.shape)) for name, values in named.items()]
    output = record_backward("attribution", model, batch).output
    result = predicted_class("attribution", model, output, labels)
    if target is not None:
        result = outcome("attribution", model, output, target, labels)

    title = f"Attribution in {type(model).__name__}" + (f": {result}" if result else "")
    signs = f"orange: negative, {theme().zero}: 0" if any(one.signed for one in drawn) else f"{theme().zero}: 0"
    subtitle = f"{signs}, purple: positive" + ("; each map on its own scale" if len(drawn) > 1 else "")
    several = len(drawn) > 1  # of one map, all three stand side by side
    above = ["image", *(one.caption for one in drawn)]
    unit = SIDE / max(batch.shape[2:])
    height, width = (unit * n for n in batch.shape[2:])
    column = max(width, *(text_width(text, SIZE) for text in (*above, OVER))) + GAP
    figure, axes = blank_figure(
        max(2 * MARGIN + (1 + len(drawn) if several else 3) * column - GAP, title_width(title, subtitle)),
        TOP + CAPTION + height + several * (GAP + height) + MARGIN,
    )
    draw_title(axes, title, subtitle)
    first, second = TOP + CAPTION, TOP + CAPTION + height + GAP

    def draw(k: int, top: float, caption: str, picture: tuple[Any, dict[str, Any]]) -> None:
        axes.text(MARGIN + k * column, top - 0.08, caption, size=SIZE, va="bottom", linespacing=1.1)
        draw_image(axes, picture[0], MARGIN + k * column, top, width, height, **picture[1])

    draw(0, first, "image", _image(batch[0]))
    for k, one in enumerate(drawn, start=1):
        draw(k, first, one.caption, (one.values, one.scale))
        laid = _over(batch[0], one), dict[str, Any]()
        draw(k, second, "", laid) if several else draw(2, first, OVER, laid)
    if several:
        axes.text(MARGIN + column - GAP / 2, second + height / 2, OVER, size=SIZE, ha="right", va="center")
    return figure


def _map(name: str, given: Array, shape: tuple[int, ...]) -> Any:
    """A map as (H, W); several channels are summed."""
    called = f"the map {name!r}" if name else "the map"
    if not hasattr(given, "shape"):
        raise TypeError(f"attribution: {called} is a {type(given).__name__}, expected an array")
    values = np.asarray(given, dtype=np.float64)
    channels, size = shape[1], shape[2:]
    if values.ndim == 4 and len(values) == 1:
        values = values[0]
    if values.shape[-2:] != size or values.shape[:-2] not in ((), (1,), (channels,)):
        hint = "; give that of one image: maps[:1]" if values.ndim > 2 and len(values) > 1 else ""
        raise ValueError(
            f"attribution: {called} has shape {np.shape(given)}, and the image {shape[1:]}; expected "
            f"(1, {size[0]}, {size[1]}) or (1, {channels}, {size[0]}, {size[1]}){hint}"
        )
    if not np.isfinite(values).all():
        raise FloatingPointError(f"attribution: {called} has numbers that are infinite or NaN")
    return values if values.ndim == 2 else values.sum(axis=0)


def _image(image: Array) -> tuple[Any, dict[str, Any]]:
    """The image itself; of other channels than gray or colours, their mean."""
    return for_imshow(image if len(image) in (1, 3) else image.mean(axis=0, keepdims=True))


def _over(image: Array, one: _Map) -> Any:
    """The map over the image, which is gray and faded to the background: its pixels show where the map is small."""
    pixels, _ = _image(image)
    gray = pixels @ np.array(LUMINANCE) if pixels.ndim == 3 else pixels
    low, high = float(gray.min()), float(gray.max())
    gray = (gray - low) / ((high - low) or 1)
    faded = FADED * gray if theme().dark else 1 - FADED * (1 - gray)
    share = (abs(one.values) / one.most)[..., None]
    scale = one.scale
    level = (one.values - scale["vmin"]) / (scale["vmax"] - scale["vmin"])
    return (1 - share) * faded[..., None] + share * scale["cmap"](level)[..., :3]
