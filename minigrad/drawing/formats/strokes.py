"""What SVG and Matplotlib draw alike: dashes, caps, and the bar of an error signal."""

from __future__ import annotations

import unicodedata

from minigrad.drawing.scene import Path, Text

__all__ = ["bar", "dashes", "round_ends"]

_TALL = frozenset("bdfhijkltβδζθλξφψϕ0123456789½¼¾∂∇∑∏∫′'\"()[]|/")
# In units of the font's size. A bar over l or i is wider than the letter; two bars side by side do not touch.
_BAR_OVER_TALL, _BAR_OVER_SMALL, _BAR_THICKNESS, _BAR_INDENT, _BAR_SHORTEST = 0.815, 0.65, 0.065, 0.04, 0.3


def dashes(path: Path) -> tuple[float, float] | None:
    """Length of a dash and of the gap after it; of dots with round ends, which have no length of their own."""
    if path.dotted:
        return 0.1, 2.6 * path.width
    if path.dashed:
        return 3.2 * path.width, 2.1 * path.width
    return None


def round_ends(path: Path) -> bool:
    """Whether the line has round ends and corners: dots, and the two strokes of an arrow's open head."""
    return path.dotted or (path.part == "head" and not path.fill)


def bar(text: Text) -> tuple[float, float, float, float]:
    """The bar over a run: x from, x to, y, thickness. Over capitals it lies higher than over x."""
    tall = any(_is_tall(letter) for letter in text.span.text)
    y = text.y - text.size * (_BAR_OVER_TALL if tall else _BAR_OVER_SMALL)
    length = max(text.width - 2 * _BAR_INDENT * text.size, _BAR_SHORTEST * text.size)
    start = text.x + (text.width - length) / 2
    return start, start + length, y, text.size * _BAR_THICKNESS * (1.4 if text.span.bold else 1)


def _is_tall(letter: str) -> bool:
    base = unicodedata.normalize("NFD", letter)
    return letter in _TALL or len(base) > 1 or unicodedata.category(letter) in ("Lu", "Lo", "Lt", "So")
