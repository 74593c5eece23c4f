"""What containers share whose elements have names: they are used as a dictionary is."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any, TypeVar

import minigrad as mg
from nn.layers.containers.elements import require_free_name
from nn.module import Module

__all__ = ["Keyed"]

_T = TypeVar("_T")


class Keyed(Module, MutableMapping[str, _T]):
    """A container with elements in the attributes of their names; a subclass says what they are."""

    _kind: type[_T]

    # a mapping is compared by its elements, and has no hash; a module is itself
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def _checked(self, name: str, value: Any) -> _T:
        """The value as an element of this name, or an error that says what to write instead."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        return (name for name, value in list(vars(self).items()) if isinstance(value, self._kind))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and isinstance(vars(self).get(name), self._kind)

    def __getitem__(self, name: str) -> _T:
        self._require(name)
        return vars(self)[name]  # type: ignore[no-any-return]

    def __setitem__(self, name: str, value: Any) -> None:
        require_free_name(self, name)
        setattr(self, name, self._checked(name, value))

    def __delitem__(self, name: str) -> None:
        self._require(name)
        delattr(self, name)

    def _require(self, name: Any) -> None:
        if name not in self:
            close = mg.unsupported.closest(name, self) if isinstance(name, str) else None
            hint = f"did you mean {close!r}?" if close else f"it has {', '.join(map(repr, self)) or 'none'}"
            raise KeyError(f"{type(self).__name__} has no {self._kind.__name__.lower()} {name!r}; {hint}")
