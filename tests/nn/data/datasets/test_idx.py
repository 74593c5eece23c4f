"""read_idx: written arrays are read back, and errors name the file and the mistake."""

from __future__ import annotations

import gzip
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn.data import read_idx
from tests.helpers.memory.peak import peak_bytes

CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}


def idx_bytes(array: np.ndarray[Any, Any]) -> bytes:
    """The file of an array, written from the format's description and with no code of read_idx."""
    header = struct.pack(">BBBB", 0, 0, CODES[array.dtype.name], array.ndim)
    return header + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(array.dtype.newbyteorder(">")).tobytes()


DIGITS = idx_bytes(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))


def write(folder: Path, contents: bytes | bytearray, name: str = "digits-idx3-ubyte") -> Path:
    path = folder / name
    path.write_bytes(contents)
    return path


def refuses(path: Path, *parts: str, **expected: Any) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the text is checked below
        read_idx(path, **expected)
    for part in (str(path), *parts):
        assert part in str(error.value)


@settings(deadline=None)  # a slow disk is not a mistake
@given(
    array=st.sampled_from(sorted(CODES)).flatmap(
        lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=1, max_dims=5, min_side=0, max_side=4))
    ),
    zipped=st.booleans(),
)
def test_what_is_written_is_read_back(
    array: np.ndarray[Any, Any], zipped: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    contents = idx_bytes(array)
    path = write(tmp_path_factory.mktemp("idx"), gzip.compress(contents) if zipped else contents)
    read = read_idx(path, shape=array.shape, dtype=array.dtype)
    assert read.dtype == array.dtype
    assert read.dtype.isnative
    assert read.shape == array.shape
    assert read.tobytes() == array.tobytes()  # bits, so that NaN counts
    assert read.flags.writeable


@settings(deadline=None)  # a slow disk is not a mistake
@example(contents=b"\0\0\x08\x01\0\0\0\1\7")  # an array, or the else below would never run
@given(contents=st.binary(max_size=40) | st.binary(max_size=30).map(lambda tail: b"\0\0\x08\x02" + tail))
def test_any_bytes_give_an_array_or_a_valueerror_with_the_file(
    contents: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write(tmp_path_factory.mktemp("idx"), contents)
    try:
        read = read_idx(path)
    except ValueError:
        refuses(path)
    else:
        assert idx_bytes(read) == contents


def test_gzip_is_recognized_by_content_not_by_name(tmp_path: Path) -> None:
    zipped = write(tmp_path, gzip.compress(DIGITS), "named-plain")
    plain = write(tmp_path, DIGITS, "named-zipped.gz")
    np.testing.assert_array_equal(read_idx(zipped), read_idx(str(plain)))


def test_gzip_of_several_members(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(DIGITS[:10]) + gzip.compress(DIGITS[10:]))
    assert read_idx(path).shape == (2, 3, 4)


def test_array_longer_than_one_chunk(tmp_path: Path) -> None:
    array = np.arange(3 * (1 << 20) // 4 + 5, dtype=np.int32)
    np.testing.assert_array_equal(read_idx(write(tmp_path, idx_bytes(array))), array)


@pytest.mark.parametrize(
    ("contents", "parts"),
    [
        (b"", ["has 0 bytes", "download or copy"]),
        (b"\0\0\x08", ["has 3 bytes"]),
        (b"<!DOCTYPE html>", ["b'<!DO'", "two zero bytes", "web page"]),
        (b"\0\0\x07\x01\0\0\0\0", ["0x07", "0x08 uint8", "0x0E float64"]),
        (b"\0\0\x08\x00\x05", ["0 dimensions", "1 to 64"]),
        (b"\0\0\x08\x41" + b"\0" * 300, ["65 dimensions", "1 to 64"]),
        (DIGITS[:9], ["ends after 9 bytes", "16", "truncated"]),
        (DIGITS[:-1], ["uint8 of shape (2, 3, 4)", "24 bytes", "only 23", "truncated"]),
        (DIGITS + b"ab", ["24 bytes", "2 more follow"]),
        (b"\0\0\x08\x03" + b"\0\0\0\0" + b"\xff" * 8, []),
        (b"\0\0\x0e\x04" + b"\0\0\0\0" + b"\xff" * 12, ["more than can be addressed"]),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_bad_contents(tmp_path: Path, contents: bytes, parts: list[str], zipped: bool) -> None:
    refuses(write(tmp_path, gzip.compress(contents) if zipped else contents), *parts)


@pytest.mark.parametrize("kept", [1.0, 0.6, 0.2])
def test_truncated_gzip(tmp_path: Path, kept: float) -> None:
    zipped = gzip.compress(DIGITS)
    refuses(write(tmp_path, zipped[: int(kept * len(zipped)) - 1]), "gzip", "truncated", "download or copy")


def test_gzip_damaged(tmp_path: Path) -> None:
    zipped = bytearray(gzip.compress(DIGITS))
    checksum = len(zipped) - 8
    zipped[checksum] ^= 1
    refuses(write(tmp_path, zipped), "gzip", "damaged")
    zipped = bytearray(gzip.compress(DIGITS))
    zipped[12] ^= 0xFF
    refuses(write(tmp_path, zipped))
    refuses(write(tmp_path, gzip.compress(DIGITS) + b"tail"), "gzip", "damaged")


@pytest.mark.parametrize("zipped", [False, True])
def test_a_header_that_claims_gigabytes_allocates_nothing(tmp_path: Path, zipped: bool) -> None:
    contents = b"\0\0\x08\x02" + b"\x00\x10\x00\x00" * 2 + b"few"
    path = write(tmp_path, gzip.compress(contents) if zipped else contents)
    assert peak_bytes(lambda: refuses(path, f"{2**40} bytes", "only 3")) < 8 << 20


def test_expected_shape_and_dtype(tmp_path: Path) -> None:
    path = write(tmp_path, DIGITS)
    assert read_idx(path, shape=(None, 3, 4), dtype=np.uint8).shape == (2, 3, 4)
    refuses(path, "shape (2, 3, 4)", "expected (N, 28, 28)", "swapped", shape=(None, 28, 28))
    refuses(path, "shape (2, 3, 4)", "expected (N,)", shape=(None,))
    refuses(path, "uint8", "expected float32", dtype=np.float32)


def test_missing_file_names_the_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "digits"
    with pytest.raises(FileNotFoundError, match="relative paths start at") as error:
        read_idx(path)
    assert str(path) in str(error.value)
    write(tmp_path, DIGITS, "digits.gz")
    with pytest.raises(FileNotFoundError, match=r"digits: there is no such file; did you mean digits\.gz\?"):
        read_idx(path)
    write(tmp_path, DIGITS, "labels")
    with pytest.raises(FileNotFoundError, match=r"labels\.gz: .* did you mean labels\?"):
        read_idx(tmp_path / "labels.gz")


def error_of(path: Path) -> str | None:
    try:
        assert read_idx(path).shape == (2, 3)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize("zipped", [False, True])
def test_every_corruption_names_the_file_and_the_byte(tmp_path: Path, zipped: bool) -> None:
    """A file that ends anywhere, has any byte changed, or goes on: the array, where the pixels changed, or an error."""
    path, plain = tmp_path / "digits", bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, *range(6)])
    whole = gzip.compress(plain, mtime=0) if zipped else plain
    damaged = [whole[:n] for n in range(len(whole))]
    damaged += [bytes([*whole[:i], whole[i] ^ bit, *whole[i + 1 :]]) for i in range(len(whole)) for bit in (1, 255)]
    damaged += [whole + b"\1", whole + whole, whole + bytes(5_000_000)]
    refused = 0
    for contents in damaged:
        path.write_bytes(contents)
        error = error_of(path)
        refused += error is not None
        assert error is None or re.match(rf"{path}: at byte \d+( of the unpacked data)?: \S", error), error
        assert error is None or re.search("expected|but|damaged", error)
    assert refused > len(damaged) // 2


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "digits.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(bytes([0, 0, 8, 1, 0, 0, 0, 1, 7]))
        for _ in range(100):
            file.write(bytes(1 << 20))

    def refused() -> None:
        with pytest.raises(ValueError, match=r"at byte 9: .* but many more follow"):
            read_idx(path)

    assert peak_bytes(refused) < 8 << 20
