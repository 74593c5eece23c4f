"""The WAV file format for sounds: the part of it in which recordings with 16 bits per sample are published.

A file is a RIFF container of chunks, little-endian. Each has a name, a length, its contents, and a byte of padding
where the length is odd::

    "RIFF" length of the rest "WAVE"
    "fmt " 16 or more: format (1: plain samples), channels, samples per second, bytes per second, bytes per time, bits
    "data" the samples

Chunks of other names are skipped.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sound", "read_wav"]


class Sound(NamedTuple):
    """The contents of a WAV file."""

    channels: int
    bits: int
    rate: int
    """Samples per second."""
    samples: NDArray[Any]
    """The samples as int16, those of several channels in turns; empty if they do not have 16 bits."""


def read_wav(path: str, data: bytes) -> Sound:
    """The sound in the bytes of a WAV file.

    Arguments:
        path: the name of the file, for error messages.

    Raises:
        ValueError: if the bytes are not exactly one WAV file of plain samples; the message names the byte.

    >>> header = b"RIFF" + struct.pack("<I", 40) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    >>> read_wav("two.wav", header + b"data" + struct.pack("<Ihh", 4, -1, 7)).samples
    array([-1,  7], dtype=int16)
    """
    chunks: dict[bytes, tuple[int, bytes]] = {}
    for at, name, contents in _chunks(path, data):
        if name in chunks and name in (b"fmt ", b"data"):
            raise _damaged(path, at, f"a second chunk {_shown(name)}, expected one")
        chunks[name] = at, contents
    for name in (b"fmt ", b"data"):
        if name not in chunks:
            raise _damaged(path, len(data), f"the file ends without a chunk {_shown(name)}")
    at, header = chunks[b"fmt "]
    if len(header) < 16:
        raise _damaged(path, at, f'the chunk "fmt " has {len(header)} bytes, expected at least 16')
    kind, channels, rate, _, step, bits = struct.unpack("<HHIIHH", header[:16])
    if kind != 1:
        raise ValueError(
            f"{path}: at byte {at + 8}: the format is {kind}, expected 1, plain samples; "
            "convert the file to WAV with PCM"
        )
    if step != channels * -(-bits // 8) or not step:
        raise _damaged(path, at + 20, f"{channels} channels of {bits} bits take {step} bytes, which cannot be")
    at, samples = chunks[b"data"]
    if len(samples) % step:
        raise _damaged(path, at, f"{len(samples)} bytes of samples, expected a multiple of {step}")
    return Sound(channels, bits, rate, np.frombuffer(samples if bits == 16 else b"", "<i2"))


def _chunks(path: str, data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Where each chunk begins, its name, and its contents."""
    for at, expected in ((0, b"RIFF"), (8, b"WAVE")):
        if data[at : at + 4] != expected:
            raise ValueError(
                f"{path}: at byte {at}: {_shown(data[at : at + 4])}, expected {_shown(expected)}, as a WAV file "
                "begins; this is not a complete WAV file: another kind of file, or a web page that was saved instead?"
            )
    length = 8 + int.from_bytes(data[4:8], "little")
    if length != len(data):
        raise _damaged(path, 4, f"the header says {length} bytes for the whole file, which has {len(data)}")
    at = 12
    while at < len(data):
        if len(data) - at < 8:
            raise _damaged(path, at, f"{len(data) - at} bytes, expected the 8 with which a chunk begins")
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if size > len(data) - at - 8:
            raise _damaged(path, at, f"the chunk {_shown(name)} has {size} bytes, but {len(data) - at - 8} follow")
        yield at, name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _shown(name: bytes) -> str:
    """The four bytes of a name as Python writes them: names of damaged files may be anything."""
    return ascii(name)[1:].replace("'", '"')


def _damaged(path: str, at: int, problem: str) -> ValueError:
    return ValueError(f"{path}: at byte {at}: {problem}; this is not a complete WAV file: download or copy it again")
