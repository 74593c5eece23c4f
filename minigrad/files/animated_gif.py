"""Pictures one after the other as a GIF that moves."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

__all__ = ["animated_gif"]


def animated_gif(frames: Sequence[Any], milliseconds: Sequence[int], colours: Iterable[int] = ()) -> bytes:
    """The bytes of a GIF that begins anew after its last frame.

    All frames share 256 colours, so that nothing flickers: those that are asked for, and the most frequent ones. Other
    pixels get the nearest of these.

    Arguments:
        frames: pictures of one size, uint8, shape ``(H, W, 3)``.
        milliseconds: how long each stays.
        colours: those to keep as they are, at most 256 numbers 0xRRGGBB.

    Raises:
        ModuleNotFoundError: if Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise ModuleNotFoundError("A GIF needs Pillow: pip install pillow") from error
    pictures = [frame.astype(np.int32) @ np.array([0x10000, 0x100, 1], np.int32) for frame in frames]
    palette = _palette(pictures, colours)
    indexed = [Image.fromarray(_indices(picture, palette)) for picture in pictures]
    for frame in indexed:
        frame.putpalette([channel for colour in palette.tolist() for channel in colour.to_bytes(3, "big")])
    written = io.BytesIO()
    indexed[0].save(
        written,
        format="GIF",
        save_all=True,
        append_images=indexed[1:],
        duration=list(milliseconds),
        loop=0,
        optimize=False,
    )
    return written.getvalue()


def _palette(pictures: list[Any], colours: Iterable[int]) -> Any:
    """256 colours for all frames."""
    count: Counter[int] = Counter()
    for picture in pictures:
        for colour, times in zip(*(found.tolist() for found in np.unique(picture, return_counts=True)), strict=True):
            count[colour] += times
    frequent = sorted(count, key=lambda colour: (-count[colour], colour))
    return np.array(list(dict.fromkeys([*colours, *frequent]))[:256])


def _indices(picture: Any, palette: Any) -> Any:
    """For each pixel the place of the nearest colour in the palette."""
    colours, places = np.unique(picture, return_inverse=True)
    channels = [[(c >> shift) & 0xFF for shift in (16, 8, 0)] for c in (colours, palette)]
    distance = sum((own[:, None] - known) ** 2 for own, known in zip(*channels, strict=True))
    return np.argmin(distance, axis=1).astype(np.uint8)[places].reshape(picture.shape)
