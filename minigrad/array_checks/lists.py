"""Nested lists and tuples of numbers, which stand for arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["DEEPEST", "NUMBERS", "is_list_of_numbers", "parts_of_list", "refuse_depth"]

#: Python's number types, which adapt to the dtype of the other operand.
NUMBERS = frozenset({int, float, bool, complex})

_LISTS = frozenset({list, tuple})

#: NumPy's limit of the axes of an array.
DEEPEST = 64


def parts_of_list(value: Any, depth: int = 0) -> Iterator[Any]:
    """What nested lists and tuples hold, without lists of nothing but Python numbers; anything else is its only part.

    Raises:
        ValueError: if they are nested deeper than any array, as a list is that contains itself.

    >>> list(parts_of_list([[1.0, 2.0], [3.0, None]]))
    [3.0, None]
    """
    if not isinstance(value, list | tuple):
        yield value
    elif not is_list_of_numbers(value, depth):
        refuse_depth(depth)
        for part in value:
            yield from parts_of_list(part, depth + 1)


def refuse_depth(depth: int) -> None:
    """Raise a ValueError at a depth of nested lists that no array has."""
    if depth >= DEEPEST:
        raise ValueError(
            f"lists are nested more than {DEEPEST} deep, the most axes of an array; does a list contain itself?"
        )


def is_list_of_numbers(value: Any, depth: int = 0) -> bool:
    """Whether it is a nested list of nothing but Python numbers; ten times as fast as to look at each.

    >>> is_list_of_numbers([[1.0, 2.0], [3.0, 4.0]]), is_list_of_numbers([1.0, None])
    (True, False)
    """
    if not isinstance(value, list | tuple) or depth >= DEEPEST:
        return False
    kinds = set(map(type, value))
    return kinds <= NUMBERS or (kinds <= _LISTS and all(is_list_of_numbers(part, depth + 1) for part in value))
