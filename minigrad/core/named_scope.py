"""Named scopes, and the one context variable that says whether operations are recorded, and in which scope.

Its value is the innermost scope, or ``None`` where nothing is recorded, so that recording a call costs a single
look-up. Context variables are kept per thread and per async task: ``no_grad`` in one thread does not stop another
thread's training.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minigrad.context_variable import Decorator, setting
from minigrad.recorder import writer, writers

__all__ = [
    "TOP_LEVEL",
    "Scope",
    "ScopeContext",
    "current_scope",
    "enter_scope",
    "innermost",
    "observe_recording",
    "scope",
    "scope_of",
]


class Scope:
    """A named part of a computation: a call of a module, or a ``with mg.scope("encoder"):`` block.

    Every recorded operation keeps the scope in which it was called. Drawings fold scopes into named boxes.
    """

    __slots__ = ("label", "on_record", "outer")
    #: Whether constants, too, keep how they were computed; and whether nothing requires gradients: within ``record``.
    records_all = is_detached = False

    def __init__(self, label: Any, outer: Scope | None) -> None:
        self.label = label
        self.outer = outer
        #: Called with each Tensor that is recorded, within ``detect_anomaly``, and within ``no_grad`` and ``record``.
        self.on_record: Callable[[Any], None] | None = outer.on_record if outer is not None else None

    def detached(self) -> Scope | None:
        """The same within ``no_grad``."""
        return None

    def attached(self) -> Scope:
        """The same outside ``no_grad``."""
        return self

    def path(self) -> list[Scope]:
        """The scopes around an operation, outermost first, without the nameless top level."""
        scopes: list[Scope] = []
        inner: Scope | None = self
        while inner is not None and inner.outer is not None:
            scopes.append(inner)
            inner = inner.outer
        return scopes[::-1]

    def name(self) -> str:
        """What a value is called that leaves it: ``features.conv1``; "" for the outermost module, which has no name.

        A module is called as the attribute that holds it, another label is its own name.
        """
        labels = [scope.label for scope in self.path()]
        names = [getattr(x, "name", "") if hasattr(x, "named_parameters") else x for x in labels]
        return ".".join(filter(None, map(str, names)))

    def encloses(self, other: Scope | None) -> bool:
        """Whether another scope lies in it, or is itself."""
        while other is not None and other is not self:
            other = other.outer
        return other is self


def _note_scope(scope: Scope | None, error: BaseException) -> None:
    """Within ``record``, note at an error in which scope it was raised; the innermost is left first."""
    if scope is not None and scope.records_all:
        error.__dict__.setdefault("_minigrad_scope", scope)


def scope_of(error: BaseException) -> Scope | None:
    """The scope in which an error was raised that left ``record``."""
    return error.__dict__.get("_minigrad_scope")


TOP_LEVEL = Scope("", None)
#: The first element of what `innermost` returns is the scope: what is recorded asks it directly.
innermost, enter_scope, _leave = setting("minigrad scope", TOP_LEVEL, _note_scope)


def current_scope() -> Scope | None:
    """The innermost scope of this thread or task; ``None`` where nothing requires gradients."""
    scope = innermost()[0]
    return None if scope is None or scope.is_detached else scope


class ScopeContext:
    """A context manager that sets the current scope; it may be nested in itself, and shared by threads."""

    __slots__ = ()

    __exit__ = _leave


class observe_recording(ScopeContext):
    """Call `observer` with every Tensor that is recorded within."""

    def __init__(self, observer: Callable[[Any], None]) -> None:
        self.observer = observer

    def __enter__(self) -> None:
        inner = innermost()[0]
        if inner is not None and not inner.is_detached:  # for drawings the same scope
            inner = type(inner)(inner.label, inner.outer)
            inner.on_record = self.observer
        enter_scope(self, inner)


class scope(ScopeContext, Decorator):
    """Name the operations of a block; drawings fold them into one box of this name.

    The label may be any object; its ``str`` is taken only when a graph is drawn or a derivation printed, where it
    also names the outputs of the block. A label with ``named_parameters()`` and ``named_buffers()``, as modules have,
    names those used inside, too.

    >>> import minigrad as mg
    >>> x = mg.Tensor(0.5, requires_grad=True)
    >>> with mg.scope("gate"):
    ...     y = mg.sigmoid(2 * x)
    >>> y.scope.label
    'gate'
    """

    __slots__ = ("label",)

    def __init__(self, label: Any) -> None:
        self.label = label

    def __enter__(self) -> None:
        if writers and (found := writer()) is not None:
            found.entered(self.label)
        outer = innermost()[0]
        enter_scope(self, None if outer is None else type(outer)(self.label, outer))

    def _again(self) -> scope:
        return scope(self.label)
