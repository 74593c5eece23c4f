"""Devices: whether an array is NumPy's, in main memory, or CuPy's, on a GPU, and moving between the two.

CuPy implements NumPy's functions, so the rules serve both. It is imported only here, when an array is moved to a
GPU.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from minigrad.recorder import recorder_of

__all__ = [
    "as_plain_array",
    "device_of",
    "is_array",
    "refuse_mixed",
    "resolve_device",
    "to_device",
    "to_device_of",
    "to_host",
]


def device_of(value: Any) -> str:
    """The device of an array or a Tensor: ``"cpu"``, or ``"cuda:0"`` for the first GPU.

    >>> device_of(np.ones(3)), device_of(2.0)
    ('cpu', 'cpu')
    """
    if type(value) is np.ndarray:  # looked at first, for every operation asks
        return "cpu"
    device = getattr(value, "device", "cpu")
    return device if isinstance(device, str) else f"cuda:{device.id}" if _is_on_gpu(value) else "cpu"


def _is_on_gpu(value: Any) -> bool:
    """Whether it has a device of CuPy's. JAX's devices have a number, too, and a platform, which may be the CPU."""
    device = getattr(value, "device", None)
    return hasattr(device, "id") and not hasattr(device, "platform")


def is_array(value: Any) -> bool:
    """Whether it is an array, of NumPy or CuPy; neither a Tensor nor a single number.

    >>> is_array(np.ones(3)), is_array(np.float64(2.0))
    (True, False)
    """
    return type(value) is np.ndarray or _is_on_gpu(value)


def to_host(array: Any) -> Any:
    """The values as a NumPy array, to show or store them: the array itself, or a copy from the GPU."""
    return array if device_of(array) == "cpu" else array.get()[()]


def resolve_device(device: Any) -> str:
    """The full name of a device: ``"cpu"``, or ``"cuda:0"`` for ``"cuda"`` if that is CuPy's current GPU.

    Arguments:
        device: ``"cpu"``, ``"cuda"`` for CuPy's current GPU, or ``"cuda:1"`` for the second one; or the
            ``device`` of an array.

    Raises:
        ValueError: if there is no device of this name.
        ImportError: if CuPy is not installed.
        RuntimeError: if CuPy finds no GPU.
    """
    if device == "cpu":
        return "cpu"
    if hasattr(device, "id"):
        return f"cuda:{device.id}"
    name = re.fullmatch(r"cuda(?::(\d+))?", device) if isinstance(device, str) else None
    if name is None:
        raise ValueError(f'device {device!r} is not known; it is "cpu", "cuda", or "cuda:1" for the second GPU')
    cupy = _cupy(device)
    number, count = cupy.cuda.Device().id if name[1] is None else int(name[1]), cupy.cuda.runtime.getDeviceCount()
    if number >= count:
        raise ValueError(f"device {device!r}: CuPy finds {count} GPU{'s' * (count > 1)}, counted from 0")
    return f"cuda:{number}"


def to_device(array: Any, device: Any) -> Any:
    """An array on this device: itself if it is there, a copy otherwise. Names and errors as in `resolve_device`."""
    here = device_of(array)
    if here == device or here == (there := resolve_device(device)):
        return array
    recorder = recorder_of(array)
    if recorder is not None:
        return recorder.__record__(to_device, (array, there), {})
    if there == "cpu":
        return to_host(array)
    cupy = _cupy(there)
    with cupy.cuda.Device(int(there.removeprefix("cuda:"))):
        return cupy.asarray(array)


def to_device_of(value: Any, *others: Any) -> Any:
    """A number or a list of numbers as an array on the device of the others; arrays and Tensors unchanged.

    >>> to_device_of([1.0, 2.0], np.ones(3))
    array([1., 2.])
    """
    if _has_device(value):
        return value
    gpus = [device for device in map(device_of, others) if device != "cpu"]
    recorder = recorder_of(value)
    array = as_plain_array(value) if recorder is None else recorder.__record__(as_plain_array, (value,), {})
    return to_device(array, gpus[0] if gpus else "cpu")


def as_plain_array(value: Any) -> Any:
    """A number or a nested list of numbers as a NumPy array, or a NumPy scalar."""
    return np.asarray(value)[()]


def refuse_mixed(operation: str, *values: Any) -> None:
    """Raise a TypeError if the values include arrays on different devices; numbers fit any device.

    >>> refuse_mixed("add", np.ones(3), 2.0)
    """
    arrays = list(_arrays(values))
    for array in arrays[1:]:
        one, other = device_of(arrays[0]), device_of(array)
        if one != other:
            gpu = other if one == "cpu" else one
            raise TypeError(
                f"{operation}: got an array of shape {arrays[0].shape} on {one!r} and one of shape {array.shape} on "
                f"{other!r}, and nothing is moved implicitly; move a Tensor by t.to({gpu!r}), an array by "
                f"mg.to(a, {gpu!r}), a model by model.to({gpu!r})"
            ) from None


_DEEPEST = 64  # of nested lists: no array has more axes


def _arrays(values: Any, depth: int = 0) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple | list):
            if depth < _DEEPEST:  # a list that contains itself has no end; nothing converts it
                yield from _arrays(value, depth + 1)
        elif _has_device(value):
            yield value


def _has_device(value: Any) -> bool:
    """Whether it is an array or a Tensor; numbers and NumPy scalars fit any device."""
    device = getattr(value, "device", None)
    return (isinstance(device, str) and not isinstance(value, np.generic)) or _is_on_gpu(value)


def _cupy(device: str) -> Any:
    """CuPy, if it can compute."""
    try:
        import cupy
    except ImportError as error:
        raise ImportError(
            f"device {device!r}: arrays on a GPU are CuPy's, which is not installed; pip install "
            '"cupy-cuda12x[ctk]", or "cupy-cuda13x[ctk]" where the driver knows CUDA 13'
        ) from error
    try:
        cupy.cuda.runtime.getDeviceCount()
    except RuntimeError as error:  # of the driver
        raise RuntimeError(
            f"device {device!r}: CuPy finds no GPU ({error}); is there one, and does nvidia-smi list it?"
        ) from error
    return cupy
