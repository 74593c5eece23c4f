"""Maps on paper: how far from 0 is grey, and what is negative has a white line through it, as a minus."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.drawing.theme import BLUE, MAGENTA, ORANGE

__all__ = ["NEGATIVE_ON_PAPER", "on_paper"]

NEGATIVE_ON_PAPER = "on paper, negative ones have a white line through them"

_PARTS = 3  # a cell becomes 3×3 pixels
_CROSS = np.array([[0, 255, 0], [255, 0, 255], [0, 255, 0]])


def on_paper(rgba: Any) -> tuple[Any, bool]:
    """A map without colours, and whether it shows signs: blue cells become grey with a line, orange ones grey.

    NaN and infinity become crosses. A photograph becomes grey as by television, 0.299 R + 0.587 G + 0.114 B. A black
    line is drawn around all and between tiles, where there is a transparent gap.
    """
    rgb, opaque = np.asarray(rgba)[..., :3].astype(float), np.asarray(rgba)[..., 3] > 0
    grey = np.ptp(rgb, axis=-1) == 0
    negative, below = _on_scale(rgb, BLUE, 0)
    positive, above = _on_scale(rgb, ORANGE, 2)
    broken = opaque & (np.fabs(rgb - np.array(MAGENTA)) <= 1).all(axis=-1)
    negative, positive = negative & opaque & ~grey, positive & opaque & ~grey
    photograph = not (grey | broken | negative | positive | ~opaque).all()
    signed = not photograph and bool((negative | positive).any())
    shade = 255 * (1 - 0.85 * np.where(negative, below, above)) if signed else rgb @ np.array([0.299, 0.587, 0.114])
    cells = _enlarged(shade)
    if not photograph:
        cells[1::_PARTS][np.repeat(negative, _PARTS, axis=1)] = 255
        cells = np.where(_enlarged(broken), np.tile(_CROSS, shade.shape), cells)
    lines = _gaps(~opaque)
    cells, opacity = np.where(lines, 0, cells), 255 * (lines | _enlarged(opaque))
    framed = [np.pad(np.rint(channel), 1) for channel in (cells, cells, cells)]
    return np.stack([*framed, np.pad(opacity, 1, constant_values=255)], axis=-1).astype(np.uint8), signed


def _on_scale(rgb: Any, end: tuple[int, int, int], channel: int) -> tuple[Any, Any]:
    """Which colours lie between white and this end, whose `channel` is 0, and how far they are from white."""
    strength = 1 - rgb[..., channel] / 255
    expected = 255 + strength[..., None] * (np.array(end) - 255.0)
    return (np.fabs(rgb - expected) <= 1).all(axis=-1), strength


def _enlarged(cells: Any) -> Any:
    return np.repeat(np.repeat(cells, _PARTS, axis=0), _PARTS, axis=1)


def _gaps(empty: Any) -> Any:
    """A thin line in the middle of each gap between tiles."""
    lines = np.zeros((_PARTS * empty.shape[0], _PARTS * empty.shape[1]), bool)
    for axis, across in enumerate((lines, lines.T)):
        places = np.flatnonzero(empty.all(axis=1 - axis))
        for gap in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
            if len(gap):
                across[_PARTS * (gap[0] + gap[-1]) // 2 + _PARTS // 2] = True
    return lines
