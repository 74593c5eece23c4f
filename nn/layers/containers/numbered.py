"""What containers share whose elements are counted: they are used as a list is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import index as as_index
from typing import Any, Generic, SupportsIndex, TypeVar

from nn.module import Module

__all__ = ["Numbered"]

_T = TypeVar("_T")
_Self = TypeVar("_Self", bound="Numbered[Any]")


class Numbered(Module, Generic[_T]):
    """A container with elements in the attributes "0", "1", …; a subclass says what they are.

    An element is found by identity, for parameters are compared number by number.
    """

    _kind: type[_T]

    def _checked(self, name: str, value: Any) -> _T:
        """The value as an element of this name, or an error that says what to write instead."""
        raise NotImplementedError

    def _elements(self) -> dict[str, _T]:
        """The elements by name, in their order."""
        return {name: value for name, value in vars(self).items() if isinstance(value, self._kind)}

    def __iter__(self) -> Iterator[_T]:
        kind = self._kind
        return iter([value for value in vars(self).values() if isinstance(value, kind)])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, value: Any) -> bool:
        return any(value is element for element in self)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._part(dict(list(self._elements().items())[index]))
        return self._elements()[self._name_of(index)]

    def __setitem__(self, index: SupportsIndex, value: Any) -> None:
        name = self._name_of(index)
        setattr(self, name, self._checked(name, value))

    def __delitem__(self, index: SupportsIndex | slice) -> None:
        kept = list(self._elements().items())
        if not isinstance(index, slice):
            self._name_of(index)
        del kept[index]
        self._replace(kept)

    def append(self: _Self, value: Any) -> _Self:
        """Add an element at the end; return the container."""
        numbers = [int(name) for name in self._elements() if name.isdecimal()]
        name = str(max([len(self) - 1, *numbers]) + 1)
        setattr(self, name, self._checked(name, value))
        return self

    def extend(self: _Self, values: Iterable[Any]) -> _Self:
        """Add several elements at the end; return the container."""
        for value in self._listed(values):
            self.append(value)
        return self

    def insert(self: _Self, index: SupportsIndex, value: Any) -> _Self:
        """Add an element before the one at `index`; return the container."""
        new = list(self._elements().items())
        new.insert(as_index(index), ("0", self._checked(str(index), value)))
        self._replace(new)
        return self

    def pop(self, index: SupportsIndex = -1) -> _T:
        """Take out an element, and return it."""
        element: _T = self[index]
        del self[index]
        return element

    def __iadd__(self: _Self, values: Iterable[Any]) -> _Self:
        return self.extend(values)

    def __add__(self, values: Iterable[Any]) -> Any:
        return self._part({str(i): element for i, element in enumerate([*self, *self._listed(values)])})

    def _part(self, elements: dict[str, _T]) -> Any:
        """A container of these elements: those of a slice or a sum, shared with this one."""
        raise NotImplementedError

    def _listed(self, values: Any) -> list[Any]:
        """What is to be added, in a list."""
        if not isinstance(values, Iterable) or isinstance(values, str | dict):
            raise TypeError(f"{type(self).__name__}: expected a list, got a {type(values).__name__}; write [element]")
        return list(values)

    def _replace(self, elements: list[tuple[str, _T]]) -> None:
        """Hold these elements instead; those that are counted are counted anew."""
        for name in self._elements():
            delattr(self, name)
        for i, (name, element) in enumerate(elements):
            setattr(self, str(i) if name.isdecimal() else name, element)

    def _name_of(self, index: Any) -> str:
        """The name of the element at an index, which may be negative."""
        names, called = list(self._elements()), type(self).__name__
        if isinstance(index, str):
            raise TypeError(f"{called}: got {index!r} as an index, expected a number; by its name, model.{index}")
        try:
            number = as_index(index)
        except TypeError:
            raise TypeError(f"{called}: got a {type(index).__name__} as an index, expected a whole number") from None
        if not -len(names) <= number < len(names):
            what = self._kind.__name__.lower()
            raise IndexError(f"{called}: there is no {what} {number} among {len(names)}, counted from 0")
        return names[number]
