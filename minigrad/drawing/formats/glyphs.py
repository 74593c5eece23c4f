"""Text as outlines of the letters that Matplotlib brings along, so that a PNG needs no font of the system."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["SIZE", "letters", "outline"]

#: DejaVu Sans at 0.95 of a size has small letters as high as Arial's, whose widths the scene has.
SIZE = 0.95

_SIZE = 100.0  # of the font, at which outlines are kept


def outline(text: str, bold: bool) -> tuple[Any, float]:
    """The outline of a text of size 1 on the base line, with y upwards, and its width; None for nothing to draw.

    Raises:
        ImportError: if there is no Matplotlib.
    """
    return _outline(letters(text, bold), bold)


def letters(text: str, bold: bool) -> str:
    """The text with a box □ for each letter that the font lacks, without marks that it cannot place.

    >>> letters("x = 重", bold=False)
    'x\\xa0=\\xa0□'
    """
    has = _font(bold).get_char_index
    shown = (_one_letter(letter, has) for letter in re.sub(r"[\s\u2028\u2029]", "\u00a0", text))
    return "".join(shown)


def _one_letter(letter: str, has: Any) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Cs"):
        return "\ufffd"
    if category in ("Cf", "Mn", "Me") and (category == "Cf" or not has(ord(letter))):
        return ""
    return letter if has(ord(letter)) else "□"


@lru_cache(maxsize=2000)
def _outline(text: str, bold: bool) -> tuple[Any, float]:
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path as Outline
    from matplotlib.textpath import text_to_path

    properties = FontProperties(fname=_file(bold), size=_SIZE)
    width, _, _ = text_to_path.get_text_width_height_descent(text, properties, ismath=False)
    vertices, codes = text_to_path.get_text_path(properties, text, ismath=False)
    return (Outline(np.asarray(vertices) / _SIZE, codes) if len(vertices) else None), width / _SIZE


@lru_cache(maxsize=2)
def _font(bold: bool) -> Any:
    from matplotlib.font_manager import get_font

    return get_font(_file(bold))


def _file(bold: bool) -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
