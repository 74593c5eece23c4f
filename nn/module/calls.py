"""Calls of modules: their labels in drawings, derivations and programs, and functions that watch them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import is_dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.module.attributes import walk
from nn.module.hooks import hooks_in_use
from nn.module.modes import is_training, modes
from nn.module.parameter import Buffer, Parameter
from nn.printed_text import printable

if TYPE_CHECKING:
    from nn.module.module import Module

__all__ = ["CallScope", "Condition", "nested_calls", "observe", "observer"]

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

    def condition(self) -> Callable[[], bool]:
        """Whether the module is as now, for a program of its call.

        Raises:
            RuntimeError: if something watches the calls, which a program does not repeat.
        """
        if observer.get() is not None:
            raise RuntimeError("compile: within nn.observe, calls of modules are watched; call the function itself")
        holds = Condition(self.module)
        return lambda: observer.get() is None and holds()

    def parts(self) -> Iterator[CallScope]:
        """The scopes of the modules in it, of which its condition tells, too."""
        return (CallScope(module) for module in self.module.modules())

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


_NOT_A_SETTING = ("_rng_is_fresh",)  # changes when a layer draws


class Condition:
    """Tells whether all attributes of a module, and of those in it, are the same as now, and the modes, too.

    It compares dictionaries, most of which hold the same objects: of 20 modules in 2 µs.

    Raises:
        RuntimeError: if a module has hooks, which a program would not call.
    """

    def __init__(self, module: Module) -> None:
        self.modules: list[Any] = [part for _, part, _ in walk(module)]
        self._held: list[tuple[Any, Any]] = []
        self._numbers: list[tuple[Any, Any]] = []
        for part in self.modules:
            if hooks_in_use and part._hooks is not None:
                self._refuse_hooks(part)
                self._held += [(part._hooks.before, []), (part._hooks.after, [])]
            for value in vars(part).values():
                self._hold(value)
        self._attributes = [(vars(part), dict(vars(part))) for part in self.modules]
        self._is_overridden = bool(modes.get())
        self._modes = [is_training(part) for part in self.modules]

    def __call__(self) -> bool:
        """Whether it is so still."""
        try:
            for now, before in self._attributes:
                if now != before and not self._only_drew(now, before):
                    return False
            for now, before in self._held:
                if now != before:
                    return False
            for now, before in self._numbers:
                if mg.recorder.snapshot(now) != before:
                    return False
        except ValueError:  # arrays are compared element by element: they are others
            return False
        if modes.get() or self._is_overridden:
            return self._modes == [is_training(part) for part in self.modules]
        return True

    @staticmethod
    def _refuse_hooks(module: Module) -> None:
        if module._hooks is not None and (module._hooks.before or module._hooks.after):
            raise RuntimeError(
                f"compile: {type(module).__name__} has forward hooks, which a program would not call; remove them, or "
                "call the function itself"
            )

    def _hold(self, value: Any) -> None:
        """Note what is in lists, dictionaries and arrays, which may change without being assigned."""
        if isinstance(value, list | dict):
            self._held.append((value, value.copy()))
        if isinstance(value, list | dict | tuple):
            for part in value.values() if isinstance(value, dict) else value:
                self._hold(part)
        elif isinstance(value, np.ndarray | mg.Tensor) and not isinstance(value, Parameter | Buffer):
            self._numbers.append((value, mg.recorder.snapshot(value)))
        elif _is_settings(value) and not any(now is vars(value) for now, _ in self._held):
            self._held.append((vars(value), dict(vars(value))))
            for part in vars(value).values():
                self._hold(part)

    @staticmethod
    def _only_drew(now: dict[str, Any], before: dict[str, Any]) -> bool:
        """Whether nothing has changed but that a layer has drawn since."""
        settings = {name: value for name, value in now.items() if name not in _NOT_A_SETTING}
        if settings != {name: value for name, value in before.items() if name not in _NOT_A_SETTING}:
            return False
        before.clear()
        before.update(now)
        return True


def _is_settings(value: Any) -> bool:
    """Whether it is an object that only holds attributes: a dataclass or a namespace."""
    return isinstance(value, SimpleNamespace) or (is_dataclass(value) and hasattr(value, "__dict__"))
