"""The names outside of a function that it looks up in each call: ``model``, ``loss``. One of them may be bound anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import Any

__all__ = ["MISSING", "cell_contents", "global_names", "same_names"]

_OURS = ("minigrad", "nn")
_NUMBERS = (bool, int, float, str, bytes, type(None))
MISSING = object()
_Name = tuple[Callable[[], Any], Any]


def same_names(f: Callable[..., Any]) -> Callable[[], bool]:
    """Tells whether the names that `f` looks up, and those in the user's functions, mean what they mean now."""
    names = list(_names(f, set()))

    def holds() -> bool:
        for read, before in names:
            now = read()
            if now is not before and not (type(now) is type(before) and type(now) in _NUMBERS and now == before):
                return False
        return True

    return holds if names else lambda: True


def _names(f: Any, seen: set[int]) -> Iterator[_Name]:
    """How each name is read, and what it means; those of the functions among them, too."""
    while isinstance(f, partial):
        f = f.func
    if isinstance(f, MethodType):
        yield from ((partial(vars(f.__self__).get, name), x) for name, x in vars(f.__self__).items() if _is_state(x))
        f = f.__func__
    if hasattr(f, "__wrapped__"):  # mg.value_and_grad(f)
        yield from _names(f.__wrapped__, seen)
    if not isinstance(f, FunctionType) or id(f) in seen or (f.__module__ or "").split(".")[0] in _OURS:
        return
    seen.add(id(f))
    found: list[_Name] = []
    for cell in f.__closure__ or ():
        found.append((partial(cell_contents, cell), cell_contents(cell)))
    for name in global_names(f.__code__):
        if name in f.__globals__:
            found.append((partial(f.__globals__.get, name, MISSING), f.__globals__[name]))
    for read, value in found:
        yield read, value
        if isinstance(value, list | dict):
            yield from _held(value)
        yield from _names(value, seen)


def _held(value: list[Any] | dict[Any, Any]) -> Iterator[_Name]:
    """The modules and Tensors in a list or dictionary."""
    items = list(value.items() if isinstance(value, dict) else enumerate(value))
    if any(_is_state(part) for _, part in items):
        yield partial(len, value), len(value)
        yield from ((partial(_item, value, key), part) for key, part in items)


def _item(value: Any, key: Any) -> Any:
    try:
        return value[key]
    except LookupError:
        return MISSING


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


def _is_state(x: Any) -> bool:
    """Whether it is a Tensor, a module or an optimizer."""
    return any(hasattr(x, name) for name in ("requires_grad", "named_parameters", "param_groups"))
