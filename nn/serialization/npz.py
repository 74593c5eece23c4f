"""Reading and writing NumPy's ``.npz`` files, zip archives of arrays, with the checks that `np.load` leaves out.

Nothing is unpickled, and the size of each array is compared with that of its entry before it is allocated. The zip
format has a checksum of each entry.
"""

from __future__ import annotations

import errno
import io
import math
import os
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from nn.printed_text import printable
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.header import METADATA
from nn.serialization.open_file import fill, open_file, read_exactly

__all__ = ["is_npz", "read_npz", "write_npz"]

_OF_PYTORCH = "if torch.save has written it, write model.load_state_dict(nn.read_torch(path))"
_IN_KERAS = "in Keras, write numpy.savez(path, **arrays) with the weights by their names here"
_PICTURE = "pass the file of weights here, and the picture to nn.predict(model, path)"

#: Formats that are told by their first bytes, and what to do with them.
_OTHERS = {
    b"\x93NUMPY": ("a single array of NumPy", "save the arrays by name: np.savez(path, **arrays)"),
    **dict.fromkeys((b"\xff\xd8\xff", b"\x89PNG"), ("a picture", _PICTURE)),
    b"\x89HDF": ("an HDF5 file, as Keras writes them", _IN_KERAS),
    **{bytes([0x80, protocol]): ("a pickle, which can run any program", _OF_PYTORCH) for protocol in (2, 3, 4, 5)},
}

_KINDS = "biufc"
_MOST = 1032  # times as large as its compressed bytes: no entry of deflate can be larger

#: What zipfile raises for archives that are not in order, or use what it does not know.
_NOT_IN_ORDER = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)


def write_npz(path: str | os.PathLike[str], tensors: Mapping[str, Any], metadata: Mapping[str, str]) -> Path:
    """Write arrays to a file that `np.load` reads, completely or not at all.

    Arguments:
        metadata: texts, which become an array ``__metadata__`` of names and texts, if there are any.

    Raises:
        TypeError: if something is not an array of numbers.
        OSError: if the file cannot be written; one that was there before is unchanged.
    """
    entries = {name: tensors[name] for name in sorted(tensors)}
    for name, array in entries.items():
        if array.dtype.kind not in _KINDS:
            raise TypeError(f"write_npz: {printable(name)} is of {array.dtype}, expected numbers")
    if metadata:
        entries = {METADATA: np.array(sorted(metadata.items())), **entries}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in entries.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getbuffer())
    return mg.files.write_file(path, [buffer.getbuffer()])


def read_npz(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The arrays of a file, and the texts that `write_npz` keeps beside them.

    Raises:
        DamagedFileError: if the file is not in order, or has arrays of something else than numbers.
        OSError: if it cannot be read.
    """
    tensors: dict[str, Any] = {}
    with open_file(path) as (file, size):
        try:
            with zipfile.ZipFile(file) as archive:
                for entry in archive.infolist():
                    name = entry.filename.removesuffix(".npy")
                    if name in tensors:
                        raise DamagedFileError(path, entry.header_offset, f"{printable(name)} is there twice")
                    tensors[name] = _read_array(path, archive, entry, size)
        except DamagedFileError:
            raise
        except (*_NOT_IN_ORDER, OSError) as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:  # which zipfile gets at a place before 0
                raise
            raise DamagedFileError(path, 0, f"the zip archive is not in order ({error})") from None
    noted = tensors.pop(METADATA, np.empty((0, 2), np.str_))
    if noted.dtype.kind != "U" or noted.ndim != 2 or noted.shape[1] != 2:
        raise DamagedFileError(
            path, 0, f"{METADATA} has the shape {noted.shape} and {noted.dtype}, expected pairs of texts"
        )
    return tensors, {str(key): str(text) for key, text in noted}


def _read_array(path: Any, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, size: int) -> Any:
    """The array in an entry of the archive, if its size is what the entry and the file have room for."""

    def refuse(problem: str, *hint: str) -> DamagedFileError:
        return DamagedFileError(path, entry.header_offset, f"{printable(entry.filename)} {problem}", *hint)

    packed = size if entry.compress_type == zipfile.ZIP_STORED else _MOST * entry.compress_size
    if not entry.filename.endswith(".npy") or entry.compress_size > size or entry.file_size > packed:
        raise refuse("is not an array, or larger than the file", "save the arrays by np.savez(path, **arrays)")
    with archive.open(entry) as content:
        try:
            version = np.lib.format.read_magic(content)
            read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
            shape, fortran_order, dtype = read(content)
        except Exception as error:  # what Python's own parser raises, which NumPy's uses
            raise refuse(f"does not begin as an array ({error})") from None
        text = dtype.kind == "U" and entry.filename == f"{METADATA}.npy"
        if dtype.kind not in _KINDS and not text:
            raise refuse(f"is an array of {dtype}, expected numbers", "save numbers alone, by np.savez(path, **arrays)")
        rest, expected = entry.file_size - content.tell(), math.prod(shape) * dtype.itemsize
        if rest != expected or min(shape, default=0) < 0:
            raise refuse(f"has {rest} bytes, but {expected} in the shape {shape} and {dtype}")
        data: Any = np.empty(expected, np.uint8)
        fill(path, content, memoryview(data))
        content.read(1)  # the end, at which the checksum is compared
    array = data.view(dtype).reshape(shape, order="F" if fortran_order else "C")
    return array.astype(dtype.newbyteorder("="), order="C", copy=False)


def is_npz(path: str | os.PathLike[str]) -> bool:
    """Whether it is a zip archive of arrays; a DamagedFileError for formats of other programs."""
    with open_file(path) as (file, size):
        start = read_exactly(path, file, min(size, 9))
        if start[8:] == b"{" and int.from_bytes(start[:8], "little") <= size:
            return False  # a safetensors file, whatever its length looks like
        for first, (kind, hint) in _OTHERS.items():
            if start.startswith(first):
                raise DamagedFileError(path, 0, f"it is {kind}, expected safetensors or npz", hint)
        if not start.startswith(b"PK"):
            return False
        names: list[str] = []
        with suppress(zipfile.BadZipFile, ValueError, NotImplementedError, OSError), zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    if any(name.endswith("/data.pkl") for name in names):
        raise DamagedFileError(path, 0, "it is a file of PyTorch, expected safetensors or npz", _OF_PYTORCH)
    if "model.weights.h5" in names:
        raise DamagedFileError(path, 0, "it is a model of Keras, expected safetensors or npz", _IN_KERAS)
    return True
