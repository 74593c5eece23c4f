"""NumPy's .npz files: np.load reads what is written, and what np.savez writes is read, if it is in order."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.npz import read_npz, write_npz
from tests.nn.serialization.files import same

ARRAYS = {
    "a": np.arange(6.0).reshape(2, 3),
    "b.weight": np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
    "file": np.array(3.5, ">f4"),
    "none": np.zeros((0, 4), np.complex64),
    "yes": np.array([True, False]),
}


def native(array: Any) -> Any:
    return array.astype(array.dtype.newbyteorder("="), order="C")


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def archive(path: Path, entries: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)
    return path


def test_what_is_written_is_read_by_numpy_and_here(tmp_path: Path) -> None:
    for metadata in ({}, {"classes": "über", "": ""}):
        path = write_npz(tmp_path / "a.npz", ARRAYS, metadata)
        tensors, texts = read_npz(path)
        assert texts == metadata
        assert same(tensors, {name: native(array) for name, array in ARRAYS.items()})
        assert all(array.flags.writeable and array.flags.c_contiguous for array in tensors.values())
        with np.load(path) as loaded:
            assert set(loaded) == set(ARRAYS) | ({"__metadata__"} if metadata else set())
            for name, array in ARRAYS.items():
                np.testing.assert_array_equal(loaded[name], array)
        assert write_npz(tmp_path / "b.npz", dict(reversed(ARRAYS.items())), metadata).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_numpy_writes_is_read(tmp_path: Path, save: Any) -> None:
    arrays = {name: array for name, array in ARRAYS.items() if name != "file"}
    save(tmp_path / "a.npz", **arrays)
    tensors, texts = read_npz(tmp_path / "a.npz")
    assert same(tensors, {name: native(array) for name, array in arrays.items()})
    assert texts == {}


BAD: dict[str, tuple[dict[str, bytes], str]] = {
    "an object": ({"x.npy": npy(np.array([None]))}, "x.npy does not begin as an array|is an array of object"),
    "text": ({"x.npy": npy(np.array(["a"]))}, "x.npy is an array of <U1, expected numbers"),
    "not an array": ({"x.npy": b"hello, this is text"}, "x.npy does not begin as an array"),
    "another file": ({"x.txt": b"hello"}, "x.txt is not an array"),
    "too short": ({"x.npy": npy(np.ones(3))[:-1]}, r"x.npy has 23 bytes, but 24 in the shape \(3,\) and float64"),
    "too long": ({"x.npy": npy(np.ones(3)) + b"1"}, "x.npy has 25 bytes, but 24"),
    "a huge shape": ({"x.npy": npy(np.ones(3)).replace(b"(3,), }  ", b"(10**9,),")}, "x.npy"),
    "texts of one axis": ({"__metadata__.npy": npy(np.array(["a"]))}, "expected pairs of texts"),
    "texts of numbers": ({"__metadata__.npy": npy(np.ones((1, 2)))}, "expected pairs of texts"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_in_order(tmp_path: Path, name: str) -> None:
    entries, said = BAD[name]
    with pytest.raises(DamagedFileError, match=said):
        read_npz(archive(tmp_path / "x.npz", entries))


def test_archives_that_are_not_in_order(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.npz", {"x.npy": npy(np.ones(3))})
    content = path.read_bytes()
    for changed, said in (
        (content[:-5], "the zip archive is not in order"),
        (content.replace(np.float64(1).tobytes(), np.float64(2).tobytes(), 1), "Bad CRC-32"),
        (content.replace(b"x.npy", b"y.npy", 1), "not in order"),
    ):
        path.write_bytes(changed)
        with pytest.raises(DamagedFileError, match=said):
            read_npz(path)
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("x.npy", npy(np.ones(3)))
        with pytest.warns(UserWarning, match="Duplicate name"):
            zipped.writestr("x.npy", npy(np.ones(3)))
    with pytest.raises(DamagedFileError, match=r"byte \d\d+: x is there twice"):
        read_npz(path)


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="x is of object, expected numbers"):
        write_npz(tmp_path / "x.npz", {"x": np.array([None])}, {})
    assert not (tmp_path / "x.npz").exists()


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_headers_of_both_lengths(tmp_path: Path, version: tuple[int, int]) -> None:
    """NumPy writes the second where the first has no room for it."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, ARRAYS["a"], version)
    path = archive(tmp_path / "x.npz", {"a.npy": buffer.getvalue()})
    assert same(read_npz(path)[0]["a"], ARRAYS["a"])
