"""WAV files as they are, and damaged in every way."""

from __future__ import annotations

import re
import struct
import wave
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from nn.data.datasets.wav import read_wav

SAMPLES = [1, -2, 300, 32767, -32768]


def wav(samples: Any = SAMPLES, *, channels: int = 1, rate: int = 8000, bits: int = 16) -> bytes:
    """As Python's own module writes it."""
    data = BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        file.writeframes(np.array(samples, "<i2").tobytes())
    return data.getvalue()


def riff(*chunks: bytes) -> bytes:
    rest = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(rest)) + rest


def chunk(name: bytes, contents: bytes) -> bytes:
    return name + struct.pack("<I", len(contents)) + contents + bytes(len(contents) % 2)


FORMAT = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)


def test_what_python_writes_is_read() -> None:
    sound = read_wav("a.wav", wav())
    assert sound[:3] == (1, 16, 8000)
    assert sound.samples.tolist() == SAMPLES
    assert read_wav("a.wav", wav([1, 2, 3, 4], channels=2, rate=44100))[:3] == (2, 16, 44100)
    other = read_wav("a.wav", wav(bits=32, samples=[1, 2]))
    assert (other.bits, other.samples.size) == (32, 0)


def test_other_chunks_are_skipped() -> None:
    """Of odd length, with their byte of padding, before and after."""
    data = riff(
        chunk(b"LIST", b"abc"), chunk(b"fmt ", FORMAT + b"\0\0"), chunk(b"x\n\x1b ", b""), chunk(b"data", b"\1\0")
    )
    assert read_wav("a.wav", data).samples.tolist() == [1]


def error_of(data: bytes) -> str | None:
    try:
        assert len(read_wav("a.wav", data).samples) in (0, len(SAMPLES))
    except ValueError as error:
        return str(error)
    return None


def test_every_corruption_names_the_file_and_the_byte() -> None:
    """A file that ends anywhere, has any byte changed, or goes on."""
    whole, refused = wav(), 0
    damaged = [whole[:n] for n in range(len(whole))]
    damaged += [bytes([*whole[:i], whole[i] ^ bit, *whole[i + 1 :]]) for i in range(len(whole)) for bit in (1, 16, 255)]
    damaged += [whole + b"\1", whole + whole]
    for data in damaged:
        error = error_of(data)
        refused += error is not None
        assert error is None or (re.match(r"a\.wav: at byte \d+: \S", error) and error.isprintable()), error
    assert refused > len(damaged) // 2


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", 'at byte 0: "", expected "RIFF"'),
        (b"<html>Sorry</html>", 'at byte 0: "<htm", expected "RIFF", .* a web page'),
        (b"RIFF\4\0\0\0AVI ", 'at byte 8: "AVI ", expected "WAVE"'),
        (wav()[:-1], "at byte 4: the header says 54 bytes for the whole file, which has 53"),
        (riff(b"data" + b"\xff" * 4 + b"\0\0"), r'at byte 12: the chunk "data" has 4294967295 bytes, but 2 follow'),
        (riff(chunk(b"fmt ", FORMAT), b"da"), "at byte 36: 2 bytes, expected the 8"),
        (riff(chunk(b"data", b"")), 'at byte 20: the file ends without a chunk "fmt "'),
        (riff(chunk(b"fmt ", FORMAT)), 'at byte 36: the file ends without a chunk "data"'),
        (
            riff(chunk(b"fmt ", FORMAT[:8]), chunk(b"data", b"")),
            r'at byte 12: the chunk "fmt " has 8 bytes',
        ),
        (riff(chunk(b"fmt ", b"\3" + FORMAT[1:]), chunk(b"data", b"")), "at byte 20: the format is 3, expected 1"),
        (
            riff(chunk(b"fmt ", FORMAT[:12] + bytes(4)), chunk(b"data", b"")),
            "1 channels of 0 bits take 0",
        ),
        (
            riff(chunk(b"fmt ", FORMAT), chunk(b"data", b"\1")),
            "at byte 36: 1 bytes of samples, expected a",
        ),
        (riff(*[chunk(b"fmt ", FORMAT)] * 2), 'at byte 36: a second chunk "fmt ", expected one'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_wav("a.wav", data)
