"""TODO"""

from __future__ import annotations

from typing import Any, ClassVar

from nn.layers.convolution import PerAxis
from nn.module import Module


class Pool(Module):
    """A layer that says its arguments as they were given, those with a default only where they differ from it."""

    given: ClassVar[tuple[str, ...]] = ("kernel_size",)
    defaults: ClassVar[dict[str, Any]] = {}
    kernel_size: PerAxis

    def extra_repr(self) -> str:
        """The arguments, leaving out defaults."""
        words = [str(getattr(self, name)) for name in self.given]
        for name, default in self.defaults.items():
            value = _once(getattr(self, name))
            if value != default and not (name == "stride" and value == _once(self.kernel_size)):
                words.append(f"{name}={getattr(self, name)!r}")
        return ", ".join(words)


def _once(value: Any) -> Any:
    """A number that is given for each axis, as one for all."""
    same = isinstance(value, tuple | list) and all(n == value[0] for n in value)
    return _once(value[0]) if same and value else value
