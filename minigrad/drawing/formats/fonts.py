"""Which font draws a letter: the one that Matplotlib brings along, or else one that is installed."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

__all__ = ["font_of"]


@lru_cache(maxsize=10_000)
def font_of(letter: str, bold: bool) -> str | None:
    """The file of the font that has a letter; ``None`` if there is none.

    Raises:
        ImportError: if there is no Matplotlib.
    """
    own = _own(bold)
    if _has(own, letter):
        return own
    return next((file for file in _installed(bold) if _has(file, letter) and _can_draw(file, letter)), None)


def _own(bold: bool) -> str:
    import matplotlib

    return str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))


@cache
def _installed(bold: bool) -> tuple[str, ...]:
    """The fonts of the system, those alike first: upright, of the same weight, without serifs."""
    from matplotlib import font_manager

    def unlike(file: str) -> tuple[bool, bool, bool, str, str]:
        name = Path(file).stem.lower()
        is_slanted = "italic" in name or "oblique" in name
        return is_slanted, ("bold" in name) != bold, "sans" not in name or "mono" in name, name, file

    return tuple(sorted(font_manager.findSystemFonts(), key=unlike))


def _has(file: str, letter: str) -> bool:
    font = _opened(file)
    return font is not None and bool(font.get_char_index(ord(letter)))


@lru_cache(maxsize=64)
def _opened(file: str) -> Any:
    """The font; ``None`` if Matplotlib cannot read it, as those of pictures in colours."""
    from matplotlib.font_manager import get_font

    try:
        return get_font(file)
    except (OSError, RuntimeError, ValueError):
        return None


def _can_draw(file: str, letter: str) -> bool:
    """Whether the font has an outline of the letter; some have pixels alone."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    try:
        vertices, _ = text_to_path.get_text_path(FontProperties(fname=file), letter, ismath=False)
    except (OSError, RuntimeError, ValueError):
        return False
    return len(vertices) > 0
