"""The text that the user typed, and errors that point at a part of it.

An error shows the line, carets under the part concerned, and a message that says how to fix it::

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

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "InputError", "Source", "SourceRange"]

#: The limits on the characters of a text and on the nesting of operations. Printing a formula takes about five nested
#: calls per level, and Python allows a thousand.
MAX_LENGTH, MAX_DEPTH = 10_000, 50

#: The signs of printed formulas; one character each, so that columns stay the same.
_SIGNS = str.maketrans("−·×", "-**")

_COLUMNS = 100  # of a terminal; of a longer line only a part is shown


class SourceRange(Protocol):
    """A range of the text as nodes of `ast` have it: lines from 1, columns from 0, counted in UTF-8 bytes."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class InputError(Exception):
    """Invalid input: the line, with carets under the part concerned, and how to fix it."""


class Source:
    """A text in the expression language.

    Arguments:
        text: as the user typed it.
        start: where the expression begins, as after the ``=`` of ``w=0.5``; the text before it is shown but not parsed.

    >>> raise Source("2*(x + 1").error(2, 3, "this bracket was never closed")
    Traceback (most recent call last):
    minigrad.cli.source.InputError: 2*(x + 1
      ^
    this bracket was never closed
    """

    def __init__(self, text: str, start: int = 0) -> None:
        self._text = text.replace("\r\n", "\n")
        self._start = start
        self._lines = self._text.split("\n")
        # Without blocks, indentation means nothing here, so it is hidden from Python's parser.
        code = [line[start if i == 0 else 0 :].lstrip(" \t") for i, line in enumerate(self._lines)]
        self._indents = [len(line) - len(rest) for line, rest in zip(self._lines, code, strict=True)]
        self._code = [rest.translate(_SIGNS) for rest in code]

    def parse(self) -> list[ast.stmt]:
        """The statements of the text.

        Raises:
            InputError: if it is not valid Python, too long, or nested too deeply.
        """
        if len(self._text) - self._start > MAX_LENGTH:
            raise self.error(self._start, len(self._lines[0]), f"this is longer than {MAX_LENGTH:,} characters")
        for i, line in enumerate(self._lines):
            for column, c in enumerate(line):
                if not (c.isprintable() or c == "\t"):
                    raise self.error(column, column + 1, f"the character U+{ord(c):04X} is invisible; delete it", i)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # such as Python's advice on 1if
                statements = ast.parse("\n".join(self._code)).body
        except SyntaxError as error:
            raise self._syntax_error(error) from None
        except (RecursionError, MemoryError):  # raised by the parser at some thousand levels
            raise self.error(self._start, len(self._lines[0]), _TOO_DEEP) from None
        self._refuse_depth(statements)
        return statements

    def error(self, start: int, end: int, message: str, line: int = 0) -> InputError:
        """The error to raise for the characters from `start` to `end` of a line; the first line is 0."""
        text = "".join(c if c.isprintable() else " " for c in self._lines[line])
        start = min(start, len(text))
        end = max(start + 1, min(end, len(text)))
        if len(text) > _COLUMNS:
            left = max(0, min(start - _COLUMNS // 3, len(text) - _COLUMNS))
            right = left + _COLUMNS
            before, after = "…" if left else "", "…" if right < len(text) else ""
            text = before + text[left:right] + after
            start, end = start - left + len(before), min(end, right) - left + len(before)
        message = re.sub(r"\S{80,}", lambda long: long[0][:40] + "…", message)  # such as a name of 10,000 letters
        space, carets = " " * _columns(text[:start]), "^" * max(1, _columns(text[start:end]))
        return InputError(f"{text}\n{space}{carets}\n{message}")

    def error_at(self, part: SourceRange, message: str) -> InputError:
        """The error to raise for a node; if it spans several lines, the first is shown."""
        start, end = self._span(part)
        return self.error(start, end, message, part.lineno - 1)

    def error_between(self, left: SourceRange, sign: str, right: SourceRange, message: str) -> InputError | None:
        """The error to raise for an operator between two nodes; ``None`` if they are not on one line."""
        (_, start), (end, _) = self._span(left), self._span(right)
        if left.lineno != left.end_lineno or left.lineno != right.lineno:
            return None
        at = self._lines[left.lineno - 1].find(sign, start, end)
        return None if at < 0 else self.error(at, at + len(sign), message, left.lineno - 1)

    def _span(self, part: SourceRange) -> tuple[int, int]:
        """The start and end column on the first line of the node."""
        i = part.lineno - 1
        code, indent = self._code[i].encode(), self._indents[i]
        end = part.end_col_offset if part.end_lineno == part.lineno else None
        return len(code[: part.col_offset].decode()) + indent, len(code[:end].decode()) + indent

    def _syntax_error(self, error: SyntaxError) -> InputError:
        i = min(error.lineno or 1, len(self._lines)) - 1
        start = max(0, (error.offset or 1) - 1)
        end = (error.end_offset or 0) - 1 if error.end_lineno == error.lineno else 0
        # Python's own suggestions do not apply here: "Maybe you meant '==' …"
        problem = re.split(r"[.,;?] (?:perhaps|maybe|use) ", error.msg, maxsplit=1, flags=re.IGNORECASE)[0]
        indent = self._indents[i]
        return self.error(
            start + indent, end + indent, f"this cannot be read: {problem}{_hint(problem, self._code[i], start)}", i
        )

    def _refuse_depth(self, statements: list[ast.stmt]) -> None:
        """Level by level, since recursion would fail on a deep tree."""
        level: list[ast.AST] = list(statements)
        for _ in range(MAX_DEPTH + 1):  # the statement itself is a level
            level = [child for node in level for child in ast.iter_child_nodes(node)]
        for node in level:
            if isinstance(node, ast.expr):
                raise self.error_at(node, _TOO_DEEP)


def _hint(problem: str, line: str, at: int) -> str:
    if re.search(r"\blambda\b", line):
        return "; lambda is a Python keyword; call λ lam instead"
    if "²" in line or "³" in line:
        return "; write powers as w**2"
    two_factors = re.search(r"[\w)\]]\s+$", line[:at]) and re.match(r"[\w(]", line[at:])
    if two_factors or problem.startswith(("invalid decimal", "invalid imaginary")):
        return "; write a * between two factors, as in 2*w*x"
    return ""


_TOO_DEEP = (
    f"this is nested more than {MAX_DEPTH} deep; give parts of it names, as in z = w*x + b; y = sigmoid(z), "
    "or add up a list with sum"
)


def _columns(text: str) -> int:
    """The columns of a terminal that a text takes: a combining bar takes none, a Chinese letter two."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
