"""Hooks: functions that see a Tensor's error signal when the backward sweep has completed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

import numpy as np

from minigrad.core.tensor import Tensor

__all__ = ["Hook", "active_hooks", "apply_hooks", "register_hook"]


# Whether there are any: a sweep without hooks asks nobody. The hooks themselves hang on their Tensor, and go with it.
_all: WeakSet[Hook] = WeakSet()


class Hook:
    """A registered hook, to be removed when it is no longer wanted."""

    def __init__(self, tensor: Tensor, function: Callable[[Any], Any]) -> None:
        self.function = function
        tensor._hooks = [*getattr(tensor, "_hooks", ()), self]
        _all.add(self)

    def remove(self) -> None:
        """Do not call it any more; a second time does nothing."""
        _all.discard(self)


def register_hook(self: Tensor, function: Callable[[Any], Any]) -> Hook:
    """Call `function` with the error signal of this Tensor in every backward sweep, once it is complete.

    What the function returns, an array of the same shape, is passed on in place of the error signal; so it can be
    clipped or scaled on its way. If it returns ``None`` the signal goes on as it is. It must not write into the
    error signal, which may be that of another Tensor too.

    Returns:
        The hook; ``hook.remove()`` takes it away again.

    Raises:
        RuntimeError: if this Tensor does not require gradients.
        TypeError: if `function` cannot be called.
        ValueError: in the sweep, if what the function returns has another shape.

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
    """What a sweep calls with every Tensor and its error signal; ``None`` as long as nobody has registered a hook."""
    return _call if _all else None


def apply_hooks(signals: dict[Tensor, Any], inputs: list[Tensor]) -> dict[Tensor, Any]:
    """The signals, after the hooks on these inputs, at which a sweep ends without calling them."""
    call = active_hooks()
    return signals if call is None else signals | {x: call(x, signals[x]) for x in inputs if x in signals}


def _call(x: Tensor, x_bar: Any) -> Any:
    for hook in getattr(x, "_hooks", ()):
        changed = hook.function(x_bar) if hook in _all else None
        if changed is not None:
            if not isinstance(changed, Tensor):
                changed = np.asarray(changed, dtype=x_bar.dtype)[()]
            if changed.shape != x_bar.shape:
                raise ValueError(
                    f"a hook on {x._called()} returned shape {changed.shape}, expected that of the "
                    f"error signal, {x_bar.shape}, or None to leave it as it is"
                )
            x_bar = changed
    return x_bar
