"""How an operation treats the axes of its arguments: which elements along them an element of the output sees.

Receptive fields and parameter counts follow from it, for the built-in operations and for a user's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from minigrad.core.graph import Operation

__all__ = ["Axes", "AxisMap", "Resampling", "Window"]


@dataclass(frozen=True)
class Window:
    """The elements that an output position sees along one axis, as in convolution and pooling.

    Output position j sees the elements j · stride − padding + i · dilation, for i = 0, …, kernel − 1. So the slice
    ``x[3::2]`` has ``Window(1, stride=2, padding=-3)``.

    Arguments:
        kernel: the number of elements in the window.
        stride: the step from one window to the next; negative for a reversed axis.
        padding: the elements added before the first; negative where the first elements are left out.
        dilation: the step from one element of the window to the next.
        transposed: whether input and output change places, as in transposed convolution: input element j then
            contributes to the output positions j · stride − padding + i · dilation.
    """

    kernel: int = 1
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    transposed: bool = False

    @property
    def period(self) -> int:
        """The number of output positions after which the pattern repeats."""
        return self.stride if self.transposed else 1

    @property
    def shift(self) -> int:
        """The number of elements by which the pattern moves on in one period."""
        return 1 if self.transposed else self.stride

    def elements(self, j: int) -> list[int]:
        """The elements that output position j sees; where transposed windows leave a gap, the one before it."""
        offsets = [self.dilation * i - self.padding for i in range(self.kernel)]
        if not self.transposed:
            return [j * self.stride + offset for offset in offsets]
        starts = [j - offset for offset in offsets]
        return [n // self.stride for n in starts if n % self.stride == 0] or [(j + self.padding) // self.stride]


@dataclass(frozen=True)
class Resampling:
    """The elements that an output position sees along an axis that is interpolated to another size.

    Output position j lies at start + j · step, between two elements.

    Arguments:
        step: the distance of neighbouring output positions, in elements; 1/2 doubles the size.
        start: where output position 0 lies.
        linear: whether it sees the elements on both sides of it, or the one before it alone.
    """

    step: Fraction
    start: Fraction = Fraction(0)
    linear: bool = False

    @property
    def period(self) -> int:
        """The number of output positions after which the pattern repeats."""
        return self.step.denominator

    @property
    def shift(self) -> int:
        """The number of elements by which the pattern moves on in one period."""
        return self.step.numerator

    def elements(self, j: int) -> list[int]:
        """The elements that output position j sees."""
        x = self.start + j * self.step
        return [floor(x), ceil(x)] if self.linear else [floor(x)]


@dataclass(frozen=True)
class AxisMap:
    """Where one axis of an argument goes, and which elements along it an element of the output sees.

    Arguments:
        axis: the axis of the output, counted from the end; ``None`` if the output has no such axis: each of its
            elements then sees all elements along it, or those of the window at position 0, if there is one.
        window: what the output's positions along that axis see; if not given, position j sees element j.
        ordered: whether neighbours stay in order along that axis. Reshaping to a single axis mixes them with others.
    """

    axis: int | None
    window: Window | Resampling | None = None
    ordered: bool = True


def broadcast(operation: Operation, i: int, axis: int) -> AxisMap:
    """An element of the output sees the one at the same place; all see the same one where broadcasting stretches."""
    stretched = np.shape(operation.inputs[i])[axis] == 1 < operation.output.shape[axis]
    return AxisMap(None if stretched else axis)


def once_per_output(operation: Operation, _: int) -> int:
    """Each element of the output uses one element of the argument."""
    return operation.output.size


@dataclass(frozen=True)
class Axes:
    """How an operation treats the axes of its arguments; as it stands, element by element, with broadcasting.

    Passed to `primitive` or `Primitive` as ``axes=``. `nn.receptive_field` reads `map`; `nn.summary` reads
    `multiply_adds`, and with ``sharing=True`` `uses`. An operation without it is taken to see everything, unless it is
    a `Unary` or a `Binary`.

    Arguments:
        map: ``map(operation, i, axis)`` gives the `AxisMap` of one axis of argument `i`, for a recorded `Operation`;
            the axis is counted from the end (−1 is the last). ``None`` where nothing is known of it: each element
            of the output may then see everything.
        uses: ``uses(operation, i)`` counts how many times in all the operation multiplies or adds an element of
            argument `i`; a convolution uses its filter once at each position. By default once for each element of
            the output.
        multiply_adds: ``multiply_adds(operation)`` counts the products that the operation sums, as a convolution or a
            matrix product does; if not given, there are none.

    A blur along the last axis, y[j] = (x[j] + x[j+1] + x[j+2]) / 3:

    >>> import minigrad as mg
    >>> import nn
    >>> import numpy as np
    >>> axes = mg.Axes(lambda operation, i, axis: mg.AxisMap(axis, mg.Window(3) if axis == -1 else None))
    >>> @mg.primitive(lambda y_bar, y, x: sum(np.pad(y_bar, ((0, 0), (0, 0), (k, 2 - k))) for k in range(3)) / 3,
    ...               axes=axes)
    ... def blur(x):
    ...     return (x[..., :-2] + x[..., 1:-1] + x[..., 2:]) / 3
    >>> class Blur(nn.Module):
    ...     def forward(self, x):
    ...         return blur(x)
    >>> nn.receptive_field(nn.Sequential(Blur(), nn.MaxPool1d(2), Blur()), (1, 20)).layers[-1].size
    (8,)
    """

    map: Callable[[Operation, int, int], AxisMap | None] = broadcast
    uses: Callable[[Operation, int], int] = once_per_output
    multiply_adds: Callable[[Operation], int] | None = None
