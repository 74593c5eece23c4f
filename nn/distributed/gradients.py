"""The means of gradients over all ranks: all of them in one array, and so by a single message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import minigrad as mg
from nn.distributed.communicator import Communicator
from nn.distributed.differences import refuse_differences
from nn.distributed.exchange import summed

__all__ = ["MeanGradients"]


class MeanGradients:
    """Sets the gradients of parameters to their means over all ranks.

    A rank without a gradient for a parameter counts as one with zeros, unless no rank has one: then there is none.

    Arguments:
        comm: what connects the ranks.
    """

    def __init__(self, comm: Communicator) -> None:
        self._comm = comm
        self._compared: list[tuple[Any, ...]] = []

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
        # One rank alone may have frozen a layer: all of them have to know before they send gradients.
        if any(summed(self._comm, trained != self._compared)):
            refuse_differences(self._comm, {f"what is trained of {name}": _trained(p) for name, p in named().items()})
            self._compared = trained
        gradients = [None if p.grad is None else np.asarray(mg.to(_array(p.grad), "cpu")) for p in tensors]
        flat = np.zeros(sum(p.size for p in tensors) + len(tensors), np.result_type(np.float32, *_dtypes(tensors)))
        start = 0
        for p, gradient in zip(tensors, gradients, strict=True):
            if gradient is not None:
                flat[start : start + p.size] = gradient.reshape(-1)
            start += p.size
        flat[start:] = [gradient is not None for gradient in gradients]  # the last numbers say who has one
        self._comm.mean_(flat)
        has_one = (flat[start:] != 0).tolist()
        start = 0
        for p, there in zip(tensors, has_one, strict=True):
            mean = flat[start : start + p.size].reshape(p.shape)
            p.grad = mg.to(mean.astype(p.dtype, copy=False), p.device) if there else None
            start += p.size


def _trained(p: mg.Tensor) -> str:
    return f"{p.dtype} of shape {p.shape}" if p.requires_grad else "nothing"


def _array(gradient: Any) -> Any:
    return gradient.data if isinstance(gradient, mg.Tensor) else gradient


def _dtypes(tensors: list[mg.Tensor]) -> set[Any]:
    return {p.dtype for p in tensors}
