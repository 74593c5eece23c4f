"""Calls of modules: their labels in drawings and derivations, and functions that watch them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import minigrad as mg
from nn.printed_text import printable

if TYPE_CHECKING:
    from nn.module.module import Module

__all__ = ["CallScope", "nested_calls", "observe", "observer"]

OnCall = Callable[["Module", Any], None]

#: What `observe` has set for the calls in its block.
observer: ContextVar[OnCall | None] = ContextVar("nn observer", default=None)


@contextmanager
def observe(on_call: OnCall) -> Iterator[None]:
    """Within the block, call ``on_call(module, output)`` after each call of a module, innermost first.

    Of several outputs, it receives the first.
    """
    token = observer.set(on_call)
    try:
        yield
    finally:
        observer.reset(token)


class CallScope(mg.scope):
    """The scope of a call of a module, and its own label: ``conv1: Conv2d(1, 6, kernel_size=5)``.

    Drawings and derivations use the text and the names of the parameters. Both are computed only on demand, because
    training enters a scope for each call; with another object for the label, a call would take a tenth longer.
    """

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module

    @property
    def label(self) -> CallScope:
        """Itself."""
        return self

    @property
    def name(self) -> str:
        name = self.module._name  # a number, as in a Sequential or a list, cannot name a variable
        return f"{type(self.module).__name__.lower()}{name}" if name.isdecimal() else name

    def named_parameters(self) -> Iterator[tuple[str, mg.Tensor]]:
        return self.module.named_parameters()

    def named_buffers(self) -> Iterator[tuple[str, mg.Tensor]]:
        return self.module.named_buffers()

    def describe(self) -> list[str]:
        """What the module does, for drawings."""
        return type(self.module).describe(self.module)  # a module may have an attribute of that name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CallScope) and self.module is other.module

    def __hash__(self) -> int:
        return id(self.module)

    def __str__(self) -> str:
        text = f"{type(self.module).__name__}({self.module.extra_repr()})"
        if not self.module.extra_repr():
            text = type(self.module).__name__
        return f"{printable(self.module._name)}: {text}" if self.module._name else text


def nested_calls(error: RecursionError, module: Module) -> RecursionError:
    """Python's error, with what may be wrong; the innermost call that has room for it explains it."""
    if "call of a module" in str(error):
        return error
    return RecursionError(
        f"{type(module).__name__}: {error} within the call of a module: does a module call itself, or are some 300 "
        "containers nested? Put the layers one after another into a single Sequential"
    )
