"""PyTorch's format of before version 1.6, in which many published weights still are.

It is four pickles one after another (a magic number, a version, what the machine was like, and the object), a fifth
with the keys of the storages, and then for each of these its length and its numbers.
"""

from __future__ import annotations

import os
from typing import Any

from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.open_file import read_exactly
from nn.serialization.pytorch.allowed_names import find
from nn.serialization.pytorch.pickle_reader import read_pickle
from nn.serialization.pytorch.refused import STATE_ALONE, Refused, counted
from nn.serialization.pytorch.storages import Storages

__all__ = ["is_legacy", "read_legacy"]

_MAGIC, _VERSION = 0x1950A86A20F9469CFC6C, 1001
_BEGINNING = 32  # bytes in which the magic number is


def is_legacy(start: bytes) -> bool:
    """Whether a file that begins with these bytes is of this format."""
    return start.startswith(b"\x80") and _MAGIC.to_bytes(10, "little") in start[:_BEGINNING]


class _Bytes:
    """The bytes of a file for a pickle, which may ask for any number: not more at a time than there are."""

    def __init__(self, file: Any, size: int) -> None:
        self.file, self.size = file, size
        self.at = int(file.tell())

    def read(self, size: int) -> bytes:
        return self._counted(self.file.read(min(size, self.size - self.at)))

    def readline(self, size: int) -> bytes:
        return self._counted(self.file.readline(size))

    def tell(self) -> int:
        return self.at

    def _counted(self, data: bytes) -> bytes:
        self.at += len(data)
        return data


def read_legacy(path: str | os.PathLike[str], file: Any, size: int) -> Any:
    """The object in a file of this format; storages are allocated when they are named, and filled in the end.

    Arguments:
        file: a buffered file, at its beginning.
        size: its bytes.

    Raises:
        DamagedFileError: if it is not in order, or has something else than arrays, texts and numbers.
    """
    total = 0

    def check(key: str, length: int) -> None:  # noqa: ARG001
        nonlocal total
        total += length
        if total > size:
            raise Refused(f"the storages would have {counted(total)} bytes or more, and the file has {size}")

    storages, source = Storages(check), _Bytes(file, size)

    def read_next() -> Any:
        return read_pickle(path, source, 0, size, find, storages.named)

    magic, version, machine = read_next(), read_next(), read_next()
    known = magic == _MAGIC and version == _VERSION and isinstance(machine, dict)
    if not known or machine.get("little_endian") is not True:
        raise DamagedFileError(
            path, 0, "it is of another version of PyTorch's old format, or not little-endian", STATE_ALONE
        )
    value = read_next()
    keys = read_next()
    are_keys = isinstance(keys, list) and all(isinstance(key, str) for key in keys)
    if not are_keys or sorted(storages.found) != sorted(keys):
        raise DamagedFileError(path, file.tell(), "the file does not have the storages that its pickle names")
    for key in keys:
        storage = storages.found[key]
        at, length = file.tell(), int.from_bytes(read_exactly(path, file, 8), "little")
        if length != storage.length:
            raise DamagedFileError(path, at, f"a storage of {storage.length} elements has {length} here")
        storages.fill(path, file, storage, None)
    if file.tell() != size:
        raise DamagedFileError(path, file.tell(), f"{size - file.tell()} bytes follow the last storage")
    return value
