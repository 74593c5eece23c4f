"""How wide text is in Arial, Helvetica and Liberation Sans, whose advance widths are the same.

A picture gives every run of text the width that it has here, and its writers fit the text to it. No font is read: the
widths are the metrics of Liberation Sans, in thousandths of the font's size.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from minigrad.drawing.picture import Line, Span

__all__ = ["SCRIPT", "line_width", "span_size", "span_width", "text_width"]

#: The size of a subscript or superscript, of the line's.
SCRIPT = 0.7

# pairs of a width and the characters that have it; letters with accents have the width of the letter
_REGULAR = r"""
167 ⁄∕  188 ′  191 '  222 ijlłſιіј‘’‚  260 |¦  274 ∫  278 !,./:;I[\]ft·ıŧ;·ΙІ∙  333 ()-`r¡¨²³´¸¹΄‐‑“”„‹›
334 {}ŀ  350 •  354 ″  355 "  365 ºг  370 ª  389 *  395 τ  400 °  438 к  441 ζ  444 ĳ  446 ε  448 ξ  458 зт
469 ^  482 ς  494 ∂  500 JcksvxyzĸγκλνЈсухѕ↑↓↕  510 эє  521 чь  525 χ  531 в  537 ¶  542 Гпя  547 υ  549 ±÷√≈≤≥
551 Γ  552 ¯нџ  556 #$0123456789?L_abdeghnopqu¢£¤¥§«»ðþđħĿŁŋƒηθοаеорђћ–†‡€  557 δ  559 и  569 ρ  573 бц  575 β
576 µμ  578 α  583 Кдл≡  584 +<=>~¬×−  604 ŉЗ  611 FTZ¿ßøŦΖΤТ  612 ∆  617 σ  618 Σ  625 ъ  635 У  648 φ  650 Ξ
656 БЛЬ  667 &ABEKPSVXYÞΑΒΕΚΡΥΧЅАВЕРХЧ  668 ΔΛ  669 ж  677 Д  688 м  690 π  713 ψ∑∞  719 ЄЏИПЭы∩
722 CDHNRUwÐĐĦΗΝΠНСЯ  723 Ŋ  735 Ĳ  737 ©®  740 Ц  748 Ω  750 ю  760 Ф  778 GOQØΘΟО  781 ω  792 Ъ  798 Φ  802 ш
812 њ  823 фщ∏  833 MmΜМ  834 ¼½¾  835 Ψ  854 Ћ  865 Ђ  885 Ы  889 %æ  906 љ  917 Ш  923 Ж  938 Щ  944 Wœ
1000 ÆŒ—―…‰←→↔  1010 ЊЮ  1015 @  1057 Љ
"""

# those that are wider or narrower in bold
_BOLD = r"""
238 '  240 ′  278 ijlłſιіј‘’‚  280 |¦  333 !:;[]ftŧ;·  389 r{}  417 г  445 ξ  446 τ  460 ζ  474 "  475 ε  479 ŀ″
490 т  497 з  500 к“”„  520 ς  541 θ  552 эє  556 Jcksvxy¶ĳĸγλνЈсухѕ  558 κ  567 Г  576 χ  581 ч  582 υ  583 я
584 ^  600 Σ  601 Γ  604 нпџ  606 δ  610 βК  611 ?LbdghnopquðþđħĿŁŋηοорђћ  612 μ  615 αвиць  618 б  619 ρ  622 У
626 З  635 дл  644 Ξ  667 Λ  684 σ  702 Л  703 Ч  708 ŉ  709 ж  711 ЄЭ  712 Д  715 φ  719 ΔБЬЯ  722 &ABKΑΒΚАВ∩
729 ъ  730 Ц  740 м  753 ψ  766 π  778 w  785 Ĳ  802 Ω  809 Ψ  821 Φ  833 ш  844 щ  845 ω  854 Фыю  870 Ъ
875 Ћф  885 Ђ  889 m  904 Ж  906 њ  969 љ  975 @  979 Ы  1005 Ш  1019 Щ  1031 Ю  1062 Њ  1094 Љ
"""

_SPACE = 278
_WIDE = 1000  # ideographs and emoji
#: What other fonts use for characters that these do not have, by Unicode's categories.
_OTHERS = {"Lu": 720, "Ll": 600, "Lo": 700, "Nd": 600, "Sm": 840, "So": 840, "Zs": _SPACE}


def _table(source: str) -> dict[str, int]:
    words = source.split()
    return {char: int(width) for width, chars in zip(words[::2], words[1::2], strict=True) for char in chars}


_TABLES = {False: _table(_REGULAR), True: _table(_REGULAR) | _table(_BOLD)}


@lru_cache(maxsize=4096)
def _advance(char: str, bold: bool) -> float:
    """The width of a character in thousandths of the size."""
    if char == " ":
        return _SPACE
    if (width := _TABLES[bold].get(char)) is not None:
        return width
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cc"):
        return 0
    parts = unicodedata.normalize("NFKD", char)
    if parts != char and unicodedata.decomposition(char).startswith(("<super>", "<sub>")):
        return SCRIPT * sum(_advance(part, bold) for part in parts)
    if parts != char and not unicodedata.decomposition(char).startswith("<"):
        return sum(_advance(part, bold) for part in parts)
    if unicodedata.east_asian_width(char) in "WF":
        return _WIDE
    return _OTHERS.get(category, 700)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of a text in pixels.

    >>> text_width("z = w x", 20)
    62.8
    """
    return round(size * sum(_advance(char, bold) for char in text) / 1000, 3)


def span_size(span: Span, size: float) -> float:
    """The size of a span's letters in a line of this size."""
    return round(size * span.scale * (SCRIPT if span.script else 1), 2)


def span_width(span: Span, size: float) -> float:
    """The width of a span in a line of this size."""
    return text_width(span.text, span_size(span, size), span.bold)


def line_width(line: Line) -> float:
    """The width of a line."""
    return sum(span_width(span, line.size) for span in line.spans)
