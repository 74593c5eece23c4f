"""The parts of a module: what its attributes hold, also in lists and tuples, with dotted paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nn.printed_text import printable

__all__ = ["DEEPEST", "flat", "join", "parts"]

DEEPEST = 64  # lists in lists, and modules in modules that are shown


def parts(module: Any) -> Iterator[tuple[str, Any]]:
    """All values that the attributes of a module hold, with their paths from this module: ``"layers.0"``."""
    for name, value in _attributes(module).items():
        yield from flat(name, value)


def flat(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """A value, or the elements of nested lists and tuples, with their names."""
    if isinstance(value, list | tuple):
        if depth == DEEPEST:
            name = printable(name.partition(".")[0])
            raise ValueError(f"{name}: lists are nested more than {DEEPEST} deep; does a list contain itself?")
        for i, part in enumerate(value):
            yield from flat(f"{name}.{i}", part, depth + 1)
    else:
        yield name, value


def join(prefix: str, name: str) -> str:
    """The dotted path of what is called `name` within `prefix`."""
    return f"{prefix}.{name}" if prefix else name


def _attributes(module: Any) -> dict[str, Any]:
    """Its attributes: those of ``__dict__``, and of slots that a subclass may have."""
    found: Any = object.__getstate__(module)
    return {**(found[0] or {}), **found[1]} if isinstance(found, tuple) else found or {}
