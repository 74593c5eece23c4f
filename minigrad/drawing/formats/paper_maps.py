"""Maps on paper: how far from 0 is grey, and what is negative has a white line through it, as a minus."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["BLUE", "MAGENTA", "NEGATIVE_ON_PAPER", "ORANGE", "on_paper"]

#: The ends of the scale of what has a sign, negative and positive; and NaN or infinity.
BLUE, ORANGE, MAGENTA = (0, 114, 178), (213, 94, 0), (210, 0, 190)

NEGATIVE_ON_PAPER = "on paper, negative ones have a white line through them"

_PARTS = 3  # a cell becomes 3×3 pixels


def on_paper(rgba: Any) -> tuple[Any, bool]:
    """A map without colours, and whether it shows signs: blue cells become grey with a line, orange ones grey.

    NaN and infinity become crosses. A photograph becomes grey as by television, 0.299 R + 0.587 G + 0.114 B.
    """
    rgb, opacity = np.asarray(rgba)[..., :3].astype(float), np.asarray(rgba)[..., 3]
    strength = {end: 1 - rgb[..., channel] / 255 for end, channel in ((BLUE, 0), (ORANGE, 2))}
    on_scale = {end: _equal(rgb, 255 + s[..., None] * (np.array(end) - 255.0)) for end, s in strength.items()}
    grey = np.ptp(rgb, axis=-1) == 0
    broken = _equal(rgb, np.array(MAGENTA))
    known = grey | broken | on_scale[BLUE] | on_scale[ORANGE] | (opacity == 0)
    negative = on_scale[BLUE] & ~grey & (opacity > 0)
    positive = on_scale[ORANGE] & ~grey & (opacity > 0)
    signed = bool(known.all() and (negative | positive).any())
    if signed:
        shade = 255 * (1 - 0.85 * np.where(negative, strength[BLUE], strength[ORANGE]))
    else:
        shade = rgb @ np.array([0.299, 0.587, 0.114])
        negative = np.zeros_like(negative)
    cells = np.repeat(np.repeat(shade, _PARTS, axis=0), _PARTS, axis=1)
    cells[1::_PARTS][np.repeat(negative, _PARTS, axis=1)] = 255
    cross = np.where(np.eye(_PARTS) + np.eye(_PARTS)[::-1] > 0, 0.0, 255.0)
    if known.all():
        every_cross = np.tile(cross, shade.shape)
        cells = np.where(np.kron(broken & (opacity > 0), np.ones((_PARTS, _PARTS))) > 0, every_cross, cells)
    gray = np.rint(cells).astype(np.uint8)
    opaque = np.repeat(np.repeat(opacity, _PARTS, axis=0), _PARTS, axis=1)
    return np.stack([gray, gray, gray, opaque], axis=-1), signed


def _equal(rgb: Any, expected: Any) -> Any:
    return (np.fabs(rgb - expected) <= 1).all(axis=-1)
