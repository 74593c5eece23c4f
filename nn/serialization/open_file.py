"""Opening a file whose size is known, and reading bytes that have to be there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nn.serialization.damaged_file import DamagedFileError

__all__ = ["fill", "open_file", "read_exactly"]

_BLOCK = 1 << 24  # bytes of one call of the system, some of which stop at 2 GB


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
