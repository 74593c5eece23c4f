"""Forward hooks: functions that are called before or after each call of one module, and may replace what it sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn.module.module import Module

__all__ = ["ForwardHook", "Hooks", "hooks_in_use"]

#: Empty until some module has hooks: to look for them would take 2 % of the call of a module.
hooks_in_use: set[type] = set()


class ForwardHook:
    """A registered hook; `remove` takes it back, and so does the end of a ``with`` block."""

    def __init__(self, function: Callable[..., Any], with_kwargs: bool, among: list[ForwardHook]) -> None:
        if not callable(function):
            raise TypeError(f"a hook is a function of the module and its inputs, got a {type(function).__name__}")
        self._function, self._with_kwargs, self._among = function, with_kwargs, among
        among.append(self)

    def __call__(self, module: Module, args: tuple[Any, ...], kwargs: dict[str, Any], *output: Any) -> Any:
        """What the function returns, with the keywords of the call if it takes them."""
        return self._function(module, args, *([kwargs] if self._with_kwargs else []), *output)

    def remove(self) -> None:
        """Call it no more."""
        if self in self._among:
            self._among.remove(self)

    def __enter__(self) -> ForwardHook:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


class Hooks:
    """The hooks of one module, in the order in which they were registered."""

    def __new__(cls) -> Hooks:  # of copies and of what is unpickled, too
        hooks_in_use.add(cls)
        return super().__new__(cls)

    def __init__(self) -> None:
        self.before: list[ForwardHook] = []
        self.after: list[ForwardHook] = []

    def call(self, module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The output of ``module.forward``, with the hooks around it."""
        for hook in list(self.before):  # a hook may remove itself
            changed = hook(module, args, kwargs)
            if hook._with_kwargs and changed is not None:
                args, kwargs = _pair(changed)
            elif changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        y = module.forward(*args, **kwargs)
        if y is not None:  # which the call of the module refuses
            for hook in list(self.after):
                changed = hook(module, args, kwargs, y)
                y = y if changed is None else changed
        return y


def _pair(changed: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What a hook with keywords puts in place of the arguments."""
    if not (isinstance(changed, tuple) and len(changed) == 2 and isinstance(changed[1], dict)):
        raise TypeError(
            f"a forward pre-hook with with_kwargs=True returned a {type(changed).__name__}, expected None or the pair "
            "(args, kwargs) of a tuple and a dictionary"
        )
    args, kwargs = changed
    return args if isinstance(args, tuple) else (args,), kwargs
