"""Zip archives: those of torch.save, and none of what zip allows beyond."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.serialization.damaged_file import DamagedFileError
from tests.helpers.memory.peak import peak_bytes
from tests.nn.serialization.pytorch.files import WRITTEN, archive, state, storage, tensor

NUMBERS = np.arange(6, dtype=np.float32)
PICKLE = state(tensor(storage(6), [2, 3], [3, 1]))


def zipped(entries: list[tuple[str, bytes]], edit: Any = None) -> bytes:
    """An archive whose directory is edited: ``edit(i, fields)`` changes the fields of record i, by their names."""
    body, directory = b"", b""
    for i, (name, content) in enumerate(entries):
        raw = name.encode()
        fields: dict[str, Any] = {"offset": len(body), "name": raw, "local": raw, "extra": b"", "flags": 0x800}
        fields |= {"method": 0, "crc": zlib.crc32(content), "packed": len(content), "size": len(content)}
        if edit is not None:
            edit(i, fields)
        sizes = struct.pack("<III", fields["crc"], fields["packed"] & 0xFFFFFFFF, fields["size"] & 0xFFFFFFFF)
        how = struct.pack("<HHHHH", 20, fields["flags"], fields["method"], 0, 0)
        local, name_raw, extra = fields["local"], fields["name"], fields["extra"]
        body += b"PK\3\4" + how + sizes + struct.pack("<HH", len(local), 0) + local + content
        directory += b"PK\1\2" + struct.pack("<H", 20) + how + sizes
        directory += struct.pack("<HHHHHII", len(name_raw), len(extra), 0, 0, 0, 0, fields["offset"] & 0xFFFFFFFF)
        directory += name_raw + extra
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


ENTRIES = [("a/data.pkl", PICKLE), ("a/data/0", NUMBERS.tobytes()), ("a/version", b"3\n")]


def read(path: Path, content: bytes) -> Any:
    path.write_bytes(content)
    return nn.read_torch(path)["x"]


def edited(index: int, **changes: Any) -> bytes:
    def edit(i: int, fields: dict[str, Any]) -> None:
        if i == index:
            fields.update({key: value(fields) if callable(value) else value for key, value in changes.items()})

    return zipped(ENTRIES, edit)


def test_an_archive_that_is_in_order(tmp_path: Path) -> None:
    for content in (zipped(ENTRIES), archive(tmp_path / "y.pt", PICKLE, {"0": NUMBERS}).read_bytes()):
        np.testing.assert_array_equal(read(tmp_path / "x.pt", content), NUMBERS.reshape(2, 3))


WIDE = struct.pack("<HHQ", 1, 8, len(NUMBERS.tobytes()))
BAD: dict[str, tuple[bytes, str]] = {
    "compressed": (edited(1, method=8), "a/data/0 is compressed or encrypted"),
    "encrypted": (edited(1, flags=0x801), "a/data/0 is compressed or encrypted"),
    "two sizes": (edited(1, packed=23), "is compressed or encrypted"),
    "a size beyond the file": (edited(2, size=2**31, packed=2**31), "would have 2147483648 bytes, and the file has 2"),
    "a size within the next entry": (edited(1, size=40, packed=40), "within the entry before it"),
    "the same bytes twice": (edited(2, offset=0, local=b"a/version"), "begins at byte 0, within the entry before it"),
    "an offset beyond": (edited(2, offset=2**31), "bytes before a/version that belong to no entry"),
    "another name in front": (edited(1, local=b"b/data/0"), "not where its directory says"),
    "a longer name in front": (edited(1, local=b"a/data/00"), "not where its directory says"),
    "another checksum": (edited(1, crc=7), "checksum of these bytes differs"),
    "no checksum": (edited(1, crc=0), r"set_crc32_options\(False\)"),
    "another checksum of the pickle": (edited(0, crc=7), "checksum of these bytes differs"),
    "twice": (zipped([*ENTRIES, ENTRIES[1]]), "a/data/0 is there twice"),
    "two pickles": (zipped([*ENTRIES, ("b/data.pkl", PICKLE)]), "2 entries data.pkl, expected one"),
    "no pickle": (zipped(ENTRIES[1:]), "0 entries data.pkl"),
    "TorchScript": (zipped([*ENTRIES, ("a/constants.pkl", b"")]), "a program of TorchScript; in PyTorch, save the"),
    "big-endian": (zipped([*ENTRIES, ("a/byteorder", b"big")]), "not little-endian"),
    "bytes after the end": (zipped(ENTRIES) + b"x", "does not end with the directory"),
    "cut off": (zipped(ENTRIES)[:-30], "does not end with the directory"),
    "cut off at the start": (b"PK\3\4", "does not end with the directory"),
    "bytes before": (b"PK\3\4" + bytes(100) + zipped(ENTRIES), "would end at byte"),
    "bytes before the directory": (
        (plain := zipped(ENTRIES))[: (begin := plain.index(b"PK\1\2"))]
        + bytes(100)
        + plain[begin:-6]
        + struct.pack("<IH", begin + 100, 0),
        "there are 100 bytes before the directory that belong to no entry",
    ),
    "a directory that is longer": (zipped(ENTRIES)[:-10] + b"\xff\xff\0\0" + zipped(ENTRIES)[-6:], "would end at byte"),
    "a directory that ends early": (zipped(ENTRIES).replace(b"PK\1\2", b"PK\1\3"), "directory .* is not in order"),
    "a name of 65535 bytes": (
        zipped(ENTRIES).replace(struct.pack("<HHHHH", 9, 0, 0, 0, 0), struct.pack("<HHHHH", 65535, 0, 0, 0, 0)),
        "is cut off",
    ),
    "a size of 64 bits": (edited(1, size=2**32 - 1, packed=2**32 - 1, extra=WIDE + WIDE), "a/data/0|would have"),
}


@pytest.mark.parametrize("case", BAD)
def test_an_archive_that_is_not_in_order(tmp_path: Path, case: str) -> None:
    content, said = BAD[case]

    def refused() -> None:
        with pytest.raises(DamagedFileError, match=said):
            read(tmp_path / "x.pt", content)

    assert peak_bytes(refused) < 1 << 18


def test_a_zip_bomb(tmp_path: Path) -> None:
    """20 MB of zeros, in a file of 20 KB: refused before anything is unpacked."""
    path = archive(tmp_path / "x.pt", PICKLE, {"0": bytes(20_000_000)}, compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 40_000

    def refused() -> None:
        with pytest.raises(DamagedFileError, match="is compressed"):
            nn.read_torch(path)

    assert peak_bytes(refused) < 1 << 18


def test_sizes_and_offsets_of_64_bits(tmp_path: Path) -> None:
    """As in files of more than 4 GB: the numbers are in the extra field."""

    def edit(i: int, fields: dict[str, Any]) -> None:
        if i == 1:
            wide = struct.pack("<HHQQQ", 1, 24, fields["size"], fields["packed"], fields["offset"])
            none = 0xFFFFFFFF
            fields.update(extra=b"\x55\x55\2\0ab" + wide, size=none, packed=none, offset=none)

    np.testing.assert_array_equal(read(tmp_path / "x.pt", zipped(ENTRIES, edit)), NUMBERS.reshape(2, 3))


def test_the_records_of_64_bits_that_pytorch_writes(tmp_path: Path) -> None:
    """PyTorch's files have them at any size; the two descriptions of the directory have to agree."""
    content = (WRITTEN / "checkpoint.pt").read_bytes()
    at = content.rindex(b"PK\6\6")
    assert content.count(b"PK\6\7") == 1
    for place in (40, 48):
        changed = bytearray(content)
        changed[at + place] ^= 1
        with pytest.raises(DamagedFileError, match="described in two ways"):
            read(tmp_path / "x.pt", bytes(changed))
    changed = bytearray(content)
    changed[-10:-2] = b"\xff" * 8
    (tmp_path / "x.pt").write_bytes(changed)
    assert len(nn.read_torch(tmp_path / "x.pt")) == 17


def test_an_archive_of_many_empty_entries(tmp_path: Path) -> None:
    """The names take a few times the file's size at most: nothing else is kept of an entry."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for i in range(1500):
            file.writestr(f"{i}", b"")
    path = tmp_path / "x.pt"
    path.write_bytes(buffer.getvalue())

    def refused() -> None:
        with pytest.raises(DamagedFileError, match=r"0 entries data\.pkl"):
            nn.read_torch(path)

    assert peak_bytes(refused) < 5 * path.stat().st_size + (1 << 18)
