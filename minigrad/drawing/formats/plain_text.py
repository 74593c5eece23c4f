"""Lines of a picture as plain text, for terminals and for DOT."""

from __future__ import annotations

import re
import unicodedata

from minigrad.drawing.picture import Box, Line, Map, Span

__all__ = ["clipped", "line_text", "map_text", "name_text"]

_SUBSCRIPTS = dict(zip("0123456789+−ijklmn", "₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙ", strict=True))
_SUPERSCRIPTS = dict(zip("0123456789+−()Tin", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀⁱⁿ", strict=True))
_NOT_IN_PLAIN_TEXT = {
    ord("\N{NO-BREAK SPACE}"): " ",
    **dict.fromkeys(map(ord, "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}")),
}


def line_text(line: Line) -> str:
    """The spans of a line, one after the other.

    >>> line_text(Line((Span("L", bar=True), Span("reg", script="sub"), Span(" = λ R"), Span("2", script="super"))))
    'L̄_reg = λ R²'
    """
    return _plain("".join(map(_span_text, line.spans)))


def _span_text(span: Span) -> str:
    text = span.text
    if span.bar and text:
        first = next((i for i, c in enumerate(text) if c.isalpha()), len(text) - 1)
        text = unicodedata.normalize("NFC", f"{text[: first + 1]}\N{COMBINING MACRON}{text[first + 1 :]}")
    if not span.script or not text.strip():
        return text
    signs, mark = (_SUBSCRIPTS, "_") if span.script == "sub" else (_SUPERSCRIPTS, "^")
    if all(c in signs for c in text):
        return "".join(signs[c] for c in text)
    return f"{mark}{text}" if text.isalnum() else f"{mark}({text.strip('()')})"


def name_text(box: Box) -> str:
    """What a box is called elsewhere: the bold beginning of its first line, else all of that line."""
    lines = [row for row in box.rows if isinstance(row, Line)]
    if not lines:
        return box.kind
    spans = lines[0].spans
    end = next((i for i, span in enumerate(spans) if not span.bold and not span.script), len(spans))
    return line_text(Line(spans[:end] or spans)).strip()


def _plain(text: str) -> str:
    """Text without the characters that only other formats need: spaces that do not break, isolates of direction."""
    return text.translate(_NOT_IN_PLAIN_TEXT)


def map_text(row: Map) -> str:
    """The range of an error signal that is shown as a map; that of a value stands above its map.

    >>> map_text(Map(None, 2.0, "signal", "conv1, error signal, from −0.2 to 0.3; blue is negative, orange positive"))
    '−0.2 … 0.3'
    """
    ends = re.search(r"from (\S+) to ([^\s;]+)", row.description)
    return f"{ends[1]} … {ends[2]}" if ends and row.part == "signal" else ""


def clipped(text: str, longest: int) -> str:
    """The text, at most `longest` characters of it, without the marks that keep words of a direction apart.

    >>> clipped("encoder.layers.11.attention", 12)
    'encoder.lay…'
    """
    text = _plain(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
