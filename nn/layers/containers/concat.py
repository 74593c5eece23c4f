"""Concat: modules side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, axis_number
from nn.layers.containers.elements import require_free_name, require_module
from nn.layers.containers.numbered import Numbered
from nn.module import Module

__all__ = ["Concat"]


class Concat(Numbered[Module]):
    """Modules side by side: each gets the same input, and their outputs are joined along an axis.

    Joined along the channels they are an Inception block. Modules are named and indexed as in `Sequential`.

    Arguments:
        branches: the modules.
        dim: the axis; 1 is that of the channels.

    Raises:
        TypeError: if one is not a module, or `dim` not a whole number.
        ValueError: if there is none; in a call, if the outputs differ in other axes.

    Source: Szegedy et al., "Going deeper with convolutions", CVPR 2015.

    >>> import nn, numpy as np
    >>> block = nn.Concat(nn.Conv2d(3, 8, 1), nn.Conv2d(3, 4, 3, padding=1))
    >>> block(np.ones((1, 3, 5, 5), np.float32)).shape
    (1, 12, 5, 5)
    """

    dim = Setting(axis_number)
    _kind = Module

    def __init__(self, *branches: Module, dim: int = 1, **named: Module) -> None:
        for name, branch in {**{str(i): branch for i, branch in enumerate(branches)}, **named}.items():
            setattr(self, name, self._checked(name, branch))
        if not len(self):
            raise ValueError("Concat: got no modules, expected at least one: Concat(nn.Conv2d(…), nn.Conv2d(…))")
        self.dim = dim

    def forward(self, x: Any) -> Any:
        """The outputs of the branches, joined."""
        outputs = [branch(x) for branch in self]
        shapes = [np.shape(y) for y in outputs]
        others = set(map(self._other_axes, shapes))
        if len(others) > 1 or None in others:
            raise ValueError(
                f"Concat: the branches give the shapes {', '.join(map(str, shapes))}, which can be joined along axis "
                f"{self.dim} only if all other axes are the same; padding keeps the size of images"
            )
        return mg.concatenate(outputs, axis=self.dim)

    def _checked(self, name: str, value: Any) -> Module:
        require_module(self, name, value)
        require_free_name(self, name)
        return value  # type: ignore[no-any-return]

    def _part(self, elements: dict[str, Module]) -> Concat:
        return Concat(dim=self.dim, **elements)

    def _other_axes(self, shape: tuple[int, ...]) -> tuple[int, ...] | None:
        """The shape without the axis along which it is joined; ``None`` where there is none."""
        if not -len(shape) <= self.dim < len(shape):
            return None
        axis = self.dim % len(shape)
        return shape[:axis] + shape[axis + 1 :]
