"""The steps of a walkthrough as a GIF that moves."""

from __future__ import annotations

import io

import numpy as np

from minigrad.drawing.formats.raster import raster
from minigrad.drawing.scene import Scene
from minigrad.drawing.theme import theme_named
from minigrad.files import animated_gif

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
    pictures = (Image.open(io.BytesIO(raster(scene, theme=theme, scale=scale, step=step))) for step in steps)
    frames = [np.asarray(picture.convert("RGB")) for picture in pictures]
    time = round(1000 * seconds_per_step)
    colours = [int(colour[1:], 16) for colour in theme_named(theme).values()]
    return animated_gif(frames, [time] * (len(frames) - 1) + [_LAST * time], colours)
