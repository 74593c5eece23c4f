"""Long statements on several lines: broken at commas and between terms, within brackets."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["in_lines"]

_WIDTH = 100
_INDENT = "    "


def in_lines(statement: str, indent: str = "") -> list[str]:
    """A statement as lines of at most 100 columns, where brackets allow it.

    >>> print(*in_lines("z = first(" + ", ".join(["argument"] * 12) + ")"), sep="\\n")
    z = first(
        argument, argument, argument, argument, argument, argument, argument, argument, argument,
        argument, argument, argument,
    )
    """
    if len(indent) + len(statement) <= _WIDTH or not _is_closed(statement):
        return [indent + statement]
    begin = _start(statement)
    return _broken(statement[:begin], statement[begin:], "", indent)


def _broken(before: str, text: str, after: str, indent: str) -> list[str]:
    """An expression between the start and the end of a line."""
    if len(indent) + len(before) + len(text) + len(after) <= _WIDTH:
        return [indent + before + text + after]
    inner = indent + _INDENT
    several = list(_split(text, (",",)))
    if len(several) > 1:
        return [f"{indent}{before}(", *_packed(several, inner), f"{indent}){after}"]
    for operators in (("+", "-"), ("*", "/")):
        terms = list(_split(text, operators))
        if len(terms) > 1 and (operators[0] == "+" or not _groups(text)):
            lines = [line for term in terms for line in _broken(*_signed(term), "", inner)]
            return [f"{indent}{before}(", *lines, f"{indent}){after}"]
    groups = _groups(text)
    if not groups:
        return [indent + before + text + after]
    opening, closing = max(groups, key=lambda group: group[1] - group[0])
    parts = list(_split(text[opening + 1 : closing], (",",)))
    first, last = before + text[: opening + 1], text[closing:] + after
    if len(parts) == 1:
        terms = list(_split(text[opening + 1 : closing], ("+", "-")))
        return [indent + first, *[line for term in terms for line in _broken(*_signed(term), "", inner)], indent + last]
    if len(inner) + len(", ".join(filter(None, parts))) <= _WIDTH:
        return [indent + first, inner + ", ".join(filter(None, parts)), indent + last]
    return [indent + first, *_packed(parts, inner), indent + last]


def _signed(term: str) -> tuple[str, str]:
    """The operator in front of a term, and the term."""
    return (term[:2], term[2:]) if term[:2] in ("+ ", "- ", "* ", "/ ") else ("", term)


def _packed(parts: list[str], indent: str) -> list[str]:
    """As many parts on each line as there is room for."""
    lines: list[str] = []
    for part in filter(None, parts):
        if lines and len(lines[-1]) + len(part) + 2 <= _WIDTH and "\n" not in part:
            lines[-1] += f" {part},"
        else:
            lines += _broken("", part, ",", indent)
    return lines


def _outside(text: str) -> Iterator[tuple[int, str, int]]:
    """The characters that are not within quotes, with their places and the number of brackets around each."""
    depth, quote = 0, ""
    for i, c in enumerate(text):
        if quote:
            quote = "" if c == quote and text[i - 1] != "\\" else quote
        elif c in "\"'":
            quote = c
        else:
            depth -= c in ")]}"
            yield i, c, depth
            depth += c in "([{"


def _groups(text: str) -> list[tuple[int, int]]:
    """Where the outermost brackets open and close."""
    opening = [i for i, c, depth in _outside(text) if not depth and c in "([{"]
    closing = [i for i, c, depth in _outside(text) if not depth and c in ")]}"]
    return list(zip(opening, closing, strict=True))


def _start(statement: str) -> int:
    """Where the expression begins that is assigned or returned."""
    if statement.startswith("return "):
        return len("return ")
    for i, c, depth in _outside(statement):
        if c == "=" and not depth and statement[i - 1] in " +-*/" and statement[i + 1 : i + 2] == " ":
            return i + 2
    return 0


def _is_closed(text: str) -> bool:
    """Whether it is not a line of a statement that has several."""
    depths = [depth + (c in "([{") for _, c, depth in _outside(text)]
    return min(depths, default=0) >= 0 and depths[-1] == 0


def _split(text: str, separators: tuple[str, ...]) -> Iterator[str]:
    """The parts between commas, or from one operator between spaces to the next."""
    start = 0
    for i, c, depth in _outside(text):
        if depth or c not in separators:
            continue
        if c == ",":
            yield text[start:i].strip()
            start = i + 1
        elif text[i - 1 : i] == " " and text[i + 1 : i + 2] == " ":
            yield text[start:i].strip()
            start = i
    yield text[start:].strip()
