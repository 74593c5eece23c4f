"""Pytrees: nested lists, tuples and dictionaries of arrays, flattened and rebuilt.

A model's parameters form such a tree. A list that contains only numbers is an array, as everywhere in minigrad:
``[1.0, 2.0]`` is a vector, ``[w, b]`` are two values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from numbers import Number
from typing import Any

import numpy as np

__all__ = ["flatten_up_to", "tree_leaves", "tree_unflatten"]


#: The deepest tree: every level takes a few of the thousand nested calls that Python allows.
_DEEPEST = 64


def tree_leaves(tree: Any, depth: int = 0) -> Iterator[Any]:
    """The arrays in a tree, from left to right; dictionaries in the order of their keys.

    >>> list(tree_leaves({"w": [1.0, 2.0], "layers": (3.0, {"b": 4.0})}))
    [[1.0, 2.0], 3.0, 4.0]
    """
    parts = _parts(tree, depth)
    if parts is None:
        yield tree
    else:
        for part in parts:
            yield from tree_leaves(part, depth + 1)


def flatten_up_to(given: Any, tree: Any, depth: int = 0) -> Iterator[Any]:
    """The parts of `given` at the positions of the leaves of `tree`.

    Raises:
        ValueError: if the structure of `given` differs.

    >>> list(flatten_up_to({"w": [1.0, 2.0], "b": 4.0}, {"w": 0.0, "b": 0.0}))
    [[1.0, 2.0], 4.0]
    """
    parts = _parts(tree, depth)
    if parts is None:
        yield given
        return
    same = isinstance(given, dict) == isinstance(tree, dict) and isinstance(given, dict | list | tuple)
    if not same or len(given) != len(parts) or (isinstance(tree, dict) and given.keys() != tree.keys()):
        raise ValueError(f"expected {_described(tree)}, got {_described(given)}")
    for key, part in zip(tree if isinstance(tree, dict) else range(len(parts)), parts, strict=True):
        yield from flatten_up_to(given[key], part, depth + 1)


def _described(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a {type(tree).__name__} with the keys {', '.join(map(repr, tree))}"
    return f"a {type(tree).__name__}" + (f" of length {len(tree)}" if isinstance(tree, list | tuple) else "")


def tree_unflatten(tree: Any, next_leaf: Callable[[], Any], depth: int = 0) -> Any:
    """A tree of the same structure, with leaves from calls of `next_leaf`, from left to right.

    >>> tree_unflatten({"w": [1.0, 2.0], "b": 4.0}, iter("xy").__next__)
    {'w': 'x', 'b': 'y'}
    """
    parts = _parts(tree, depth)
    if parts is None:
        return next_leaf()
    new = [tree_unflatten(part, next_leaf, depth + 1) for part in parts]
    if isinstance(tree, dict):
        result = copy(tree)  # of the same class, also where its constructor differs, as that of defaultdict
        result.update(zip(tree, new, strict=True))
        return result
    return type(tree)(*new) if hasattr(tree, "_fields") else type(tree)(new)  # a named tuple takes separate arguments


def _parts(tree: Any, depth: int) -> list[Any] | None:
    if type(tree) is np.ndarray:  # looked at first: most trees are single arrays, or have few parts
        return None
    if depth > _DEEPEST:
        raise ValueError(
            f"lists and dictionaries of arrays are nested more than {_DEEPEST} deep; does one of them contain itself?"
        )
    if isinstance(tree, dict):
        return list(tree.values())
    if isinstance(tree, list | tuple) and not _is_array(tree):
        return list(tree)
    return None


def _is_array(nested: Any, depth: int = 0) -> bool:
    """Whether a nested list contains only numbers; not if it is deeper than any array."""
    if isinstance(nested, list | tuple):
        inside = nested and depth < _DEEPEST and not hasattr(nested, "_fields")
        return bool(inside) and all(_is_array(part, depth + 1) for part in nested)
    return isinstance(nested, Number)
