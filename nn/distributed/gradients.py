"""The means of gradients over all ranks: all of them in one array, and so by a single message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import minigrad as mg
from nn.distributed.communicator import Communicator
from nn.distributed.differences import refuse_differences
from nn.typing import Array

__all__ = ["MeanGradients"]


class MeanGradients:
    """Sets the gradients of parameters to their means over all ranks.

    A rank without a gradient for a parameter counts as one with zeros, unless no rank has one: then there is none.

    Arguments:
        comm: what connects the ranks.
    """

    def __init__(self, comm: Communicator) -> None:
        self._comm = comm
        self._compared: list[tuple[Any, ...]] = []  # what is trained on all ranks
        self._form: tuple[int, Any] = 1, np.dtype(np.float32)  # the length and dtype of their messages

    def __call__(self, parameters: Sequence[mg.Tensor], named: Callable[[], Mapping[str, mg.Tensor]]) -> None:
        """Take the means of the gradients of these parameters, but for the frozen ones.

        Arguments:
            named: gives them by their names, for messages.

        Raises:
            ValueError: on all ranks, in the first call and after what is trained has changed on any of them, if they
                differ in it.
        """
        tensors = [p for p in parameters if p.requires_grad]
        trained = [(id(p), p.dtype, p.shape) for p in tensors]
        # One rank alone may have frozen a layer: its message is as long as those of the others, and says so at its end.
        flat = np.zeros(*self._form)
        flat[-1] = trained != self._compared
        if not flat[-1]:
            _fill(flat, tensors)
        self._comm.mean_(flat)
        if flat[-1]:
            refuse_differences(self._comm, {f"what is trained of {name}": _trained(p) for name, p in named().items()})
            self._compared = trained
            length = sum(p.size for p in tensors) + len(tensors) + 1
            self._form = length, np.result_type(np.float32, *{p.dtype for p in tensors})
            flat = np.zeros(*self._form)
            _fill(flat, tensors)
            self._comm.mean_(flat)
        _take(flat, tensors)


def _fill(flat: Array, tensors: list[mg.Tensor]) -> None:
    """Write the gradients into a message, and after them which parameters have one."""
    start = 0
    for i, p in enumerate(tensors):
        if p.grad is not None:
            gradient = p.grad.data if isinstance(p.grad, mg.Tensor) else p.grad
            flat[start : start + p.size] = np.asarray(mg.to(gradient, "cpu")).reshape(-1)
            flat[i - len(tensors) - 1] = 1
        start += p.size


def _take(flat: Array, tensors: list[mg.Tensor]) -> None:
    """Set the gradients to the means; of a parameter for which no rank has one, to ``None``."""
    there = flat[len(flat) - len(tensors) - 1 : -1].tolist()
    start = 0
    for p, share in zip(tensors, there, strict=True):
        mean = flat[start : start + p.size].reshape(p.shape)
        p.grad = mg.to(mean.astype(p.dtype, copy=False), p.device) if share else None
        start += p.size


def _trained(p: mg.Tensor) -> str:
    return f"{p.dtype} of shape {p.shape}" if p.requires_grad else "nothing"
