"""What a function finds outside in each call, by the names that it looks up: ``model``, ``scale``, ``settings.rate``.

A program has it as a constant, and holds while it is the same: a name may be bound anew, an array or a list be written
into, an attribute be set.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from minigrad.recorder import snapshot
from minigrad.user_frame import is_users, warn

__all__ = ["MISSING", "cell_contents", "global_names", "same_names"]

MISSING = object()
#: Their classes have no methods that look up what may change; those of minigrad and nn are told of by their conditions.
_LIBRARIES = ("builtins", "numpy", "minigrad")
#: Methods that are not called while a function computes with an object.
_NOT_CALLED = ("__init__", "__new__", "__repr__", "__str__", "__del__", "__reduce__", "__getstate__", "__setstate__")
_MOST = 1000  # parts of a list that are searched for functions
_LARGE = 1 << 24  # bytes, which are compared in some milliseconds


def same_names(f: Callable[..., Any], told: Collection[Any] = ()) -> Callable[[], bool] | None:
    """Tells whether what `f` looks up, and the user's functions that it calls, is as it is now; ``None`` for nothing.

    Arguments:
        told: Tensors that each call reads anew, and models that have conditions of their own; only which they are
            matters.

    >>> scale = [1.0]
    >>> holds = same_names(lambda x: scale[0] * x)
    >>> holds()
    True
    >>> scale[0] = 2.0
    >>> holds()
    False
    """
    found = _Found(f)
    names, own = frozenset(found.names), set(map(id, told))

    def seen(read: Callable[[], Any]) -> Any:
        return snapshot(read(), names, lambda x: id(x) in own)

    before = [(read, seen(read)) for read in found.reads]
    size = _size(before)
    if size > _LARGE:
        warn(
            f"compile: {getattr(f, '__name__', 'the function')} looks up arrays of {size / 1e6:.0f} MB that are not "
            "arguments; each call of the program compares them with what they were. Pass them as arguments"
        )
    return (lambda: all(seen(read) == value for read, value in before)) if before else None


def _size(found: Any) -> int:
    """The number of bytes of all arrays in snapshots."""
    if isinstance(found, bytes):
        return len(found)
    return sum(map(_size, found)) if isinstance(found, list | tuple) else 0


class _Found:
    """The names that a function looks up, and those of the user's functions and methods that it reaches by them.

    Attributes:
        reads: how each value is read.
        names: all of them, and those of attributes.
    """

    def __init__(self, f: Any) -> None:
        self.reads: list[Callable[[], Any]] = []
        self.names: set[str] = set()
        self._seen: dict[int, Any] = {}
        self._objects: list[Any] = []
        if not isinstance(f, FunctionType | MethodType | partial) and not _is_plain(f):
            self.reads.append(lambda: f)
        self._visit([f])
        looked_for = -1
        while looked_for != len(self.names):  # a method may look up names that another object has
            looked_for = len(self.names)
            for x in tuple(self._objects):
                self._visit(self._named_functions(x))

    def _visit(self, pending: Iterable[Any]) -> None:
        pending = list(pending)
        while pending:
            x = pending.pop()
            if id(x) in self._seen:
                continue
            self._seen[id(x)] = x
            if isinstance(x, partial):
                self.reads += [partial(getattr, x, "args"), partial(getattr, x, "keywords")]
                pending += [x.func, *x.args, *x.keywords.values()]
            elif isinstance(x, MethodType):
                self.reads.append(partial(getattr, x, "__self__"))
                pending += [x.__func__, x.__self__]
            elif isinstance(x, FunctionType):
                pending += self._of_function(x)
            elif isinstance(x, list | tuple | dict):
                pending += [*(x.values() if isinstance(x, dict) else x)][:_MOST]
            elif isinstance(x, staticmethod | classmethod):
                pending.append(x.__func__)
            elif not _is_plain(x):
                self._objects.append(x)

    def _of_function(self, f: FunctionType) -> list[Any]:
        reached = [cell_contents(cell) for cell in f.__closure__ or ()]
        reached += [f.__wrapped__] if hasattr(f, "__wrapped__") else []  # mg.value_and_grad(f)
        if is_users(f.__code__.co_filename):
            self.names |= global_names(f.__code__) | set(_texts(f.__code__))
            reads: list[Callable[[], Any]] = [partial(cell_contents, cell) for cell in f.__closure__ or ()]
            reads += [
                partial(f.__globals__.get, name, MISSING)
                for name in sorted(global_names(f.__code__))
                if name in f.__globals__
            ]
            reads += [partial(getattr, f, name) for name in ("__defaults__", "__kwdefaults__") if getattr(f, name)]
            values = [read() for read in reads]
            self.reads += [read for read, x in zip(reads, values, strict=True) if not _is_fixed(x)]
            reached += values
        else:  # as that of nn.fit, which has the user's model and loss in an object of its own
            held = [vars(x) for x in reached if hasattr(x, "__dict__")]
            reached += [own[name] for own in held for name in f.__code__.co_names if name in own]
            self.reads += [partial(_itself, x) for x in reached if _is_users_object(x)]
        return reached

    def _named_functions(self, x: Any) -> list[Any]:
        """The methods and properties of an object or class that functions name, and what Python calls by itself."""
        if isinstance(x, type):
            kinds = {x}
        else:
            is_model = hasattr(x, "named_parameters") and hasattr(x, "modules")
            kinds = {type(part) for part in x.modules()} if is_model else {type(x)}
        found: list[Any] = []
        for c in {c for kind in kinds for c in kind.__mro__ if not (_is_plain(c) or str(c.__module__)[:3] == "nn.")}:
            for name, value in vars(c).items():
                if name in self.names or name == "forward" or (name[:2] == "__" and name not in _NOT_CALLED):
                    found.append(value.fget if isinstance(value, property) else value)
        own = {} if isinstance(x, type) else getattr(x, "__dict__", {})
        found += [own[name] for name in (self.names | {"__wrapped__"}) & own.keys()]  # mg.compile(f) has f
        return [value for value in found if value is not None]


def _is_plain(x: Any) -> bool:
    """Whether it has no methods of the user's: a number, an array, a function or a class of NumPy's, a module."""
    kind = x if isinstance(x, type) else type(x)
    return isinstance(x, ModuleType) or str(kind.__module__).split(".")[0] in _LIBRARIES


def _itself(x: Any) -> Any:
    return x


def _is_users_object(x: Any) -> bool:
    """Whether it may have attributes that a model's condition does not tell of."""
    file = getattr(sys.modules.get(type(x).__module__), "__file__", None) or ""
    return not (_is_plain(x) or hasattr(x, "named_parameters") or isinstance(x, FunctionType)) and is_users(file)


def _texts(code: CodeType) -> Iterator[str]:
    """The text in a function that may name an attribute: ``getattr(settings, "rate")``."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _texts(constant)
        elif isinstance(constant, str) and constant.isidentifier():
            yield constant


def _is_fixed(x: Any) -> bool:
    """Whether a name is that of a library: ``np``, ``mg``, ``math``, or a function in one."""
    if isinstance(x, ModuleType):
        return getattr(x, "__file__", None) is None or not is_users(x.__file__)  # type: ignore[arg-type]
    code = getattr(x, "__code__", None)
    return code is not None and not is_users(code.co_filename)


def cell_contents(cell: Any) -> Any:
    """The value of a variable of the function around; `MISSING` before it has one."""
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


def global_names(code: CodeType) -> set[str]:
    """The names that a function and those within it look up."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= global_names(constant)
    return names
