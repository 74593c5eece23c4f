"""The Tensors of a network that a program reads before it runs, and those that it changes afterwards."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from minigrad.core.tensor import Tensor
from minigrad.program.recording.outside import Outside
from minigrad.program.runtime import OtherProgram
from minigrad.recorder import writer

__all__ = ["State"]


class _Read:
    """A Tensor that a program reads: its value, or its `grad`, has to be of the kind that the program was written for.

    Attributes:
        seen: the value that was looked at last; most are the same in every call.
    """

    __slots__ = ("dtype", "of_grad", "requires_grad", "seen", "shape", "strides", "tensor", "type")

    def __init__(self, tensor: Tensor, value: Any, of_grad: bool) -> None:
        self.tensor, self.of_grad, self.seen = tensor, of_grad, None
        self.type, self.shape, self.dtype, self.strides = type(value), value.shape, value.dtype, value.strides
        self.requires_grad = tensor._requires_grad

    def fits(self, value: Any) -> bool:
        """Whether the program was written for a value of this kind."""
        same_kind = type(value) is self.type and value.shape == self.shape and value.dtype == self.dtype
        return same_kind and value.strides == self.strides


class State:
    """The Tensors outside that a program reads and changes.

    Arguments:
        outside: what its recording has found.
        used: the variables of the program.
    """

    def __init__(self, outside: Outside, used: Container[Any]) -> None:
        self.conditions = outside.conditions
        self._given = [read for _, read, _ in outside.given_to(used)]
        self._afterwards = outside.afterwards
        self.changes = [change for change, _ in outside.changes]
        self.resets = outside.resets
        changed = {*self.changes, *((tensor, "grad") for tensor in self.resets)}
        self._reads: list[_Read] = []
        #: Tensors whose `grad` was ``None``, or not, where the program adds to it or replaces it.
        self._grads: list[tuple[Tensor, bool]] = []
        for found in outside.tensors.values():
            if found.variable in used:
                self._reads.append(_Read(found.tensor, found.data, False))
            if found.grad_variable is not None and found.grad_variable in used:
                self._reads.append(_Read(found.tensor, found.grad, True))
            elif (found.tensor, "grad") in changed and not found.grad_is_set:
                self._grads.append((found.tensor, found.grad is None))

    def __bool__(self) -> bool:
        return bool(self._given or self._reads or self.changes or self.resets or self.conditions)

    def values(self) -> list[Any]:
        """The values that the program reads.

        Raises:
            OtherProgram: if they are of another kind, or a condition does not hold.
        """
        writer()  # parameters have no values while another thread records
        for condition in self.conditions:
            if not condition():
                raise OtherProgram("this program was written for another state of a module")
        for tensor, is_none in self._grads:
            if (tensor._grad is None) is not is_none:
                raise OtherProgram("this program was written for parameters with, or without, gradients")
        found = []
        for read in self._reads:
            tensor = read.tensor
            value = tensor._grad if read.of_grad else tensor._data
            if value is not read.seen:
                if not read.fits(value):
                    raise OtherProgram("this program was written for parameters of other shapes or dtypes")
                read.seen = value
            if tensor._requires_grad is not read.requires_grad:
                raise OtherProgram("this program was written for other parameters to be trained")
            found.append(value)
        return found + [read() for read in self._given]

    def change(self, values: Iterable[Any]) -> None:
        """Give the Tensors what the program has computed for them."""
        for (tensor, what), value in zip(self.changes, values, strict=True):
            if what == "data":
                tensor.data = value
            else:
                tensor._grad, tensor._outdated = value, False
        for tensor in self.resets:
            tensor._grad = None
        for function in self._afterwards:
            function()
