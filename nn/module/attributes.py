"""The parts of a module: what its attributes hold, also in lists, tuples and dictionaries, with dotted paths."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from nn.module.parameter import Buffer, Parameter
from nn.printed_text import printable

__all__ = ["CONTAINERS", "DEEPEST", "HasParts", "find", "join", "parts", "parts_of", "walk"]

DEEPEST = 64  # lists in lists, and modules in modules that are shown


class HasParts:
    """The base of modules, by which they are told from other values."""

    __slots__ = ()


_PARTS = (Parameter, Buffer, HasParts, np.random.Generator)
_NAMELESS: Any = (set, frozenset, deque, type({}.values()))
CONTAINERS: Any = (list, tuple, dict, *_NAMELESS)  # where parts may be, or would not be found
_PLAIN = frozenset({int, float, str, bool, type(None)})  # what most attributes are, looked at first: walks are frequent


def walk(module: Any, prefix: str = "") -> Iterator[tuple[str, Any, list[tuple[str, Any]]]]:
    """The module and all in it, each once with its dotted path and its parts, outer ones first."""
    seen: set[int] = set()
    to_visit = [(prefix, module)]
    while to_visit:
        path, module = to_visit.pop()
        if id(module) not in seen:
            seen.add(id(module))
            own = list(parts(module))
            yield path, module, own
            to_visit += [(join(path, name), part) for name, part in reversed(own) if isinstance(part, HasParts)]


def parts(module: Any) -> Iterator[tuple[str, Any]]:
    """The modules, parameters, buffers and generators in the attributes of a module, with paths: ``"layers.0"``."""
    for name, value in _attributes(module).items():
        if type(value) in _PLAIN:
            continue
        if isinstance(value, _PARTS):
            yield name, value
        elif isinstance(value, CONTAINERS):
            yield from parts_of(name, value)


def parts_of(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The parts in the value of an attribute: itself, or those in nested lists, tuples and dictionaries.

    Raises:
        TypeError: if there is a part in a set or deque, or in a dictionary under a key that is not a string.
        ValueError: if a key has a dot or is empty, or there are more than 64 lists and dictionaries in one another.
    """
    if isinstance(value, _PARTS):
        yield name, value
    elif isinstance(value, _NAMELESS):
        for part in value:
            if isinstance(part, _PARTS):
                raise TypeError(
                    f"{printable(name)}: a {type(part).__name__} in a {type(value).__name__} is not found, because its "
                    "elements have no names; use a list or a dictionary"
                )
    elif isinstance(value, list | tuple | dict):
        if depth == DEEPEST:
            name = printable(name.partition(".")[0])
            raise ValueError(
                f"{name}: lists are nested more than {DEEPEST} deep; does a list contain itself? (or a dictionary)"
            )
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if type(inner) in _PLAIN:
                continue
            for path, part in parts_of(f"{name}.{key}", inner, depth + 1):
                if isinstance(value, dict):
                    _require_name(name, key, part)
                yield path, part


def find(module: Any, path: str) -> Any:
    """The part at this path, by whichever of its names; the module itself at ``""``; ``None`` if there is none."""
    if not path:
        return module
    for name, part in parts(module):
        if path == name:
            return part
        if path.startswith(f"{name}.") and isinstance(part, HasParts):
            found = find(part, path.removeprefix(f"{name}."))
            if found is not None:
                return found
    return None


def join(prefix: str, name: str) -> str:
    """The dotted path of what is called `name` within `prefix`."""
    return f"{prefix}.{name}" if prefix else name


def _attributes(module: Any) -> dict[str, Any]:
    """Its attributes: those of ``__dict__``, and of slots that a subclass may have."""
    found: Any = object.__getstate__(module)
    return {**(found[0] or {}), **found[1]} if isinstance(found, tuple) else found or {}


def _require_name(name: str, key: Any, part: Any) -> None:
    """Refuse the key of a dictionary that cannot be a part of a path."""
    if isinstance(key, str) and key and "." not in key:
        return
    kind = ValueError if isinstance(key, str) else TypeError
    raise kind(
        f"{printable(name)}: a {type(part).__name__} is under the key {key!r}; keys become names in state_dict(), and "
        f"are strings without a dot: write {str(key).replace('.', '_') or 'key'!r}"
    )
