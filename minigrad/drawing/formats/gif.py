"""The steps of a walkthrough as a GIF that moves."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import numpy as np

from minigrad.drawing.formats.raster import raster
from minigrad.drawing.scene import Scene
from minigrad.drawing.theme import theme_named

__all__ = ["gif"]

_LARGEST = 1280  # pixels, of the longer side
_LAST = 3  # times as long as the others


def gif(scene: Scene, *, theme: str = "auto", seconds_per_step: float = 1.5) -> bytes:
    """One frame for each step; the last stays three times as long, then it begins anew.

    Arguments:
        scene: what to draw.
        theme: ``"light"``, ``"dark"`` or ``"paper"``; ``"auto"`` is light.
        seconds_per_step: how long a step stays.

    Raises:
        ValueError: if the scene has no steps, or if the time is not positive.
        ModuleNotFoundError: if there is no Pillow or no Matplotlib.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise ModuleNotFoundError("A GIF needs Pillow: pip install pillow") from error
    if not scene.events:
        raise ValueError("A GIF shows steps, but this picture has none: it was drawn without values and error signals.")
    if not 0.02 <= seconds_per_step <= 600:
        raise ValueError(f"seconds_per_step={seconds_per_step!r} should be between 0.02 and 600.")
    scale = min(_LARGEST / scene.width, _LARGEST / scene.height, 2.0)
    steps = range(1, len(scene.events) + 1)
    pictures = [_packed(Image.open(io.BytesIO(raster(scene, theme=theme, scale=scale, step=step)))) for step in steps]
    palette = _palette(pictures, theme)
    frames = [Image.fromarray(_indices(picture, palette)) for picture in pictures]
    for frame in frames:
        frame.putpalette([channel for colour in palette.tolist() for channel in colour.to_bytes(3, "big")])
    time = round(1000 * seconds_per_step)
    written = io.BytesIO()
    frames[0].save(
        written,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[time] * (len(frames) - 1) + [_LAST * time],
        loop=0,
        optimize=False,
    )
    return written.getvalue()


def _packed(picture: Any) -> Any:
    """Its colours as numbers, 0xRRGGBB."""
    return np.asarray(picture.convert("RGB")).astype(np.int32) @ np.array([0x10000, 0x100, 1], np.int32)


def _palette(pictures: list[Any], theme: str) -> Any:
    """256 colours for all frames, so that nothing flickers: those of the theme, and what is most frequent besides."""
    count: Counter[int] = Counter()
    for picture in pictures:
        for colour, times in zip(*(found.tolist() for found in np.unique(picture, return_counts=True)), strict=True):
            count[colour] += times
    of_theme = [int(colour[1:], 16) for colour in theme_named(theme).values()]
    frequent = sorted(count, key=lambda colour: (-count[colour], colour))
    return np.array(list(dict.fromkeys([*of_theme, *frequent]))[:256])


def _indices(picture: Any, palette: Any) -> Any:
    """For each pixel the place of the nearest colour in the palette."""
    colours, places = np.unique(picture, return_inverse=True)
    channels = [[(c >> shift) & 0xFF for shift in (16, 8, 0)] for c in (colours, palette)]
    distance = sum((own[:, None] - known) ** 2 for own, known in zip(*channels, strict=True))
    return np.argmin(distance, axis=1).astype(np.uint8)[places].reshape(picture.shape)
