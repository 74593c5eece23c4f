"""What all pooling layers share: how they are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from nn.module import Module
from nn.typing import PerAxis

__all__ = ["PoolingLayer"]


class PoolingLayer(Module):
    """A layer that applies a pooling function with the arguments that it was constructed with.

    Attributes:
        function: computes the output, ``mg.max_pool2d`` for instance.
        required: the names of the arguments without a default.
        defaults: the other arguments, which repr shows only where they differ from these values.
    """

    function: ClassVar[Callable[..., Any]]
    required: ClassVar[tuple[str, ...]] = ("kernel_size",)
    defaults: ClassVar[dict[str, Any]] = {}
    kernel_size: PerAxis

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        parts = [str(getattr(self, name)) for name in self.required]
        for name, default in self.defaults.items():
            value = _collapse(getattr(self, name))
            if value != default and not (name == "stride" and value == _collapse(self.kernel_size)):
                parts.append(f"{name}={getattr(self, name)!r}")
        return ", ".join(parts)


def _collapse(value: Any) -> Any:
    """A sequence of equal numbers as one number."""
    equal = isinstance(value, tuple | list) and all(n == value[0] for n in value)
    return _collapse(value[0]) if equal and value else value
