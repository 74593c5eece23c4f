"""The format of before PyTorch 1.6: what its parts say has to agree."""

from __future__ import annotations

import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.serialization.damaged_file import DamagedFileError
from tests.helpers.memory.peak import peak_bytes
from tests.nn.serialization.pytorch.files import name, number, storage, tensor, text

NUMBERS = np.arange(6, dtype=np.float32)
MAGIC = 0x1950A86A20F9469CFC6C


def legacy(
    *values: bytes,
    magic: int = MAGIC,
    version: int = 1001,
    little_endian: bool = True,
    keys: Any = ("0",),
    storages: Any = (NUMBERS,),
    lengths: Any = None,
) -> bytes:
    """A file with a tuple of these values; the lengths are those of the storages, if not given."""
    parts = [pickle.dumps(part, 2) for part in (magic, version, {"little_endian": little_endian})]
    parts += [b"\x80\x02(" + b"".join(values) + b"t.", pickle.dumps(list(keys) if isinstance(keys, tuple) else keys, 2)]
    for array, length in zip(storages, lengths or map(len, storages), strict=True):
        parts += [struct.pack("<q", length), array.tobytes()]
    return b"".join(parts)


X = tensor(storage(6), [2, 3], [1, 2])
Y = tensor(storage(6, "1"), [6], [1])


def viewed(view: bytes) -> bytes:
    """A storage with the sixth element of its name: how it is a view of another one."""
    named = text("storage") + name("torch", "FloatStorage") + text("0") + text("cpu") + number(6)
    return tensor(b"(" + named + view + b"tQ", [6], [1])


def read(path: Path, content: bytes) -> Any:
    path.write_bytes(content)
    return nn.read_torch(path)


def test_files_that_are_in_order(tmp_path: Path) -> None:
    (x,) = read(tmp_path / "x.pt", legacy(X))
    np.testing.assert_array_equal(x, NUMBERS.reshape(3, 2).T)
    x, y = read(tmp_path / "x.pt", legacy(X, Y, keys=("1", "0"), storages=(NUMBERS + 10, NUMBERS)))
    np.testing.assert_array_equal(y, NUMBERS + 10)
    np.testing.assert_array_equal(x, NUMBERS.reshape(3, 2).T)
    np.testing.assert_array_equal(read(tmp_path / "x.pt", legacy(viewed(b"N")))[0], NUMBERS)


BAD: dict[str, tuple[bytes, str]] = {
    "another magic number": (legacy(X, magic=MAGIC + (1 << 79)), "not a file of torch.save"),
    "a magic number within another": (legacy(X, magic=MAGIC + (1 << 100)), "another version"),
    "another version": (legacy(X, version=1002), "another version of PyTorch's old format"),
    "big-endian": (legacy(X, little_endian=False), "not little-endian"),
    "no storages": (legacy(X, keys=(), storages=()), "does not have the storages that its pickle names"),
    "another key": (legacy(X, keys=("1",)), "does not have the storages"),
    "one too many": (legacy(X, keys=("0", "1"), storages=(NUMBERS, NUMBERS)), "does not have the storages"),
    "one twice": (legacy(X, keys=("0", "0"), storages=(NUMBERS, NUMBERS)), "does not have the storages"),
    "keys that are not a list": (legacy(X, keys={"0": 1}), "does not have the storages"),
    "keys that are not texts": (legacy(X, keys=(0,)), "does not have the storages"),
    "a key beside them that is not a text": (legacy(X, keys=("0", 5)), "does not have the storages"),
    "a key beside them that is a list": (legacy(X, keys=("0", [5])), "does not have the storages"),
    "another length": (legacy(X, lengths=(5,)), "a storage of 6 elements has 5 here"),
    "a negative length": (legacy(X, lengths=(-6,)), "a storage of 6 elements has 184467440737095"),
    "fewer numbers": (legacy(X)[:-1], "the file ends, expected 1 bytes more"),
    "more bytes": (legacy(X) + b"ab", "2 bytes follow the last storage"),
    "longer than the file": (legacy(tensor(storage(2**40), [1], [1])), "would have 4398046511104 bytes or more"),
    "longer than the file together": (
        legacy(*(tensor(storage(60, str(i)), [1], [1]) for i in range(50))),
        "would have .* bytes or more, and the file has",
    ),
    "a view": (legacy(viewed(b"(" + text("1") + number(0) + number(6) + b"t")), "a view of another one"),
    "two views": (legacy(viewed(b"NN")), "a view of another one"),
}


@pytest.mark.parametrize("case", BAD)
def test_files_that_are_not(tmp_path: Path, case: str) -> None:
    content, said = BAD[case]

    def refused() -> None:
        with pytest.raises(DamagedFileError, match=said):
            read(tmp_path / "x.pt", content)

    assert peak_bytes(refused) < 2 * len(content) + (1 << 18)


def test_a_text_as_long_as_the_file_says_allocates_nothing(tmp_path: Path) -> None:
    """A buffered file would make room for as many bytes as it is asked for, here 4 GB."""
    content = legacy(b"X\xff\xff\xff\xff")

    def refused() -> None:
        with pytest.raises(DamagedFileError, match=r"the pickle ends, expected \d+ bytes more"):
            read(tmp_path / "x.pt", content)

    assert peak_bytes(refused) < 1 << 18
