"""Arrays as small maps: images and activations in grey, everything that has a sign in colours around 0.

Grey goes from white for 0 to black for the largest element, or from the smallest where 0 is far from it; what has a
sign from blue, the negative end, over white for 0 to orange, with the same scale on both sides. NaN and infinity are
magenta, which neither scale contains.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from minigrad.device import to_host
from minigrad.drawing.picture import Map, Scale
from minigrad.drawing.theme import BLUE, MAGENTA, ORANGE
from minigrad.notation import number

__all__ = ["colours", "map_of", "tiles_of"]

_SIDE = 90  # pixels, of the longer side
_LARGEST_CELL = 9
_CHANNELS = 16  # side by side
_FAR_FROM_0 = 0.25  # of the largest: where the smallest is more, it is white, for 0 would leave all dark
_THINNEST = 16  # as wide as high: of a matrix that would be a thread, each row is shown as a vector is
_CELLS = 90  # along a side: what has more is shown by blocks
_LEVELS = 32  # of each colour: in small cells more cannot be told apart, and files are a third as large
_MOST = 900  # along a side: of what has more, only every second or third element is looked at


Shown = Literal["all", "example", "filters"]


def map_of(value: Any, description: str, *, signal: bool, shown: Shown = "all", image: bool = False) -> Map | None:
    """The map of an array; ``None`` for single numbers, empty arrays, and where all elements are the same number.

    Arguments:
        description: what it is, in words; the range of what is shown and the colours are added.
        signal: whether it is an error signal: in colours around 0, even if nothing in it is negative.
        shown: as `tiles_of` has it.
        image: whether it is an input whose smallest value is white, and whose three channels are a colour.
    """
    array = np.asarray(to_host(value))
    if array.size < 2 or array.dtype.kind not in "bfiuc":
        return None
    tiles = tiles_of(array, shown)
    if not tiles.size:
        return None
    tiles = tiles[:, :: -(-tiles.shape[1] // _MOST), :: -(-tiles.shape[2] // _MOST)]
    tiles = np.abs(tiles) if array.dtype.kind == "c" else tiles.astype(float)
    finite = np.ma.compressed(tiles[np.isfinite(tiles)])
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    picture = image and not signal and array.ndim == 4 and len(tiles) in (1, 3)
    if low == high and finite.size == tiles.size:
        return None  # the range says it
    signed = signal or (low < 0 and not picture)
    coloured = picture and len(tiles) == 3
    from_0 = 0 <= low <= _FAR_FROM_0 * high and not coloured
    white = 0.0 if from_0 or signed else low
    tiles = _smaller(tiles, signed, 1 if coloured else len(tiles))
    if coloured:
        rgba = _photograph(tiles, low, high)
    else:
        rgba = _side_by_side(colours(tiles, signed=signed, low=white, high=max(high, -low)))
    cell = min(_LARGEST_CELL, _SIDE / max(rgba.shape[:2]))
    scale = "blue is negative, orange positive" if signed else f"white is {number(white)}"
    broken = not np.isfinite(tiles).all()
    shows = _parts_shown(array.shape, shown)
    words = [f"{description}, from {number(low)} to {number(high)}", *shows]
    words += [scale + (", NaN and infinity are magenta" if broken else "")]
    colours_of: Scale = "" if coloured else "signed" if signed else "grey" if from_0 else "range"
    return Map(rgba, cell, "signal" if signal else "value", "; ".join(words), colours_of, broken, shows)


def _parts_shown(shape: tuple[int, ...], shown: Shown) -> tuple[str, ...]:
    """What `tiles_of` takes of an array that has more."""
    words: list[str] = []
    what = "channels"
    if shown == "filters" and len(shape) > 3:
        words += ["first channel of each filter"] if shape[1] > 1 else []
        shape, what = (shape[0], *shape[2:]), "filters"
    elif (shown == "example" and len(shape) > 1) or len(shape) > 3:
        words += ["first example"] if shape[0] > 1 else []
        shape = shape[1:]
    if len(shape) > 3:
        words += ["the slice in the middle"]
    if len(shape) > 2 and shape[0] > _CHANNELS:
        words += [f"first {_CHANNELS} {what}"]
    if len(shape) == 2 and shape[0] > _CHANNELS and shape[1] > _THINNEST * shape[0]:
        words += [f"first {_CHANNELS} rows"]
    return tuple(words)


def tiles_of(array: Any, shown: Shown = "all") -> Any:
    """What is shown of an array, as tiles of shape ``(count, rows, columns)``; up to 16 of its channels.

    A vector becomes a strip, or a block whose rows follow one another: 120 elements are 10 × 12. So does each row of
    a matrix of few long rows. Places of a block that no element takes are masked.

    Arguments:
        shown: ``"example"``: the first axis counts examples, of which the first is shown, as of all batches of images.
            ``"filters"``: of the weights of a convolution, the first channel of each filter.
    """
    if shown == "filters" and array.ndim > 3:
        array = array[:, 0]
    elif (shown == "example" and array.ndim > 1) or array.ndim > 3:
        array = array[0]
    while array.ndim > 3:  # a volume: the slice in its middle
        array = array[:, array.shape[1] // 2]
    if array.ndim == 0:
        return array.reshape(1, 1, 1)
    if array.ndim == 1:
        return _block(array)[None]
    if array.ndim == 2 and array.shape[1] > max(_CHANNELS, _THINNEST * len(array)):
        return np.ma.stack([_block(row) for row in array[:_CHANNELS]])  # a few examples with many features
    return array[None] if array.ndim == 2 else array[:_CHANNELS]


def colours(tiles: Any, *, signed: bool, low: float = 0.0, high: float = 1.0) -> Any:
    """Numbers as colours, uint8 with a last axis of red, green, blue and opacity; masked ones are transparent.

    Arguments:
        signed: whether the scale is blue, white and orange from −high over 0 to high, or white to black from `low` on.
    """
    numbers, missing = np.ma.filled(tiles, 0.0), np.ma.getmaskarray(tiles)
    broken = ~np.isfinite(numbers)
    span = high - low or 1.0
    strength = np.clip(np.where(broken, 0, (np.fabs(numbers) if signed else numbers - low) / span), 0, 1)[..., None]
    strength = np.rint(_LEVELS * strength) / _LEVELS
    end = np.where(numbers[..., None] < 0, BLUE, ORANGE) if signed else np.zeros(3)
    rgb = np.where(broken[..., None], MAGENTA, 255 + strength * (end - 255.0))
    opacity = np.where(missing, 0, 255)[..., None]
    return np.concatenate([np.rint(rgb), opacity], axis=-1).astype(np.uint8)


def _block(vector: Any) -> Any:
    """A vector as rows of a block that is up to about twice as wide as high; a short one stays one row."""
    n = len(vector)
    if n <= _CHANNELS:
        return vector[None]
    side = math.isqrt(n - 1) + 1
    columns = next((k for k in range(side, int(2.2 * side)) if n % k == 0), int(1.2 * side))
    padded = np.pad(vector, (0, -n % columns))
    return np.ma.MaskedArray(padded, np.arange(len(padded)) >= n).reshape(-1, columns)


def _smaller(tiles: Any, signed: bool, apart: int) -> Any:
    """Tiles with a block of elements as one each, so that those that stand apart have at most 90 elements along a side.

    In grey it is the mean of the block; of numbers with signs, the one furthest from 0, for the mean would hide them.
    """
    columns = _columns((apart, *tiles.shape[1:]))
    down, across = -(-apart // columns) * tiles.shape[1], columns * tiles.shape[2]
    rows, width = (-(-n // _CELLS) for n in (down, across))
    if len(tiles) > 1:  # images keep their proportions
        rows = width = max(rows, width)
    rows, width = min(rows, tiles.shape[1]), min(width, tiles.shape[2])
    if rows == width == 1:
        return tiles
    high, wide = -(-tiles.shape[1] // rows) * rows, -(-tiles.shape[2] // width) * width
    padding = ((0, 0), (0, high - tiles.shape[1]), (0, wide - tiles.shape[2]))
    whole = np.pad(np.ma.filled(tiles, 0.0), padding, mode="edge")
    blocks = whole.reshape(len(tiles), high // rows, rows, wide // width, width).swapaxes(2, 3)
    blocks = blocks.reshape(*blocks.shape[:3], -1)
    if not signed:
        return blocks.mean(axis=-1)
    largest = np.where(np.isfinite(blocks), np.fabs(blocks), np.inf).argmax(axis=-1)[..., None]
    return np.take_along_axis(blocks, largest, axis=-1)[..., 0]


def _columns(shape: tuple[int, ...]) -> int:
    """How many tiles stand side by side, so that all of them are about as high as wide, rather wider."""
    count, rows, columns = shape
    return min(range(1, count + 1), key=lambda k: (max(k * columns, -(-count // k) * rows), -k))


def _side_by_side(tiles: Any) -> Any:
    """Tiles in rows, with a transparent gap between them."""
    count, rows, columns = tiles.shape[:3]
    across = _columns((count, rows, columns))
    gap = max(1, round(max(rows, columns) / 14))
    down = -(-count // across)
    rgba = np.zeros((down * (rows + gap) - gap, across * (columns + gap) - gap, 4), np.uint8)
    for k, tile in enumerate(tiles):
        top, left = k // across * (rows + gap), k % across * (columns + gap)
        rgba[top : top + rows, left : left + columns] = tile
    return rgba


def _photograph(tiles: Any, low: float, high: float) -> Any:
    """Three channels as one picture in colour."""
    broken = ~np.isfinite(tiles).all(axis=0)[..., None]
    rgb = np.clip((np.where(np.isfinite(tiles), tiles, low) - low) / (high - low or 1.0), 0, 1).transpose(1, 2, 0) * 255
    rgb = np.where(broken, MAGENTA, rgb)
    return np.concatenate([np.rint(rgb), np.full((*rgb.shape[:2], 1), 255.0)], axis=-1).astype(np.uint8)
