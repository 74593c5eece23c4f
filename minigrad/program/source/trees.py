"""Nested arguments and results as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minigrad.program.source.constants import string_text

__all__ = ["Pair", "leaves", "paths", "shown", "tree_text", "within_docstring"]

_WIDEST = 90  # columns of what is returned, in one line


def leaves(tree: Any) -> Any:
    """The pairs in a tree, in order."""
    if isinstance(tree, Pair):
        yield tree
    elif isinstance(tree, dict):
        for part in tree.values():
            yield from leaves(part)
    elif isinstance(tree, tuple | list):
        for part in tree:
            yield from leaves(part)


class Pair(tuple[Any, Any]):
    """A result, and the variable as which it was recorded."""

    __slots__ = ()


def tree_text(tree: Any, leaf: Any, key_text: Callable[[Any], str]) -> str:
    """A tree of pairs as Python; ``leaf`` writes the result and the variable of a pair."""
    if isinstance(tree, Pair):
        return leaf(*tree)  # type: ignore[no-any-return]
    if isinstance(tree, dict):
        opening, closing = "{}"
        parts = [f"{key_text(key)}: {tree_text(part, leaf, key_text)}" for key, part in tree.items()]
    else:
        opening, closing = "[]" if isinstance(tree, list) else "()"
        parts = [tree_text(part, leaf, key_text) for part in tree]
    text = f"{opening}{', '.join(parts)}{',' * (isinstance(tree, tuple) and len(parts) == 1)}{closing}"
    if len(text) < _WIDEST and "\n" not in text:
        return text
    return "\n".join([opening, *[f"    {line}" for part in parts for line in f"{part},".split("\n")], closing])


def within_docstring(text: str) -> str:
    """A line of a docstring, whatever it quotes: it must not end there."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def shown(key: Any) -> str:
    """A key of a dictionary as it is shown: text in double quotes, anything else by its ``repr``."""
    return string_text(key) if type(key) is str else repr(key)


def paths(tree: Any, key_text: Callable[[Any], str], path: str = "") -> Any:
    """The leaves of a tree, and the text that takes each from the tree."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from paths(part, key_text, f"{path}[{key_text(key)}]")
    elif isinstance(tree, tuple | list):
        for i, part in enumerate(tree):
            yield from paths(part, key_text, f"{path}[{i}]")
    else:
        yield path, tree
