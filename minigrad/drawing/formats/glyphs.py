"""Text as outlines of letters, so that a PNG needs no font of the system as long as Matplotlib's own has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

import numpy as np

from minigrad.drawing.formats.fonts import font_of

__all__ = ["SIZE", "letters", "outline", "warning"]

#: DejaVu Sans at 0.95 of a size has small letters as high as Arial's, whose widths the scene has.
SIZE = 0.95

_SIZE = 100.0  # of the font, at which outlines are kept
_MISSING = "□"
_MOST_NAMED = 10
#: Letters that are joined to their neighbours, or written from right to left.
_SHAPED = re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u18af\ufb1d-\ufdff\ufe70-\ufefc]")


def outline(text: str, bold: bool) -> tuple[Any, float]:
    """The outline of a text of size 1 on the base line, with y upwards, and its width; None for nothing to draw.

    Raises:
        ImportError: if there is no Matplotlib.
    """
    return _outline(letters(text, bold), bold)


def letters(text: str, bold: bool) -> str:
    """The text with a box □ for each letter that no font has.

    Marks that cannot be placed are left out.

    >>> letters("x = \\ufffe", bold=False)
    'x\\xa0=\\xa0□'
    """
    shown = (_one_letter(letter, bold) for letter in re.sub(r"[\s\u2028\u2029]", "\u00a0", text))
    return "".join(shown)


def warning(texts: Iterable[tuple[str, bool]]) -> str:
    """What is wrong with these texts where they are drawn, in a sentence; empty if nothing is.

    Arguments:
        texts: each with whether it is bold.
    """
    texts = list(texts)
    wanting = dict.fromkeys(c for text, bold in texts for c in text if _one_letter(c, bold) == _MISSING != c)
    problems = []
    if wanting:
        named = ", ".join(f"{c} (U+{ord(c):04X})" for c in list(wanting)[:_MOST_NAMED])
        more = f" and {len(wanting) - _MOST_NAMED} more" if len(wanting) > _MOST_NAMED else ""
        problems.append(
            f"no installed font has {named}{more}, and {_MISSING} stands there; install one that has (the Noto fonts "
            "have most letters), or save it as .svg, which uses the viewer's fonts"
        )
    if not _joins_letters() and any(_SHAPED.search(text) for text, _ in texts):
        problems.append("letters are neither joined nor written from right to left, as Matplotlib 3.11 does it")
    return "; ".join(problems)


def _one_letter(letter: str, bold: bool) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Cs"):
        return "\ufffd"
    if category == "Cf":
        return ""
    if font_of(letter, bold) is None:
        return "" if category in ("Mn", "Me") else _MISSING
    return letter


@cache
def _joins_letters() -> bool:
    """Whether Matplotlib joins letters and writes from right to left, as it does from 3.11 on."""
    from matplotlib import ft2font

    return hasattr(ft2font, "__libraqm_version__")


@lru_cache(maxsize=2000)
def _outline(text: str, bold: bool) -> tuple[Any, float]:
    """The outlines of runs in one font each, side by side."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path as Outline
    from matplotlib.textpath import text_to_path

    own = font_of("x", bold)
    parts, codes, place = [], [], 0.0
    for file, run in groupby(text, key=lambda letter: font_of(letter, bold) or own):
        word = "".join(run)
        properties = FontProperties(fname=file, size=_SIZE)
        width, _, _ = text_to_path.get_text_width_height_descent(word, properties, ismath=False)
        vertices, its_codes = text_to_path.get_text_path(properties, word, ismath=False)
        if len(vertices):
            parts.append(np.add(np.asarray(vertices) / _SIZE, (place, 0)))
            codes.append(its_codes)
        place += width / _SIZE
    return (Outline(np.concatenate(parts), np.concatenate(codes)) if parts else None), place
