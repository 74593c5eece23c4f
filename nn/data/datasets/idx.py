"""The IDX file format for arrays, in which the MNIST database is published.

A file consists of a header and the elements, big-endian and in C order::

    0x00 0x00              two zero bytes
    0x08                   type of the elements (see ELEMENT_TYPES)
    0x03                   number of dimensions
    0x00 0x00 0xEA 0x60    length of each dimension, four bytes apiece: here 60000, then 28, then 28
    ...                    the elements

Source: Yann LeCun, Corinna Cortes, Christopher J. C. Burges: The MNIST database of handwritten digits,
http://yann.lecun.com/exdb/mnist/
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["read_idx"]

ELEMENT_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MAX_DIMENSIONS = 64  # NumPy's own limit
GZIP_MAGIC = b"\x1f\x8b"
CHUNK = 1 << 20


def read_idx(
    path: str | os.PathLike[str], *, shape: tuple[int | None, ...] | None = None, dtype: DTypeLike | None = None
) -> NDArray[Any]:
    """The array in an IDX file, plain or gzipped; the first bytes decide, not the name.

    Arguments:
        path: the file.
        shape: the expected shape, with ``None`` for any length: ``(None, 28, 28)`` for the images of MNIST.
        dtype: the expected element type.

    Returns:
        A new, writable array with the shape and the element type of the file (uint8, int8, int16, int32, float32 or
        float64), in native byte order.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the contents are not exactly one IDX array, with the byte (of the unpacked data, if gzipped), or
            if its shape or dtype is not the expected one.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "two-by-three"
    ...     _ = path.write_bytes(bytes([0, 0, 0x08, 2] + [0, 0, 0, 2] + [0, 0, 0, 3] + [1, 2, 3, 4, 5, 6]))
    ...     read_idx(path)
    array([[1, 2, 3],
           [4, 5, 6]], dtype=uint8)
    """
    path = Path(path)
    with _opened(path) as stream:
        try:
            stored, lengths = _read_header(path, stream)
            _check_expected(path, lengths, stored, shape, dtype)
            data = _read_data(path, stream, lengths, stored)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise ValueError(
                f"{path}: at byte {stream.tell()} of the unpacked data: the gzip data are damaged or truncated "
                f"({error}); download or copy the file again"
            ) from error
    return np.frombuffer(data, stored).reshape(lengths).astype(stored.newbyteorder("="), copy=False)


@contextmanager
def _opened(path: Path) -> Iterator[BufferedIOBase]:
    """The unpacked bytes of the file. Browsers may unpack a .gz and keep its name, so the name proves nothing."""
    try:
        raw = path.open("rb")
    except FileNotFoundError as error:
        other = path.with_suffix("") if path.suffix == ".gz" else path.with_name(path.name + ".gz")
        hint = f"did you mean {other.name}?" if other.is_file() else f"relative paths start at {Path.cwd()}"
        raise FileNotFoundError(f"{path}: there is no such file; {hint}") from error
    with raw:
        if raw.peek(2)[:2] == GZIP_MAGIC:
            with gzip.open(raw) as unpacked:
                yield unpacked
        else:
            yield raw


def _read_header(path: Path, stream: BufferedIOBase) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """The element type as stored, and the length of each dimension."""
    magic = stream.read(4)
    if len(magic) < 4:
        raise ValueError(
            f"{path}: at byte {len(magic)}: has {len(magic)} bytes, but an IDX file begins with a "
            "magic number of 4 bytes; download or copy the file again"
        )
    code, ndim = magic[2:]
    if magic[:2] != b"\0\0":
        raise ValueError(
            f"{path}: at byte 0: begins with the bytes {magic!r}, but an IDX file begins with two zero bytes; "
            "is this another kind of file, or a web page that was saved instead?"
        )
    if code not in ELEMENT_TYPES:
        known = ", ".join(f"0x{known:02X} {np.dtype(stored).name}" for known, stored in ELEMENT_TYPES.items())
        raise ValueError(
            f"{path}: at byte 2: the element type is 0x{code:02X}, but IDX has {known}; is this another kind of file?"
        )
    if not 1 <= ndim <= MAX_DIMENSIONS:
        raise ValueError(
            f"{path}: at byte 3: the header gives {ndim} dimensions, expected 1 to {MAX_DIMENSIONS}; "
            "is this another kind of file?"
        )
    lengths = stream.read(4 * ndim)
    if len(lengths) < 4 * ndim:
        raise ValueError(
            f"{path}: at byte {4 + len(lengths)}: the header ends after {4 + len(lengths)} bytes, but "
            f"{ndim} dimensions take {4 + 4 * ndim}; the file is truncated: download or copy it again"
        )
    return np.dtype(ELEMENT_TYPES[code]), tuple(np.frombuffer(lengths, ">u4").tolist())


def _check_expected(
    path: Path,
    lengths: tuple[int, ...],
    stored: np.dtype[Any],
    shape: tuple[int | None, ...] | None,
    dtype: DTypeLike | None,
) -> None:
    """Compare the header with what the caller expects."""
    if shape is not None and not (
        len(lengths) == len(shape) and all(expected in (None, n) for n, expected in zip(lengths, shape, strict=True))
    ):
        shown = str(tuple("N" if n is None else n for n in shape)).replace("'", "")
        raise ValueError(
            f"{path}: at byte 4: the array has shape {lengths}, expected {shown}; "
            "is this the right file, or were images and labels swapped?"
        )
    if dtype is not None and stored.newbyteorder("=") != np.dtype(dtype):
        raise ValueError(
            f"{path}: at byte 2: the elements are {stored.name}, expected {np.dtype(dtype).name}; "
            "is this the right file?"
        )


def _read_data(path: Path, stream: BufferedIOBase, lengths: tuple[int, ...], stored: np.dtype[Any]) -> bytearray:
    """The bytes of the elements: exactly as many as the header says."""
    size = math.prod(lengths) * stored.itemsize
    start = 4 + 4 * len(lengths)
    promise = f"the header says {stored.name} of shape {lengths}, which is {size} bytes"
    # The size of an empty array is 0, but NumPy multiplies its other lengths.
    if math.prod(n or 1 for n in lengths) * stored.itemsize > np.iinfo(np.intp).max:
        raise ValueError(f"{path}: at byte 4: {promise}, more than can be addressed; download or copy the file again")
    # In chunks, because read(size) would allocate at once what a damaged header says.
    data = bytearray()
    while chunk := stream.read(min(CHUNK, size - len(data))):
        data += chunk
    if len(data) < size:
        raise ValueError(
            f"{path}: at byte {start + len(data)}: {promise}, but the file has only {len(data)}; "
            "it is truncated: download or copy it again"
        )
    # Reading to the end also makes gzip compare its checksum. Of what is too much, one chunk: it may have no end.
    extra = len(stream.read(CHUNK))
    if extra:
        more = f"{extra} more follow" if extra < CHUNK else "many more follow"
        raise ValueError(
            f"{path}: at byte {start + size}: {promise}, but {more}; the header is damaged, or something was appended: "
            "download or copy the file again"
        )
    return data
