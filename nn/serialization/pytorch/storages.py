"""Storages: the memory of tensors, of which several may share one.

PyTorch names one in the pickle, with its dtype and length, and keeps its bytes elsewhere in the file. So a storage is
allocated when it is named, after its length was compared with that of the file, and filled in the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.printed_text import printable
from nn.serialization.open_file import fill_numbers
from nn.serialization.pytorch.refused import Refused

__all__ = ["DTYPES", "TYPES", "Storage", "StorageType", "Storages", "dtype_of"]

#: PyTorch's dtypes, and those of the arrays: NumPy has no bfloat16, whose numbers are the upper halves of float32.
DTYPES = {
    **{name: np.dtype(name) for name in ("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32")},
    **{name: np.dtype(name) for name in ("int64", "float16", "float32", "float64", "complex64", "complex128")},
    "bfloat16": np.dtype("float32"),
}

#: The dtypes of the classes of storages; newer dtypes are named by the tensor.
TYPES = {
    "BoolStorage": "bool",
    "ByteStorage": "uint8",
    "CharStorage": "int8",
    "ShortStorage": "int16",
    "IntStorage": "int32",
    "LongStorage": "int64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
}


@dataclass(frozen=True)
class StorageType:
    """A class of storages in a pickle: the dtype, or ``None`` for bytes."""

    dtype: str | None


class Storage:
    """The memory of tensors: so many bytes, and an array of them once the dtype is known.

    Arguments:
        length: in elements of the class that the pickle names.
    """

    def __init__(self, key: str, size: int, length: int) -> None:
        self.key, self.size, self.length = key, size, length
        self.dtype: str | None = None
        self.array: Any = None

    def as_dtype(self, dtype: str) -> Any:
        """Its array, of this dtype and one axis."""
        if self.array is None:
            itemsize = _itemsize(dtype)
            if self.size % itemsize:
                raise Refused(f"a storage of {self.size} bytes is one of {dtype}, which has {itemsize} bytes")
            self.dtype, self.array = dtype, np.empty(self.size // itemsize, DTYPES[dtype])
        if dtype != self.dtype:
            raise Refused(f"a storage is one of {self.dtype}, and of {dtype}, too")
        return self.array


class Storages:
    """The storages of a file, by their keys.

    Arguments:
        check: called with the key and the bytes of a new one; raises `Refused` if the file does not have them.
    """

    def __init__(self, check: Callable[[str, int], None]) -> None:
        self.check = check
        self.found: dict[str, Storage] = {}

    def named(self, identity: Any) -> Storage:
        """The storage that a pickle names by ("storage", class, key, device, length)."""
        match identity:
            case ("storage", StorageType(dtype=dtype), str() as key, str(), int() as length, *views):
                if views not in ([], [None]):
                    raise Refused("a storage is a view of another one, as in files of PyTorch before 0.4")
                size = length * (1 if dtype is None else _itemsize(dtype))
                if size < 0:
                    raise Refused("a storage has a negative length")
            case _:
                raise Refused("a persistent id is not that of a storage")
        if key not in self.found:
            self.check(key, size)
            self.found[key] = Storage(key, size, length)
        storage = self.found[key]
        if size != storage.size:
            raise Refused(f"the storage {printable(key)} has {storage.size} bytes, and {size} in another place")
        if dtype is not None:
            storage.as_dtype(dtype)
        return storage

    def fill(
        self, path: str | os.PathLike[str], file: Any, storage: Storage, each: Callable[[memoryview], object] | None
    ) -> None:
        """Read the numbers of a storage from a file, which is where they begin; errors of `fill_numbers`."""
        array = storage.as_dtype(storage.dtype or "uint8")
        fill_numbers(path, file, f"the storage {printable(storage.key)}", array, each, storage.dtype == "bfloat16")


def dtype_of(given: Any) -> str:
    """The dtype that a tensor names: "torch.uint16" is uint16."""
    if not isinstance(given, str) or given.removeprefix("torch.") not in DTYPES:
        raise Refused("a tensor names a dtype that is not one")
    return given.removeprefix("torch.")


def _itemsize(dtype: str) -> int:
    return 2 if dtype == "bfloat16" else DTYPES[dtype].itemsize
