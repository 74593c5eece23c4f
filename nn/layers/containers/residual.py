"""Residual: a shortcut around a module."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.layers.containers.elements import require_module
from nn.module import Module

__all__ = ["Residual"]


class Residual(Module):
    """y = f(x) + x: a module f, and a shortcut around it.

    f has to learn only what is to be added to x. The error signal reaches x unweakened, x̄ = ȳ + f̄, however many
    such blocks follow one another.

    Arguments:
        f: the module.
        shortcut: a module s for y = f(x) + s(x), where f changes the shape: a 1×1 convolution, with f's stride.

    Raises:
        TypeError: if they are not modules.
        ValueError: in a call, if the shapes of both terms differ.

    Source: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR 2016.

    >>> import nn, numpy as np
    >>> nn.Residual(nn.Conv2d(8, 8, 3, padding=1))(np.ones((1, 8, 5, 5), np.float32)).shape
    (1, 8, 5, 5)
    """

    def __init__(self, f: Module, shortcut: Module | None = None) -> None:
        self.f = require_module(self, "f", f)
        self.shortcut = None if shortcut is None else require_module(self, "shortcut", shortcut)

    def forward(self, x: Any) -> Any:
        """f(x) + x, or f(x) + s(x)."""
        y = self.f(x)
        skipped = x if self.shortcut is None else self.shortcut(x)
        if np.shape(y) != np.shape(skipped):
            raise ValueError(self._misfit(np.shape(x), np.shape(y), np.shape(skipped)))
        return y + skipped

    def _misfit(self, x: tuple[int, ...], y: tuple[int, ...], skipped: tuple[int, ...]) -> str:
        if self.shortcut is not None:
            return f"Residual: the module turns {x} into {y}, and the shortcut into {skipped}; both must be the same"
        message = f"Residual: the module turns {x} into {y}, to which its input cannot be added"
        if len(x) != len(y) or not 2 <= len(x) <= 5:
            return message
        if len(x) == 2:
            return f"{message}; write shortcut=nn.Linear({x[1]}, {y[1]})"
        stride = -(-x[2] // max(y[2], 1))
        if any(-(-n // max(stride, 1)) != m for n, m in zip(x[2:], y[2:], strict=True)):
            return f"{message}; give the module a padding that keeps the size, such as padding='same'"
        settings = f"{x[1]}, {y[1]}, 1" + (f", stride={stride}" if stride > 1 else "")
        return f"{message}; write shortcut=nn.Conv{len(x) - 2}d({settings})"
