"""The zip archives of PyTorch: where each entry is, read strictly.

`torch.save` writes entries one after another and uncompressed, so that their bytes can be mapped into memory. Zip
archives may have much more: compressed entries that unpack to any size, entries that share bytes, two of one name,
bytes before and after. Each of these is refused before anything is read from an entry.
"""

from __future__ import annotations

import os
import zlib
from typing import Any, NamedTuple, NoReturn

from nn.printed_text import printable
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.open_file import read_exactly
from nn.serialization.pytorch.refused import STATE_ALONE

__all__ = ["Entry", "checked_bytes", "checksum_differs", "read_entries"]

_LOCAL, _CENTRAL, _END, _END64, _LOCATOR64 = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"
_END_SIZE, _LOCATOR_SIZE, _END64_SIZE, _CENTRAL_SIZE, _LOCAL_SIZE = 22, 20, 56, 46, 30
_ELSEWHERE = 0xFFFFFFFF  # a size or an offset that is in the extra field, as it needs 64 bits
_ENCRYPTED = 1  # a bit of the flags
_DESCRIPTOR = 60  # bytes after an entry, at most: a descriptor of its data has 24


class Entry(NamedTuple):
    """The bytes of an entry: where they begin in the file, how many they are, and their CRC-32."""

    start: int
    size: int
    crc: int


def read_entries(path: str | os.PathLike[str], file: Any, size: int) -> dict[str, Entry]:
    """The entries of an archive, by their names.

    Raises:
        DamagedFileError: if the archive is not in order, or uses what `torch.save` does not.
    """
    begin, end = _directory(path, file, size)
    file.seek(begin)
    directory = read_exactly(path, file, end - begin)
    entries: dict[str, Entry] = {}
    at, free = 0, 0  # where the next record is in the directory, and the end of the entry before in the file
    while at < len(directory):

        def refuse(problem: str, *hint: str, at: int = at) -> NoReturn:
            raise DamagedFileError(path, begin + at, problem, *hint)

        record = directory[at : at + _CENTRAL_SIZE]
        if len(record) < _CENTRAL_SIZE or not record.startswith(_CENTRAL):
            refuse("the directory of the zip archive is not in order")
        flags, method = _number(record, 8, 2), _number(record, 10, 2)
        crc, packed, unpacked, offset = (_number(record, i, 4) for i in (16, 20, 24, 42))
        lengths = [_number(record, i, 2) for i in (28, 30, 32)]
        raw = directory[at + _CENTRAL_SIZE : at + _CENTRAL_SIZE + sum(lengths)]
        if len(raw) < sum(lengths):
            refuse("the directory of the zip archive is cut off")
        called = raw[: lengths[0]]
        name = called.decode("utf-8", "replace")
        unpacked, packed, offset = _wide((unpacked, packed, offset), raw[lengths[0] : lengths[0] + lengths[1]])
        if "/code/" in name:
            refuse("it is a program of TorchScript", STATE_ALONE)
        if method or flags & _ENCRYPTED or packed != unpacked:
            refuse(
                f"{printable(name)} is compressed or encrypted, and torch.save writes plain bytes",
                "load it in PyTorch, and save it once more",
            )
        if name in entries:
            refuse(f"{printable(name)} is there twice")
        if offset < free:
            refuse(f"{printable(name)} begins at byte {offset}, within the entry before it, which ends at {free}")
        if offset > free + _DESCRIPTOR:
            refuse(f"there are {offset - free} bytes before {printable(name)} that belong to no entry")
        start = _local(path, file, offset, called, begin)
        if start + unpacked > begin:
            refuse(f"{printable(name)} would have {unpacked} bytes, and the file has {max(begin - start, 0)} for it")
        entries[name] = Entry(start, unpacked, crc)
        at, free = at + _CENTRAL_SIZE + sum(lengths), start + unpacked
    if begin > free + _DESCRIPTOR:
        raise DamagedFileError(
            path, free, f"there are {begin - free} bytes before the directory that belong to no entry"
        )
    return entries


def checked_bytes(path: str | os.PathLike[str], file: Any, entry: Entry) -> bytes:
    """All bytes of an entry; a DamagedFileError if they are not those of its CRC-32."""
    file.seek(entry.start)
    content = read_exactly(path, file, entry.size)
    if zlib.crc32(content) != entry.crc:
        raise checksum_differs(path, entry)
    return content


def checksum_differs(path: str | os.PathLike[str], entry: Entry) -> DamagedFileError:
    hint = "it was written after torch.serialization.set_crc32_options(False): save it without" if not entry.crc else ""
    problem = "the checksum of these bytes differs from that in the archive"
    return DamagedFileError(path, entry.start, problem, *([hint] if hint else []))


def _directory(path: Any, file: Any, size: int) -> tuple[int, int]:
    """Where the central directory begins and ends, by the records at the end of the file."""

    def record(at: int, length: int, signature: bytes) -> bytes:
        if at >= 0:
            file.seek(at)
            found = read_exactly(path, file, length)
            if found.startswith(signature):
                return found
        what = "the file does not end with the directory of a zip archive"
        raise DamagedFileError(path, max(at, 0), what, "it may be cut off: copy it once more")

    last = size - _END_SIZE
    end = record(last, _END_SIZE, _END)
    length, begin = _number(end, 12, 4), _number(end, 16, 4)
    if last >= _LOCATOR_SIZE + _END64_SIZE:
        file.seek(last - _LOCATOR_SIZE)
        if read_exactly(path, file, 4) == _LOCATOR64:
            last -= _LOCATOR_SIZE + _END64_SIZE
            wide = record(last, _END64_SIZE, _END64)
            if not _agree(length, _number(wide, 40, 8)) or not _agree(begin, _number(wide, 48, 8)):
                raise DamagedFileError(path, last, "the directory of the zip archive is described in two ways")
            length, begin = _number(wide, 40, 8), _number(wide, 48, 8)
    if begin + length != last:
        raise DamagedFileError(
            path, last, f"the directory of the zip archive would end at byte {begin + length}, and ends at {last}"
        )
    return begin, last


def _local(path: Any, file: Any, offset: int, name: bytes, end: int) -> int:
    """Where the bytes of an entry begin, after a header that names it once more."""
    if offset + _LOCAL_SIZE + len(name) <= end:
        file.seek(offset)
        header = read_exactly(path, file, _LOCAL_SIZE + len(name))
        if header.startswith(_LOCAL) and header[_LOCAL_SIZE:] == name and _number(header, 26, 2) == len(name):
            return offset + len(header) + _number(header, 28, 2)
    raise DamagedFileError(path, min(offset, end), "an entry of the zip archive is not where its directory says")


def _wide(numbers: tuple[int, int, int], extra: bytes) -> list[int]:
    """Numbers, of which those that need 64 bits are in the extra field."""
    wide, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = _number(extra, at, 2), _number(extra, at + 2, 2)
        if kind == 1:
            wide = extra[at + 4 : at + 4 + length]
        at += 4 + length
    found = []
    for number in numbers:
        if number == _ELSEWHERE and len(wide) >= 8:
            number, wide = _number(wide, 0, 8), wide[8:]
        found.append(number)
    return found


def _agree(narrow: int, wide: int) -> bool:
    return narrow in (wide, _ELSEWHERE)


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")
