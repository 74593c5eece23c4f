"""Tensors: views of storages, whose shapes and strides were compared with what is there.

All numbers are Python's, which do not overflow, until they are known to fit.
"""

from __future__ import annotations

import math
from itertools import accumulate
from operator import mul
from typing import Any

import numpy as np

from nn.serialization.pytorch.refused import Refused, counted
from nn.serialization.pytorch.storages import Storage, dtype_of

__all__ = ["parameter", "tensor", "tensor_v2", "tensor_v3"]

_MOST_AXES = 64  # of an array of NumPy
_MOST = 2**63 - 1  # bytes of an array


def tensor(*arguments: Any) -> Any:
    """What ``torch._utils._rebuild_tensor`` is called for: the array of a storage, offset, size and strides."""
    match arguments:
        case (Storage(dtype=str() as dtype) as storage, offset, size, strides):
            return _view(storage, dtype, offset, size, strides)
    raise _not_a_tensor()


def tensor_v2(*arguments: Any) -> Any:
    """``torch._utils._rebuild_tensor_v2``, which also has requires_grad, hooks, and flags of lazy operations."""
    match arguments:
        case (storage, offset, size, strides, bool(), dict() as hooks, *flags) if not hooks and len(flags) < 2:
            _require_no_flags(flags)
            return tensor(storage, offset, size, strides)
    raise _not_a_tensor()


def tensor_v3(*arguments: Any) -> Any:
    """``torch._utils._rebuild_tensor_v3``, which also has a dtype."""
    match arguments:
        case (Storage() as storage, offset, size, strides, bool(), dict() as hooks, dtype, *flags) if (
            not hooks and len(flags) < 2
        ):
            _require_no_flags(flags)
            return _view(storage, dtype_of(dtype), offset, size, strides)
    raise _not_a_tensor()


def parameter(*arguments: Any) -> Any:
    """``torch._utils._rebuild_parameter``: the array of the tensor."""
    match arguments:
        case (np.ndarray() as array, bool(), dict() as hooks) if not hooks:
            return array
    raise _not_a_tensor()


def _view(storage: Storage, dtype: str, offset: Any, size: Any, strides: Any) -> Any:
    """The elements of a storage that a tensor has, in memory that others may share."""
    if not (_are_sizes((offset,)) and _are_sizes(size) and _are_sizes(strides) and len(size) == len(strides)):
        raise _not_a_tensor()
    if len(size) > _MOST_AXES:
        raise Refused(f"a tensor has {len(size)} axes, and NumPy's arrays have at most {_MOST_AXES}")
    array, count = storage.as_dtype(dtype), math.prod(size)
    itemsize = array.itemsize
    last = offset + sum((n - 1) * step for n, step in zip(size, strides, strict=True)) if count else offset - 1
    if count > array.size or last >= array.size:
        what = f"has {counted(count)} elements" if count > array.size else f"ends at element {counted(last)}"
        raise Refused(
            f"a tensor {what} of a storage that has {array.size}",
            "if it is an expanded one, save its copy in PyTorch: tensor.contiguous()",
        )
    if math.prod(filter(None, size)) * itemsize > _MOST:
        raise Refused("a tensor without elements is too large for an array")
    if not count:
        return np.empty(size, array.dtype)
    packed = [1, *accumulate(reversed(size[1:]), mul)][::-1]  # what a stride is where it makes no difference
    steps = [itemsize * (step if n > 1 else own) for n, step, own in zip(size, strides, packed, strict=False)]
    return np.ndarray(size, array.dtype, array, itemsize * offset, steps)


def _require_no_flags(flags: list[Any]) -> None:
    if any(flags):
        raise Refused(
            "a tensor is a conjugate or a negative that has yet to be computed",
            "in PyTorch, save tensor.resolve_conj().resolve_neg()",
        )


def _are_sizes(given: Any) -> bool:
    return isinstance(given, tuple) and all(type(n) is int and n >= 0 for n in given)


def _not_a_tensor() -> Refused:
    return Refused("a tensor is not described as PyTorch does it, by a storage, an offset, a shape and strides")
