"""Hooks: functions that see a Tensor's error signal when the backward sweep has completed it."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any
from weakref import WeakSet

from minigrad.core.conversions import as_signal
from minigrad.core.tensor import Tensor

__all__ = ["Hook", "active_hooks", "apply_hooks", "register_hook"]


# All registered hooks: a sweep without any calls nothing. A hook belongs to its Tensor, and is freed with it.
_all: WeakSet[Hook] = WeakSet()
_registration = RLock()


class Hook:
    """A registered hook; `remove` unregisters it."""

    def __init__(self, tensor: Tensor, function: Callable[[Any], Any]) -> None:
        self.function = function
        with _registration:  # threads may register hooks on the same Tensor at once
            tensor._hooks = [*getattr(tensor, "_hooks", ()), self]
            _all.add(self)

    @property
    def is_registered(self) -> bool:
        """Whether sweeps call it."""
        return self in _all

    def remove(self) -> None:
        """Stop calling it; a second call does nothing."""
        _all.discard(self)

    def __getstate__(self) -> dict[str, Any]:
        return {"function": None}  # a copy of a Tensor has no hooks, and so a copy of a hook is one that was removed


def register_hook(self: Tensor, function: Callable[[Any], Any]) -> Hook:
    """Call `function` with the error signal of this Tensor in every backward sweep, once it is complete.

    The function may return an array of the same shape, which replaces the error signal: clipped or scaled, for
    example. If it returns ``None``, the error signal stays as it is. It must not write into the error signal, whose
    array another Tensor may share.

    Returns:
        The hook; ``hook.remove()`` unregisters it.

    Raises:
        RuntimeError: if this Tensor does not require gradients.
        TypeError: if `function` is not callable.
        ValueError, TypeError: in the sweep, if what the function returns has another shape, or is not numbers.

    >>> import minigrad as mg
    >>> x = mg.Tensor(2.0, requires_grad=True)
    >>> y = x * x
    >>> hook = y.register_hook(lambda y_bar: print("y_bar is", y_bar))
    >>> (3 * y).backward()
    y_bar is 3.0
    >>> hook.remove()
    """
    if not self.requires_grad:
        raise RuntimeError(f"register_hook: {self._called()} does not require gradients, so no error signal reaches it")
    if not callable(function):
        raise TypeError(f"register_hook: expected a function of the error signal, got {type(function).__name__}")
    return Hook(self, function)


def active_hooks() -> Callable[[Tensor, Any], Any] | None:
    """The function that a sweep calls with every Tensor and its error signal; ``None`` if there are no hooks."""
    return _call if _all else None


def apply_hooks(signals: dict[Tensor, Any], inputs: list[Tensor]) -> dict[Tensor, Any]:
    """The error signals after the hooks on `inputs`, which a sweep that ends at them has not called."""
    call = active_hooks()
    return signals if call is None else signals | {x: call(x, signals[x]) for x in inputs if x in signals}


def _call(x: Tensor, x_bar: Any) -> Any:
    for hook in getattr(x, "_hooks", ()):
        changed = hook.function(x_bar) if hook.is_registered else None
        if changed is not None:
            x_bar = as_signal(changed, x, f"a hook on {x._called()}")
    return x_bar
