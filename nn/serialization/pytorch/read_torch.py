"""read_torch: the arrays of a file that torch.save has written."""

from __future__ import annotations

import io
import os
import zlib
from typing import Any

import numpy as np

from nn.module import Module
from nn.printed_text import printable
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.open_file import open_file, read_exactly
from nn.serialization.pytorch.allowed_names import find
from nn.serialization.pytorch.archive import checked_bytes, checksum_differs, read_entries
from nn.serialization.pytorch.legacy import is_legacy, read_legacy
from nn.serialization.pytorch.pickle_reader import read_pickle
from nn.serialization.pytorch.refused import STATE_ALONE, Refused, counted
from nn.serialization.pytorch.storages import Storage, Storages
from nn.unsupported import explains_calls

__all__ = ["read_torch"]

_PICKLE = "/data.pkl"
_VALUES = (np.ndarray, str, int, float, type(None))


@explains_calls
def read_torch(path: str | os.PathLike[str]) -> Any:
    """The arrays of a state_dict or a checkpoint that ``torch.save`` has written, as ``.pt`` and ``.pth`` files are.

    PyTorch is not needed, and nothing in the file is run: a pickle is a program, of which a few steps are followed and
    all others are refused. Tensors become arrays; dictionaries, lists, tuples, texts and numbers stay what they are, an
    OrderedDict is a dictionary, a ``torch.Size`` a tuple, a device and a dtype a text. All else is refused by its name:
    whole modules, sparse and quantized tensors, NumPy's numbers, objects of other classes.

    Tensors that share a storage in PyTorch, as tied weights and views do, share memory here. The order of the axes in
    memory is PyTorch's, too: transposed and channels-last tensors are not C-ordered. bfloat16, which NumPy does not
    have, becomes float32, exactly. An expanded tensor, which has more elements than its storage, is refused.

    Both formats of PyTorch are read, that of today and that of before version 1.6. The file is checked before anything
    is allocated: no array is larger than its storage in the file, and what lists and numbers take is limited by the
    size of the file.

    Returns:
        What was saved: for a state_dict, a dictionary of arrays, for ``model.load_state_dict``.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if the file is damaged, of another format, or has something that is refused.
        TypeError: if `path` is not the name of a file.

    Source: ``torch/serialization.py`` and ``torch/_utils.py`` of PyTorch; Python's `pickletools`.

    >>> import nn, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "model.pt")
    ...     _ = path.write_bytes(b"import os")
    ...     nn.read_torch(path)
    Traceback (most recent call last):
        ...
    nn.serialization.damaged_file.DamagedFileError: ...model.pt: at byte 0: it is not a file of torch.save; ...
    """
    if not isinstance(path, str | os.PathLike):
        hint = "; nn.read_torch(path) returns arrays, and model.load_state_dict loads them" * isinstance(path, Module)
        raise TypeError(f"nn.read_torch: path is a {type(path).__name__}, expected the name of a file{hint}")
    value: Any
    with open_file(path) as (file, size):
        start = read_exactly(path, file, min(size, 64))
        file.seek(0)
        if start.startswith(b"PK\3\4"):
            value = _read_archive(path, file, size)
        elif is_legacy(start):
            with io.BufferedReader(file) as buffered:
                value = read_legacy(path, buffered, size)
        else:
            raise DamagedFileError(path, 0, "it is not a file of torch.save", *_meant(start))
    _require_values(path, value)
    return value


def _read_archive(path: Any, file: Any, size: int) -> Any:
    """The object in a zip archive; its storages are entries of their own."""
    entries = read_entries(path, file, size)
    pickles = [name for name in entries if name.endswith(_PICKLE)]
    if len(pickles) != 1:
        hint = ["nn.load(path) reads .npz files"] if any(name.endswith(".npy") for name in entries) else []
        raise DamagedFileError(path, 0, f"the archive has {len(pickles)} entries data.pkl, expected one", *hint)
    folder = pickles[0].removesuffix(_PICKLE)
    if f"{folder}/constants.pkl" in entries:
        raise DamagedFileError(path, 0, "it is a program of TorchScript", STATE_ALONE)
    order = entries.get(f"{folder}/byteorder")
    if order is not None and checked_bytes(path, file, order) != b"little":
        raise DamagedFileError(path, order.start, "its numbers are not little-endian", "save it on another computer")

    def check(key: str, length: int) -> None:
        found = entries.get(f"{folder}/data/{key}")
        if found is None or found.size != length:
            has = "the file does not have it" if found is None else f"the file has {found.size} for it"
            raise Refused(f"the storage {printable(key[:80])} would have {counted(length)} bytes, and {has}")

    storages, entry = Storages(check), entries[pickles[0]]
    source = io.BytesIO(checked_bytes(path, file, entry))
    value = read_pickle(path, source, entry.start, size, find, storages.named)
    for key, storage in storages.found.items():
        checksum = 0

        def add(data: memoryview) -> None:
            nonlocal checksum
            checksum = zlib.crc32(data, checksum)

        entry = entries[f"{folder}/data/{key}"]
        file.seek(entry.start)
        storages.fill(path, file, storage, add)
        if checksum != entry.crc:
            raise checksum_differs(path, entry)
    return value


def _require_values(path: Any, value: Any) -> None:
    """Refuse what a pickle may name, and not contain by itself: a storage, a function. Lists may contain themselves."""
    seen: set[int] = set()
    to_visit = [value]
    while to_visit:
        found = to_visit.pop()
        if isinstance(found, dict | list | tuple):
            if id(found) not in seen:
                seen.add(id(found))
                to_visit += found.values() if isinstance(found, dict) else found
        elif not isinstance(found, _VALUES):
            kind = "a storage without a tensor" if isinstance(found, Storage) else "a function or a class"
            raise DamagedFileError(path, 0, f"the pickle has {kind} among its values", STATE_ALONE)


def _meant(start: bytes) -> list[str]:
    """What to do with the file of another program, by its first bytes."""
    if start[8:9] == b"{":
        return ["nn.load(path) reads safetensors files"]
    if start.startswith(b"\x93NUMPY"):
        return ["numpy.load(path) reads a single array of NumPy"]
    if start.startswith(b"\x80"):
        return ["it is a pickle, which can run any program: let the program that wrote it save arrays by np.savez"]
    return []
