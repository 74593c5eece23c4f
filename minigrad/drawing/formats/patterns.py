"""Hatching instead of colours, for paper: a small tile of grey lines or dots for each kind of box.

Grey, so that text on it keeps its contrast.
"""

from __future__ import annotations

__all__ = ["HATCH", "TILE", "Dots", "Lines", "pattern"]

HATCH = "#bdbdbd"
TILE = 9.0

Lines = tuple[tuple[float, float, float, float], ...]  # x1, y1, x2, y2 within the tile
Dots = tuple[tuple[float, float, float], ...]  # x, y, radius

_RISING: Lines = ((0, TILE, TILE, 0), (-1, 1, 1, -1), (TILE - 1, TILE + 1, TILE + 1, TILE - 1))
_FALLING: Lines = ((0, 0, TILE, TILE), (-1, TILE - 1, 1, TILE + 1), (TILE - 1, -1, TILE + 1, 1))
_LEVEL: Lines = ((0, TILE / 2, TILE, TILE / 2),)

_PATTERNS: dict[str, tuple[Lines, Dots]] = {
    "parameter.fill": (_RISING, ()),
    "given.fill": ((), ((TILE / 4, TILE / 4, 0.9), (3 * TILE / 4, 3 * TILE / 4, 0.9))),
    "constant.fill": (_LEVEL, ()),
    "failed.fill": (_RISING + _FALLING, ()),
}


def pattern(fill: str) -> tuple[Lines, Dots] | None:
    """The lines and dots of a fill's tile, or None where it is plain white."""
    return _PATTERNS.get(fill)
