"""Reading and writing safetensors files, the format for weights that PyTorch's users share.

What is written is in a fixed order: the same arrays give the same bytes. The names are sorted, and the data are in
order of their sizes of elements and names, so that each array is aligned for programs that map the file into memory.

The metadata hold a checksum of the whole file, in which the digits of the checksum itself count as zeros. A file
without one, of another program, is read, too.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from nn.printed_text import printable
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.dtypes import DTYPES, NAMES
from nn.serialization.header import LONGEST, METADATA, Entry, Header, parse_header
from nn.serialization.open_file import fill, fill_numbers, open_file, read_exactly

__all__ = ["CHECKSUM", "contents_of", "read_metadata", "read_safetensors", "write_safetensors"]

CHECKSUM = "minigrad.sha256"  # its key in the metadata
_BLOCK = 1 << 20  # bytes that are read at a time
_NO_DIGITS = "0" * 64


def write_safetensors(
    path: str | os.PathLike[str],
    tensors: Mapping[str, Any],
    metadata: Mapping[str, str] | None = None,
    *,
    keep_previous: bool = False,
) -> Path:
    """Write arrays to a file, completely or not at all.

    Arguments:
        tensors: NumPy arrays by name, of any layout and byte order.
        metadata: texts that are kept beside them.
        keep_previous: as for `minigrad.files.write_file`.

    Raises:
        TypeError: if something is not an array of numbers that the format has.
        ValueError: if a name or text cannot be stored.
        OSError: if the file cannot be written; one that was there before is unchanged.
    """
    return mg.files.write_file(path, contents_of(tensors, metadata), keep_previous=keep_previous)


def contents_of(tensors: Mapping[str, Any], metadata: Mapping[str, str] | None = None) -> list[Any]:
    """The bytes of a file, as `write_safetensors` writes them, in pieces; nothing is written. Errors as of it."""
    arrays = {_checked_name(name): _as_stored(name, tensors[name]) for name in sorted(tensors)}
    noted = {_checked_name(key): _checked_text(key, text) for key, text in (metadata or {}).items()}
    if CHECKSUM in noted:
        raise ValueError(f"write_safetensors: metadata has {CHECKSUM!r}, which is kept for the checksum of the file")
    noted[CHECKSUM] = _NO_DIGITS
    in_file = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))
    offsets, end = {}, 0
    for name in in_file:
        offsets[name] = [end, end := end + arrays[name].nbytes]
    described = {
        name: {"dtype": NAMES[array.dtype.name], "shape": list(array.shape), "data_offsets": offsets[name]}
        for name, array in arrays.items()
    }
    header: dict[str, Any] = {METADATA: dict(sorted(noted.items())), **described}
    raw = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)
    if len(raw) > LONGEST:
        raise ValueError(f"write_safetensors: the names and metadata take {len(raw)} bytes, at most {LONGEST} fit")
    contents: list[Any] = [len(raw).to_bytes(8, "little"), raw, *(_bytes_of(arrays[name]) for name in in_file)]
    checksum = hashlib.sha256()
    for content in contents:
        checksum.update(content)
    contents[1] = _with_digits(raw, _NO_DIGITS, checksum.hexdigest())
    return contents


def read_safetensors(
    path: str | os.PathLike[str], *, need_checksum: bool = False
) -> tuple[dict[str, Any], dict[str, str]]:
    """The arrays of a file, each in memory of its own, and the texts that are kept beside them.

    Everything is checked, and nothing larger than the file is allocated; but arrays of bfloat16, which NumPy does not
    have, become float32 of twice their size.

    Arguments:
        need_checksum: whether to refuse files without a checksum, as those of other programs are.

    Raises:
        DamagedFileError: if the file is not in order, is of another format, or has tensors of float8.
        OSError: if it cannot be read.
    """
    tensors: dict[str, Any] = {}

    def keep(file: Any, entry: Entry, add_to_checksum: Any) -> None:
        tensors[entry.name] = _read_array(path, file, entry, add_to_checksum)

    header = _read(path, need_checksum, keep)
    return {entry.name: tensors[entry.name] for entry in header.entries}, header.metadata


def read_metadata(path: str | os.PathLike[str], *, need_checksum: bool = False) -> dict[str, str]:
    """The texts of a file, all of which is read and checked without keeping it in memory; errors as above."""
    block = memoryview(bytearray(_BLOCK))

    def skip(file: Any, entry: Entry, add_to_checksum: Any) -> None:
        for first in range(entry.start, entry.stop, _BLOCK):
            fill(path, file, block[: entry.stop - first], add_to_checksum)

    return _read(path, need_checksum, skip).metadata


# ---------------------------------------------------------------------- writing


def _checked_name(name: Any) -> str:
    """The name of a tensor or text, if a header can have it."""
    if not isinstance(name, str):
        raise TypeError(f"write_safetensors: the name {name!r:.80} is a {type(name).__name__}, expected a text")
    if name == METADATA:
        raise ValueError(f"write_safetensors: the name {METADATA} is that of the texts beside the tensors; rename it")
    return _checked_text(name, name)


def _checked_text(name: str, text: Any) -> str:
    if not isinstance(text, str):
        raise TypeError(f"write_safetensors: metadata[{name!r}] is a {type(text).__name__}, expected a text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"write_safetensors: {printable(name)} is not text that UTF-8 has ({error.reason})") from None
    return text


def _as_stored(name: str, given: Any) -> Any:
    """An array in the layout and byte order of files, without a copy where it has them already."""
    called = f"write_safetensors: {printable(name)}"
    if not isinstance(given, np.ndarray | np.generic) or isinstance(given, np.ma.MaskedArray):
        hint = "; write .data for the array of a Tensor" if isinstance(given, mg.Tensor) else ""
        raise TypeError(f"{called} is a {type(given).__name__}, expected a NumPy array{hint}")
    if given.dtype.name not in NAMES:
        hint = "; store .real and .imag" if given.dtype.kind == "c" else ""
        raise TypeError(f"{called} is of {given.dtype}, and safetensors has {', '.join(NAMES)}{hint}")
    return np.asarray(given, dtype=given.dtype.newbyteorder("<"), order="C")


def _bytes_of(array: Any) -> Any:
    return array.reshape(-1).view(np.uint8)


def _with_digits(raw: bytes, digits: str, new: str) -> bytes:
    """A header with other digits of the checksum; the key stands there once, as quotes within texts are escaped."""
    return raw.replace(f'"{CHECKSUM}":"{digits}"'.encode(), f'"{CHECKSUM}":"{new}"'.encode(), 1)


# ---------------------------------------------------------------------- reading


def _read(path: str | os.PathLike[str], need_checksum: bool, read_tensor: Callable[[Any, Entry, Any], None]) -> Header:
    """Check a file, and call ``read_tensor(file, entry, add_to_checksum)`` at each tensor in it."""
    with open_file(path) as (file, size):
        start = read_exactly(path, file, min(size, 8))
        length = int.from_bytes(start, "little")
        if size < 8:
            raise DamagedFileError(path, size, "the file ends, expected 8 bytes with the length of the header")
        if length > min(size - 8, LONGEST):
            raise DamagedFileError(
                path,
                0,
                f"the header would have {length} bytes, in a file of {size}; it has at most {LONGEST}",
                "is it a safetensors file, and all of it?",
            )
        raw = read_exactly(path, file, length)
        header = parse_header(path, raw, size - 8 - length)
        checksum = hashlib.sha256(start)
        digits = header.metadata.pop(CHECKSUM, None)
        if digits is None and need_checksum:
            raise DamagedFileError(
                path,
                8,
                f"the metadata have no {CHECKSUM!r}, the checksum of the file",
                "if another program has written it, nn.load(path, into=model) reads its weights",
            )
        checksum.update(raw if digits is None else _with_digits(raw, digits, _NO_DIGITS))
        for entry in sorted(header.entries, key=lambda entry: (entry.start, entry.stop)):
            read_tensor(file, entry, checksum.update)
    if digits is not None and checksum.hexdigest() != digits:
        raise DamagedFileError(
            path,
            8 + length,
            "the checksum of the file differs from that in its header",
            "something in it has changed: load a copy, or, if another program has changed it on purpose, delete "
            f"{CHECKSUM!r} from its metadata",
        )
    return header


def _read_array(path: Any, file: Any, entry: Entry, add_to_checksum: Any) -> Any:
    """The array at this place of the file; bfloat16 as float32, of which it is the upper half."""
    bfloat16 = entry.dtype == "BF16"
    dtype = np.dtype(np.float32) if bfloat16 else DTYPES[entry.dtype].newbyteorder("=")
    array = np.empty(entry.shape, dtype)
    fill_numbers(path, file, printable(entry.name), array, add_to_checksum, bfloat16)
    return array
