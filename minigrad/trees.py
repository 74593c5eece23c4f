"""Lists, tuples and dictionaries of arrays, taken apart and put together again.

A model's parameters come as such a tree. A list of nothing but numbers is no tree but an array, as everywhere
in minigrad: ``[1.0, 2.0]`` is a vector, ``[w, b]`` are two values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from numbers import Number
from typing import Any

__all__ = ["leaves_of", "rebuilt"]


def leaves_of(tree: Any) -> Iterator[Any]:
    """The arrays in a tree, from left to right; dictionaries in the order in which they were filled.

    >>> list(leaves_of({"w": [1.0, 2.0], "layers": (3.0, {"b": 4.0})}))
    [[1.0, 2.0], 3.0, 4.0]
    """
    parts = _parts(tree)
    if parts is None:
        yield tree
    else:
        for part in parts:
            yield from leaves_of(part)


def rebuilt(tree: Any, leaf: Callable[[], Any]) -> Any:
    """A tree of the same structure, whose leaves come from calling `leaf`, from left to right.

    >>> rebuilt({"w": [1.0, 2.0], "b": 4.0}, iter("xy").__next__)
    {'w': 'x', 'b': 'y'}
    """
    parts = _parts(tree)
    if parts is None:
        return leaf()
    new = [rebuilt(part, leaf) for part in parts]
    if isinstance(tree, dict):
        return dict(zip(tree, new, strict=True))
    return type(tree)(*new) if hasattr(tree, "_fields") else type(tree)(new)  # a named tuple takes them one by one


def _parts(tree: Any) -> list[Any] | None:
    if isinstance(tree, dict):
        return list(tree.values())
    if isinstance(tree, list | tuple) and not _is_array(tree):
        return list(tree)
    return None


def _is_array(nested: Any) -> bool:
    """Whether a nested list holds nothing but numbers."""
    if isinstance(nested, list | tuple):
        return bool(nested) and all(_is_array(part) for part in nested)
    return isinstance(nested, Number)
