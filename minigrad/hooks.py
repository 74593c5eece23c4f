"""Hooks: functions that see a Tensor's error signal when the backward sweep has completed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import finalize

from minigrad.tensor import Tensor

__all__ = ["Hook", "call_hooks", "register_hook"]

# By the count of a Tensor, which is unique, and not in the Tensors: every one would pay for a slot, and hooks are rare.
_hooks: dict[int, list[Hook]] = {}


class Hook:
    """A registered hook, to be removed when it is no longer wanted."""

    def __init__(self, tensor: Tensor, function: Callable[[Any], Any]) -> None:
        self.function = function
        if tensor._order not in _hooks:
            _hooks[tensor._order] = []
            finalize(tensor, _hooks.pop, tensor._order)
        self._all = _hooks[tensor._order]
        self._all.append(self)

    def remove(self) -> None:
        """Do not call it any more; a second time does nothing."""
        if self in self._all:
            self._all.remove(self)


def register_hook(self: Tensor, function: Callable[[Any], Any]) -> Hook:
    """Call `function` with the error signal of this Tensor in every backward sweep, once it is complete.

    What the function returns, an array of the same shape, is passed on in place of the error signal; so it can be
    clipped or scaled on its way. If it returns ``None`` the signal goes on as it is.

    Returns:
        The hook; ``hook.remove()`` takes it away again.

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
    return Hook(self, function)


def call_hooks() -> Callable[[Tensor, Any], Any] | None:
    """What a sweep calls with every Tensor and its error signal; ``None`` as long as nobody has registered a hook."""
    return _call if _hooks else None


def _call(x: Tensor, x_bar: Any) -> Any:
    for hook in tuple(_hooks.get(x._order, ())):
        changed = hook.function(x_bar)
        if changed is not None:
            if getattr(changed, "shape", ()) != x_bar.shape:
                raise ValueError(
                    f"a hook on {x._called()} returned shape {getattr(changed, 'shape', ())}, expected that of the "
                    f"error signal, {x_bar.shape}, or None to leave it as it is"
                )
            x_bar = changed
    return x_bar
