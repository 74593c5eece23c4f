"""The header of a safetensors file: what is in it, and that all of it fits the size of the file.

A file is 8 bytes with the length of the header, the header in JSON, and the numbers of all tensors without gaps
(https://huggingface.co/docs/safetensors). Everything is checked before an array is allocated.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any, NamedTuple, NoReturn

from nn.printed_text import printable
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.dtypes import DTYPES, REFUSED

__all__ = ["LONGEST", "METADATA", "Entry", "Header", "parse_header", "without_duplicates"]

LONGEST = 100_000_000  # bytes of a header
METADATA = "__metadata__"
_MOST = 2**63 - 1  # elements, and bytes, of an array
_MOST_AXES = 64  # of an array of NumPy


class Entry(NamedTuple):
    """A tensor: its dtype by the format's name, its shape, and its bytes, counted from the end of the header."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    stop: int


class Header(NamedTuple):
    """The tensors in the order of their names in the file, and what is noted beside them."""

    entries: list[Entry]
    metadata: dict[str, str]


def parse_header(path: Any, raw: bytes, data_size: int) -> Header:
    """Read the JSON of a header.

    Arguments:
        path: the file, for errors.
        raw: the header.
        data_size: the number of bytes after it.

    Raises:
        DamagedFileError: if it is not that of a file with so many bytes of data.

    >>> parse_header("file", b'{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8).entries
    [Entry(name='x', dtype='F32', shape=(2,), start=0, stop=8)]
    """
    found = _json(path, raw)
    metadata = found.pop(METADATA, None) or {}
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise DamagedFileError(path, _at(raw, METADATA), f"{METADATA} is not a dictionary of texts")
    entries = [_entry(path, raw, name, given) for name, given in found.items()]
    end = 0
    for entry in sorted(entries, key=lambda entry: (entry.start, entry.stop)):
        if entry.start != end:
            what = "overlaps another tensor" if entry.start < end else "leaves a gap"
            raise DamagedFileError(
                path,
                _at(raw, entry.name),
                f"{printable(entry.name)} begins at byte {entry.start} of the data and {what}, expected {end}",
            )
        end = entry.stop
    if end != data_size:
        what = "is cut off" if end > data_size else "has more"
        raise DamagedFileError(
            path,
            8 + len(raw) + min(end, data_size),
            f"the file {what}: its header describes {end} bytes of data, and there are {data_size}",
        )
    return Header(entries, metadata)


def _json(path: Any, raw: bytes) -> dict[str, Any]:
    if not raw.startswith(b"{"):
        raise DamagedFileError(path, 8, f"expected {{, with which a safetensors header begins, got {raw[:1]!r}")

    try:
        found = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=without_duplicates,
            parse_int=lambda digits: int(digits) if len(digits) < 20 else _refuse_number(digits),
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError as error:
        raise DamagedFileError(path, 8 + error.start, "the header is not in UTF-8") from None
    except json.JSONDecodeError as error:
        byte = 8 + len(error.doc[: error.pos].encode())
        raise DamagedFileError(path, byte, f"the header is not JSON ({error.msg})") from None
    except (ValueError, RecursionError) as error:
        raise DamagedFileError(path, 8, f"the header has {error}") from None
    assert isinstance(found, dict)  # as it begins with {
    return found


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:20]}, expected whole numbers below 2⁶³")


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the name {printable(twice)} twice")
    return found


def _entry(path: Any, raw: bytes, name: str, given: Any) -> Entry:
    """What a header says of one tensor, if it fits together."""

    def refuse(problem: str, *hint: str) -> NoReturn:
        raise DamagedFileError(path, _at(raw, name), f"{printable(name)} {problem}", *hint)

    if not isinstance(given, dict) or given.keys() != {"dtype", "shape", "data_offsets"}:
        refuse("lacks one of dtype, shape and data_offsets, or has more than these")
    dtype, shape, offsets = given["dtype"], given["shape"], given["data_offsets"]
    if isinstance(dtype, str) and dtype in REFUSED:
        refuse(
            f"is of {dtype}, {REFUSED[dtype]}, which NumPy does not have",
            "convert it before it is saved: in PyTorch, tensor.float()",
        )
    if not isinstance(dtype, str) or dtype not in DTYPES:
        refuse(f"has the dtype {dtype!r:.40}, expected one of {', '.join(DTYPES)}")
    if not _are_sizes(shape) or len(shape) > _MOST_AXES:
        refuse(f"has the shape {shape!r:.80}, expected a list of at most {_MOST_AXES} whole numbers from 0")
    if not _are_sizes(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        refuse(f"has the data_offsets {offsets!r:.80}, expected two whole numbers from 0, the smaller one first")
    itemsize = DTYPES[dtype].itemsize
    if math.prod(filter(None, shape)) * itemsize > _MOST:
        refuse(f"has the shape {shape!r:.80}, which is too large for an array")
    start, stop = offsets
    expected = math.prod(shape) * itemsize
    if stop - start != expected:
        refuse(f"has {stop - start} bytes, but {expected} in the shape {tuple(shape)} and {dtype}")
    return Entry(name, dtype, tuple(shape), start, stop)


def _are_sizes(given: Any) -> bool:
    """Whether it is a list of whole numbers that are sizes of something."""
    return isinstance(given, list) and all(type(number) is int and 0 <= number <= _MOST for number in given)


def _at(raw: bytes, name: str) -> int:
    """Where in the file the header names something; its beginning, if the name is written in another way."""
    return 8 + max(raw.find(json.dumps(name, ensure_ascii=False).encode("utf-8", "replace")), 0)
