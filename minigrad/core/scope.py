"""Where an operation was recorded: named scopes, and the one variable that says what is being recorded.

One context variable answers both questions, so that recording a call costs a single look-up: it holds
the innermost scope, or ``None`` where nothing is recorded. Context variables are kept per thread and
per async task, so one thread's ``no_grad`` never switches off another's training.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ContextDecorator
from contextvars import ContextVar
from typing import Any

__all__ = ["Scope", "current_scope", "scope", "witnessed"]


class Scope:
    """A named stretch of a computation: a call of a module, or a ``with mg.scope("encoder"):`` block.

    Every recorded operation keeps the scope it was made in. Drawings fold scopes into named boxes.
    """

    __slots__ = ("label", "outer", "witness")

    def __init__(self, label: Any, outer: Scope | None) -> None:
        self.label = label
        self.outer = outer
        #: Called with each Tensor that is recorded, within ``detect_anomaly``.
        self.witness: Callable[[Any], None] | None = outer.witness if outer is not None else None

    def path(self) -> list[Scope]:
        """The scopes around an operation, outermost first, without the nameless top level."""
        scopes: list[Scope] = []
        here: Scope | None = self
        while here is not None and here.outer is not None:
            scopes.append(here)
            here = here.outer
        return scopes[::-1]


top_scope = Scope("", None)
scope_variable: ContextVar[Scope | None] = ContextVar("minigrad scope", default=top_scope)
current_scope = scope_variable.get


class Entered:
    """Remembers what held before; entered again within itself, it remembers that too."""

    _tokens: Any = None

    def __exit__(self, *error: object) -> None:
        token, self._tokens = self._tokens
        scope_variable.reset(token)


class witnessed(Entered):
    """Tell `witness` of every Tensor that is recorded within."""

    def __init__(self, witness: Callable[[Any], None]) -> None:
        self.witness = witness

    def __enter__(self) -> None:
        here = current_scope()
        if here is not None:  # the same scope for drawings, with a witness
            here = Scope(here.label, here.outer)
            here.witness = self.witness
        self._tokens = (scope_variable.set(here), self._tokens)


class scope(Entered, ContextDecorator):
    """Give the operations of a block a name, under which drawings fold them into one box.

    The label may be any object; it is asked for its ``str`` only when a picture is drawn or a derivation
    printed, which calls what leaves the block by it. A label with ``named_parameters()``, as modules have,
    names the parameters used inside too.

    >>> import minigrad as mg
    >>> x = mg.Tensor(0.5, requires_grad=True)
    >>> with mg.scope("gate"):
    ...     y = mg.sigmoid(2 * x)
    >>> y.scope.label
    'gate'
    """

    def __init__(self, label: Any) -> None:
        self.label = label

    def __enter__(self) -> None:
        outer = current_scope()
        self._tokens = (scope_variable.set(None if outer is None else Scope(self.label, outer)), self._tokens)

    def _recreate_cm(self) -> scope:
        return scope(self.label)
