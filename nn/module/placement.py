"""Where the Tensors of a module are, and in which precision: the arguments of `Module.to`."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

import minigrad as mg

__all__ = ["device_and_dtype", "place"]


def device_and_dtype(first: Any, second: Any) -> tuple[Any, np.dtype[Any] | None]:
    """The device and the dtype in the arguments of `to`, of which the first may be either, or a Tensor like which.

    >>> device_and_dtype("cuda", None), device_and_dtype(np.float64, None)
    (('cuda', None), (None, dtype('float64')))
    """
    if first is None and second is None:
        raise TypeError('to: expected a device or a dtype, as model.to("cuda") and model.to(np.float64)')
    if isinstance(first, mg.Tensor):
        return first.device, _floating(first.dtype)
    dtype = None if second is None else _floating(second)
    if first is None or _is_device(first):
        return first, dtype
    try:
        given = np.dtype(first)
    except TypeError:
        return first, dtype  # whose error names the devices
    if dtype is not None:
        raise TypeError(f"to: got two dtypes, {given} and {dtype}; the device comes first: model.to(device, dtype)")
    return None, _floating(given)


def place(tensor: mg.Tensor, device: Any, dtype: np.dtype[Any] | None) -> None:
    """Move a Tensor and its gradient; a dtype is for floating ones, and counts and masks keep theirs."""
    if dtype is not None and tensor.dtype.kind == "f":
        tensor.dtype = dtype
    if device is not None:
        grad, moved = tensor.grad, mg.to(tensor.data, device)
        if moved is not tensor.data:
            tensor.data = moved
            tensor.grad = None if grad is None else mg.to(grad, device)


def _is_device(given: Any) -> bool:
    return hasattr(given, "id") or (isinstance(given, str) and re.fullmatch(r"cpu|cuda(:\d+)?", given) is not None)


def _floating(dtype: Any) -> np.dtype[Any]:
    try:
        found: np.dtype[Any] = np.dtype(dtype)
    except TypeError:
        raise TypeError(f"to: {dtype!r} is not a dtype; write np.float32, np.float64 or np.float16") from None
    if found.kind != "f":
        raise TypeError(f"to: parameters are floating, and {found} is not; write np.float32, np.float64 or np.float16")
    return found
