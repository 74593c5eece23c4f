"""What the user typed, and how to point at a part of it.

Every mistake is shown as the line that holds it, carets under the part that is meant, and a sentence
that says how to mend it::

    0.5*(sigmod(w*x + b) - t)**2
         ^^^^^^
    there is no function sigmod; did you mean sigmoid?
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from typing import Protocol

__all__ = ["DEEPEST", "LONGEST", "Mistake", "Part", "Source"]

#: How many characters a text may have, and how many operations may stand inside one another. Printing a formula
#: takes about five calls of Python for each level, and Python stops at a thousand.
LONGEST, DEEPEST = 10_000, 50

#: As formulas are printed; one character for one, so that every column stays where it is.
_SIGNS = str.maketrans("−·×", "-**")

_COLUMNS = 100  # of a terminal: a longer line is shown in part


class Part(Protocol):
    """Where a piece of the text stands, as `ast` says it: lines from 1, columns from 0, counted in UTF-8 bytes."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Mistake(Exception):
    """Something the user typed, with carets under it, and how to mend it."""


class Source:
    """A text in the little language.

    Arguments:
        text: as the user typed it.
        start: where the language begins, behind the ``=`` of ``w=0.5``; what is before is shown and not read.

    >>> raise Source("2*(x + 1").mistake(2, 3, "this bracket was never closed")
    Traceback (most recent call last):
    minigrad.cli.source.Mistake: 2*(x + 1
      ^
    this bracket was never closed
    """

    def __init__(self, text: str, start: int = 0) -> None:
        self._text = text.replace("\r\n", "\n")
        self._start = start
        self._lines = self._text.split("\n")
        # There are no blocks, so indentation means nothing here: Python's parser, to which it does, never sees it.
        behind = [line[start if i == 0 else 0 :].lstrip(" \t") for i, line in enumerate(self._lines)]
        self._indents = [len(line) - len(rest) for line, rest in zip(self._lines, behind, strict=True)]
        self._code = [rest.translate(_SIGNS) for rest in behind]

    def parse(self) -> list[ast.stmt]:
        """The statements of the text.

        Raises:
            Mistake: if it is no Python, too long, or nested too deeply.
        """
        if len(self._text) - self._start > LONGEST:
            raise self.mistake(self._start, len(self._lines[0]), f"this is longer than {LONGEST:,} characters")
        for i, line in enumerate(self._lines):
            for column, c in enumerate(line):
                if not (c.isprintable() or c == "\t"):
                    raise self.mistake(column, column + 1, f"the character U+{ord(c):04X} is invisible; delete it", i)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python's advice on Python, such as on 1if
                statements = ast.parse("\n".join(self._code)).body
        except SyntaxError as error:
            raise self._syntax_mistake(error) from None
        except (RecursionError, MemoryError):  # what the parser does at some thousand levels
            raise self.mistake(self._start, len(self._lines[0]), _TOO_DEEP) from None
        self._refuse_depth(statements)
        return statements

    def mistake(self, start: int, end: int, message: str, line: int = 0) -> Mistake:
        """The error to raise for the characters from `start` to `end` of a line; the first line is 0."""
        text = "".join(c if c.isprintable() else " " for c in self._lines[line])
        start = min(start, len(text))
        end = max(start + 1, min(end, len(text)))
        if len(text) > _COLUMNS:
            left = max(0, min(start - _COLUMNS // 3, len(text) - _COLUMNS))
            right = left + _COLUMNS
            before, behind = "…" if left else "", "…" if right < len(text) else ""
            text = before + text[left:right] + behind
            start, end = start - left + len(before), min(end, right) - left + len(before)
        message = re.sub(r"\S{80,}", lambda long: long[0][:40] + "…", message)  # a name may have 10,000 letters
        space, carets = " " * _columns(text[:start]), "^" * max(1, _columns(text[start:end]))
        return Mistake(f"{text}\n{space}{carets}\n{message}")

    def mistake_at(self, part: Part, message: str) -> Mistake:
        """The error to raise for a piece of the program; of one that runs over several lines, the first is shown."""
        start, end = self._span(part)
        return self.mistake(start, end, message, part.lineno - 1)

    def mistake_between(self, left: Part, sign: str, right: Part, message: str) -> Mistake | None:
        """The error to raise for a sign between two pieces; ``None`` if they are not on one line."""
        (_, start), (end, _) = self._span(left), self._span(right)
        if left.lineno != left.end_lineno or left.lineno != right.lineno:
            return None
        at = self._lines[left.lineno - 1].find(sign, start, end)
        return None if at < 0 else self.mistake(at, at + len(sign), message, left.lineno - 1)

    def _span(self, part: Part) -> tuple[int, int]:
        """First character and the one behind the last, on the first line of the part."""
        i = part.lineno - 1
        code, indent = self._code[i].encode(), self._indents[i]
        end = part.end_col_offset if part.end_lineno == part.lineno else None
        return len(code[: part.col_offset].decode()) + indent, len(code[:end].decode()) + indent

    def _syntax_mistake(self, error: SyntaxError) -> Mistake:
        i = min(error.lineno or 1, len(self._lines)) - 1
        start = max(0, (error.offset or 1) - 1)
        end = (error.end_offset or 0) - 1 if error.end_lineno == error.lineno else 0
        # What Python supposes was meant is meant for Python: "Maybe you meant '==' …"
        said = re.split(r"[.,;?] (?:perhaps|maybe|use) ", error.msg, maxsplit=1, flags=re.IGNORECASE)[0]
        indent = self._indents[i]
        return self.mistake(
            start + indent, end + indent, f"this cannot be read: {said}{_hint(said, self._code[i], start)}", i
        )

    def _refuse_depth(self, statements: list[ast.stmt]) -> None:
        """Level by level, for walking down by recursion is what a deep tree forbids."""
        level: list[ast.AST] = list(statements)
        for _ in range(DEEPEST + 1):  # the statement itself is a level
            level = [child for node in level for child in ast.iter_child_nodes(node)]
        for node in level:
            if isinstance(node, ast.expr):
                raise self.mistake_at(node, _TOO_DEEP)


def _hint(said: str, line: str, at: int) -> str:
    if re.search(r"\blambda\b", line):
        return "; lambda is a word of Python's own, so call λ lam"
    if "²" in line or "³" in line:
        return "; write powers as w**2"
    two_factors = re.search(r"[\w)\]]\s+$", line[:at]) and re.match(r"[\w(]", line[at:])
    if two_factors or said.startswith(("invalid decimal", "invalid imaginary")):
        return "; between two factors stands a *, as in 2*w*x"
    return ""


_TOO_DEEP = (
    f"this is nested more than {DEEPEST} deep; give parts of it names, as in z = w*x + b; y = sigmoid(z), "
    "or add up a list by sum"
)


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: a combining bar takes none, a Chinese letter two."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
