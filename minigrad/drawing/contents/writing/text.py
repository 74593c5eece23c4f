"""Names, formulas and numbers as spans and lines, and as plain text for descriptions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from minigrad.drawing.contents.writing.spans import is_right_to_left, joined, shortened, spans_of, spans_of_name
from minigrad.drawing.picture import Role, Span
from minigrad.notation import Expression, Name, number, printable, typeset_formula

__all__ = [
    "LONGEST_FORMULA", "LONGEST_NAME", "SMALL", "TITLE", "USUAL", "bytes_text", "formula_spans", "is_uniform",
    "isolated", "lines_of", "magnitude_text", "name_spans", "plain", "root_mean_square", "shape_text", "short",
    "size_text", "styled", "sum_text", "wrapped",
]  # fmt: skip

#: Sizes of text, in pixels: not far apart, for a picture is as large as its smallest text needs it.
TITLE, USUAL, SMALL = 24, 18, 16
#: Characters in a box; the description has all of them.
LONGEST_NAME, LONGEST_FORMULA = 24, 36
_MOST_LINES = 3

_NO_BREAK = "\N{NO-BREAK SPACE}"
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def plain(text: str, role: Role = "text", *, bold: bool = False, scale: float = 1.0, detail: bool = False) -> Span:
    """Words in one style."""
    return Span(printable(text).replace(" ", _NO_BREAK), role, bold=bold, scale=scale, detail=detail)


def short(text: str, longest: int = LONGEST_NAME) -> str:
    """A text up to a number of characters.

    >>> short("encoder.layers.11.attention", 12)
    'encoder.lay…'
    """
    text = printable(text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def styled(spans: Iterable[Span], role: Role = "text", *, bold: bool = False, scale: float = 1.0) -> tuple[Span, ...]:
    """The same spans in a style."""
    return tuple(replace(span, role=role, bold=bold or span.bold, scale=scale) for span in spans)


def name_spans(name: Name, role: Role = "text", *, bold: bool = False) -> tuple[Span, ...]:
    """A name, with its index and its bar."""
    return styled(shortened(spans_of_name(name), LONGEST_NAME), role, bold=bold)


def formula_spans(e: Expression, role: Role = "text") -> tuple[Span, ...]:
    """A formula on one line."""
    return styled(shortened(spans_of(typeset_formula(e, flat=True)), LONGEST_FORMULA), role)


def lines_of(e: Expression, role: Role = "text", *, scale: float = 1.0) -> list[tuple[Span, ...]]:
    """A formula on up to three lines, broken at its spaces; an ellipsis stands for the rest."""
    words: list[list[Span]] = [[]]
    for span in spans_of(typeset_formula(e, flat=True)):
        first, *others = span.text.split(_NO_BREAK)
        for text, begins in ((first, False), *((text, True) for text in others)):
            if begins:
                words.append([])
            if text:
                words[-1].append(replace(span, text=text))
    lines: list[list[Span]] = [[]]
    for word in filter(None, words):
        used = sum(len(span.text) for span in lines[-1])
        if lines[-1] and used + 1 + sum(len(span.text) for span in word) > LONGEST_FORMULA:
            lines.append([])
        elif lines[-1]:
            script = word[0].script if word[0].script == lines[-1][-1].script else ""  # a^([1, 2]) is one exponent
            lines[-1].append(Span(_NO_BREAK, script=script))
        lines[-1] += word
    shown = [shortened(line, LONGEST_FORMULA) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown[-1] = (*shown[-1], Span("…"))
    return [styled(joined(line), role, scale=scale) for line in shown]


def isolated(text: str) -> str:
    """A text that is part of a sentence, and turns nothing in it round: letters from right to left stay by themselves.

    >>> isolated("w"), isolated("\\u05d0")
    ('w', '\\u2068א\\u2069')
    """
    text = printable(text)
    return f"{_ISOLATE}{text}{_END}" if is_right_to_left(text) else text


def shape_text(shape: tuple[int, ...]) -> str:
    """``6×28×28``; of a scalar nothing."""
    return "×".join(map(str, shape))


def magnitude_text(value: Any) -> str:
    """The size of an array, the root of the mean of its squares, to two digits: ``rms 0.0078``; of ones ``all 1``."""
    array = np.asarray(value)
    if not array.size:
        return "empty"
    if is_uniform(array):
        return f"all {number(array.flat[0])}"
    return f"rms {number(float(f'{root_mean_square(array):.2g}'))}"


def is_uniform(array: Any) -> bool:
    """Whether all elements of an array are the same number, which then says more than their size."""
    return array.size > 1 and array.flat[0] == array.flat[-1] and bool((array == array.flat[0]).all())


def root_mean_square(array: Any) -> float:
    """The root of the mean of the squares; of a product of an array with itself, which takes a tenth of the time."""
    flat = np.ravel(array)
    flat = flat if flat.dtype in (np.float32, np.float64, np.complex64, np.complex128) else flat.astype(float)
    with np.errstate(all="ignore"):
        total = float(np.vdot(flat, flat).real)
        if not 1e-30 < total < 1e30:  # outside the range of single precision, perhaps
            total = float(np.sum(np.square(np.abs(flat), dtype=float)))
        return math.sqrt(total / flat.size) if total == total else math.nan


def size_text(value: Any) -> str:
    """A number, or the size of an array, as the end of a sentence: ``= −0.1463``, ``, rms 0.0078``."""
    return f" = {number(value)}" if np.ndim(value) == 0 else f", {magnitude_text(value)}"


def sum_text(values: Iterable[Any]) -> str:
    """Numbers as a sum: ``−0.2926 + 0.05``, ``0.05 − 0.2926``."""
    text = ""
    for value in values:
        term = number(value)
        if not text:
            text = term
        elif term.startswith("−") and " " not in term:
            text += f" − {term[1:]}"
        else:
            text += f" + {f'({term})' if ' ' in term else term}"
    return text


def bytes_text(n: int) -> str:
    """``24 bytes``, ``1.2 MB``."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if n >= size:
            return f"{n / size:.3g} {unit}"
    return f"{n} byte{'' if n == 1 else 's'}"


def wrapped(text: str, columns: int = 40, lines: int = 8) -> list[str]:
    """A text in lines of words; longer words are broken, and an ellipsis ends what has more lines than allowed."""
    found = [""]
    for word in " ".join(text.split()).split(" "):
        word = printable(word)
        while word:
            room = columns - len(found[-1]) - bool(found[-1])
            if len(word) <= room:
                found[-1] += f" {word}" if found[-1] else word
                break
            if found[-1]:
                found.append("")
            else:
                found[-1], word = word[:columns], word[columns:]
                found.append("") if word else None
    if len(found) > lines:
        found = [*found[: lines - 1], found[lines - 1][: columns - 1] + "…"]
    return found
