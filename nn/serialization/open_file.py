"""Opening a file whose size is known, and reading bytes and numbers that have to be there."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nn.serialization.damaged_file import DamagedFileError

__all__ = ["fill", "fill_numbers", "open_file", "read_exactly"]

_BLOCK = 1 << 24  # bytes of one call of the system, some of which stop at 2 GB
_NUMBERS = 1 << 20  # of bfloat16 that are converted at a time


@contextmanager
def open_file(path: str | os.PathLike[str]) -> Iterator[tuple[Any, int]]:
    """Open a file to read it, and tell its size; errors have its name.

    Raises:
        OSError: if it cannot be read.
        DamagedFileError: if it is a pipe or a device, whose size is not known.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode) and not os.path.isdir(path):
            raise DamagedFileError(path, 0, "it is a pipe or a device, expected a file", "copy it into a file first")
        with open(path, "rb", buffering=0) as file:
            yield file, os.fstat(file.fileno()).st_size
    except FileNotFoundError as error:
        hint = "" if os.path.isabs(path) else f"; relative paths start at {os.getcwd()}"
        raise FileNotFoundError(f"{os.fspath(path)}: there is no such file{hint}") from error
    except IsADirectoryError as error:
        raise IsADirectoryError(f"{os.fspath(path)} is a folder, expected a file") from error
    except OSError as error:
        if error.filename is None:
            error.filename = os.fspath(path)
        raise


def read_exactly(path: str | os.PathLike[str], file: Any, size: int) -> bytes:
    """The next bytes of a file, so many."""
    data = bytearray(size)
    fill(path, file, memoryview(data))
    return bytes(data)


def fill(
    path: str | os.PathLike[str], file: Any, memory: memoryview, each: Callable[[memoryview], object] | None = None
) -> None:
    """Read the next bytes of a file into memory, in blocks, and call a function with each.

    Raises:
        DamagedFileError: if the file ends before, as one that has become shorter since it was opened.
    """
    done = 0
    while done < len(memory):
        read = file.readinto(memory[done : done + _BLOCK])
        if not read:
            raise DamagedFileError(path, file.tell(), f"the file ends, expected {len(memory) - done} bytes more")
        if each is not None:
            each(memory[done : done + read])
        done += read


def fill_numbers(
    path: str | os.PathLike[str],
    file: Any,
    name: str,
    array: Any,
    each: Callable[[memoryview], object] | None,
    bfloat16: bool = False,
) -> None:
    """Read the next numbers of a file, in little-endian order, into a C-ordered array of theirs; errors as of `fill`.

    Arguments:
        name: what errors call them.
        each: as for `fill`.
        bfloat16: whether the file has the upper halves of these float32 numbers.

    Raises:
        DamagedFileError: if a bool is neither 0 nor 1.
    """
    begins, flat = file.tell(), array.reshape(-1)
    if bfloat16:
        bits = flat.view(np.uint32)
        for first in range(0, bits.size, _NUMBERS):
            block: Any = np.empty(min(_NUMBERS, bits.size - first), "<u2")
            fill(path, file, memoryview(block.view(np.uint8)), each)
            np.left_shift(block, 16, out=bits[first : first + _NUMBERS], dtype=np.uint32)
        return
    data = flat.view(np.uint8)
    fill(path, file, memoryview(data), each)
    if array.dtype == np.bool_ and (wrong := np.flatnonzero(data > 1)).size:
        raise DamagedFileError(path, begins + int(wrong[0]), f"{name} has {data[wrong[0]]}, expected 0 or 1 for a bool")
    if sys.byteorder == "big":
        array.byteswap(inplace=True)
