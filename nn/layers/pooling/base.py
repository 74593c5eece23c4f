"""What all pooling layers share: how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from nn.module import Module
from nn.printed_text import lengths
from nn.typing import PerAxis

__all__ = ["PoolingLayer"]


class PoolingLayer(Module):
    """A layer that applies a pooling function with the arguments that it was constructed with.

    Attributes:
        function: computes the output, ``mg.max_pool2d`` for instance.
        required: the names of the arguments without a default.
        defaults: the other arguments, which repr shows only where they differ from these values.
        operation: what drawings call it, in front of the size of its windows.
        axes: the number of axes that the windows move along.
    """

    function: ClassVar[Callable[..., Any]]
    required: ClassVar[tuple[str, ...]] = ("kernel_size",)
    defaults: ClassVar[dict[str, Any]] = {}
    operation: ClassVar[str] = ""
    axes: ClassVar[int]
    kernel_size: PerAxis

    def describe(self) -> list[str]:
        """``max 2×2``, and the arguments that are not the usual ones."""
        if not self.operation:
            return super().describe()
        window = lengths(getattr(self, self.required[0]), self.axes)
        shown = ("stride", "padding", "dilation")
        others = [f"{name} {lengths(value)}" for name, value in self._unusual() if name in shown]
        return [f"{self.operation} {window}", *others]

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        parts = [str(getattr(self, name)) for name in self.required]
        return ", ".join([*parts, *(f"{name}={value!r}" for name, value in self._unusual())])

    def _unusual(self) -> Iterator[tuple[str, Any]]:
        """The arguments that are not the defaults; a stride as long as the window is one."""
        for name, default in self.defaults.items():
            value = _collapse(getattr(self, name))
            if value != default and not (name == "stride" and value == _collapse(self.kernel_size)):
                yield name, getattr(self, name)


def _collapse(value: Any) -> Any:
    """A sequence of equal numbers as one number."""
    equal = isinstance(value, tuple | list) and all(n == value[0] for n in value)
    return _collapse(value[0]) if equal and value else value
