"""What a value is at one time, to be compared with what it is at another: a program is written for it."""

from __future__ import annotations

from array import array
from collections import ChainMap, UserDict, UserList, deque
from collections.abc import Callable, Collection, Iterator
from types import MappingProxyType, MemberDescriptorType, ModuleType
from typing import Any

import numpy as np

__all__ = ["snapshot"]

_NUMBERS = (bool, int, float, complex, str, bytes, type(None), np.generic)
_OURS = ("minigrad", "nn")


class _Same:
    """Equal to what was made from the same object, which it keeps alive."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other._value is self._value

    def __hash__(self) -> int:
        return id(self._value)


def snapshot(x: Any, names: Collection[str] = (), is_identity: Callable[[Any], bool] = lambda _: False) -> Any:
    """Equal to another one if nothing has changed, of what a function with these attribute names can see.

    Numbers and text are compared by value, arrays by all their numbers, and lists and dictionaries by what is in them;
    of other objects, the identity and the attributes of these names are compared.

    Arguments:
        is_identity: whether only the identity of an object matters.

    >>> numbers = np.zeros(2)
    >>> before = snapshot({"a": [numbers, 1.0]})
    >>> before == snapshot({"a": [np.zeros(2), 1.0]})
    True
    >>> numbers[0] = 1
    >>> before == snapshot({"a": [numbers, 1.0]}), before == snapshot({"a": [np.zeros(2), 1]})
    (False, False)
    """
    return _seen(x, frozenset(names), is_identity, ())


def _seen(x: Any, names: frozenset[str], is_identity: Callable[[Any], bool], inside: tuple[int, ...]) -> Any:
    kind = type(x)
    if kind in _NUMBERS or isinstance(x, np.generic):
        return (kind, x) if kind in (str, bytes, int, bool) else (kind, repr(x))  # 0.0 is not −0.0, and NaN is NaN
    if id(x) in inside or hasattr(kind, "__record__") or is_identity(x):
        return _Same(x)
    inside = (*inside, id(x))
    if isinstance(x, list | tuple | deque | UserList):
        return kind, [_seen(part, names, is_identity, inside) for part in x]
    if isinstance(x, set | frozenset):
        return kind, set(x)
    if isinstance(x, dict | UserDict | ChainMap | MappingProxyType):
        return kind, [(type(key), key, _seen(part, names, is_identity, inside)) for key, part in x.items()]
    if kind is array:
        return kind, x.typecode, x.tobytes()
    if isinstance(x, np.ndarray):
        return kind, x.dtype, x.shape, x.strides, x.tobytes()
    if hasattr(kind, "strides") and hasattr(kind, "get"):  # on a GPU; a model would look for what else was meant
        return kind, x.dtype, x.shape, x.strides, x.get().tobytes()
    if getattr(kind, "requires_grad", None) is not None:  # of a parameter, the value is not a constant
        return _Same(x) if x.requires_grad else (kind, _seen(x.data, names, is_identity, inside))
    return _Same(x), [(name, _seen(part, names, is_identity, inside)) for name, part in _attributes(x, names)]


def _attributes(x: Any, names: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The attributes of an object, a class or a user's module that are data, of these names."""
    kind = x if isinstance(x, type) else type(x)
    module = x.__name__ if isinstance(x, ModuleType) else kind.__module__
    if not names or str(module).split(".")[0] in _OURS:
        return
    own = getattr(x, "__dict__", {})
    for name in names:
        for held in (own, *map(vars, kind.__mro__)):
            if name in held:
                value = held[name]
                if isinstance(value, MemberDescriptorType):  # of __slots__
                    value = getattr(x, name, None)
                if held is own or not (hasattr(value, "__get__") or callable(value)):
                    yield name, value
                break
