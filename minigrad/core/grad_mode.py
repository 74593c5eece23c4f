"""Whether operations are recorded: ``no_grad``, and ``enable_grad`` within it."""

from __future__ import annotations

from minigrad.context_variable import PlainDecorator
from minigrad.core.named_scope import TOP_LEVEL, ScopeContext, enter_scope, innermost

__all__ = ["enable_grad", "no_grad"]


class no_grad(ScopeContext, PlainDecorator):
    """Compute without recording: results do not require gradients and keep no graph alive.

    Use it as a context manager or as a decorator, of a generator or coroutine too: there it holds while that runs, and
    not for the caller in between. It holds for the current thread or task alone.

    >>> import minigrad as mg
    >>> w = mg.Tensor(2.0, requires_grad=True)
    >>> with mg.no_grad():
    ...     y = w * w
    >>> y.requires_grad
    False
    """

    def __enter__(self) -> None:
        scope = innermost()[0]
        enter_scope(self, None if scope is None else scope.detached())


class enable_grad(ScopeContext):
    """Record within, even inside ``no_grad``: a derivative needs the graph of its own function."""

    def __enter__(self) -> None:
        scope = innermost()[0]
        enter_scope(self, TOP_LEVEL if scope is None else scope.attached())
