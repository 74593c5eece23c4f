"""Files in the safetensors format: what is written is read again to the bit, and is the same bytes each time."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import hypothesis.extra.numpy as npst
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import minigrad as mg
from minigrad.files import atomic_write
from nn.serialization import open_file, safetensors
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.dtypes import DTYPES, NAMES
from nn.serialization.safetensors import CHECKSUM, read_metadata, read_safetensors, write_safetensors
from tests.helpers.memory.peak import peak_bytes
from tests.nn.serialization.files import safetensors_file, same

ARRAYS = npst.arrays(
    st.sampled_from([DTYPES[name].newbyteorder(order) for name in NAMES.values() for order in "<>"]),
    npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


def header_of(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    header: dict[str, Any] = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return header


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(TEXTS, ARRAYS, max_size=4), st.dictionaries(TEXTS, TEXTS, max_size=2))
def test_what_is_written_is_read_to_the_bit(
    tmp_path_factory: Any, tensors: dict[str, Any], texts: dict[str, str]
) -> None:
    path = tmp_path_factory.mktemp("files") / "file"
    write_safetensors(path, tensors, texts)
    read, metadata = read_safetensors(path)
    assert metadata == read_metadata(path) == texts
    assert list(read) == sorted(tensors)
    for name, array in tensors.items():
        native = array.astype(array.dtype.newbyteorder("="))
        assert read[name].dtype == native.dtype
        assert read[name].shape == array.shape
        assert read[name].tobytes() == native.tobytes()
        assert read[name].flags.owndata
        assert read[name].flags.writeable
        assert read[name].flags.aligned
    again = path.with_name("again")
    shuffled = {name: np.asfortranarray(read[name]) if read[name].ndim else read[name] for name in reversed(tensors)}
    write_safetensors(again, shuffled, texts)
    assert again.read_bytes() == path.read_bytes()


def test_the_layout(tmp_path: Path) -> None:
    """Names are sorted, there are no gaps, and every array is aligned to its elements, in the file, too."""
    tensors = {"b": np.ones(3, np.uint8), "c": np.ones((2, 2)), "a": np.float32(2), "d": np.ones(1, np.int16)}
    header = header_of(write_safetensors(tmp_path / "file", tensors))
    assert list(header) == ["__metadata__", "a", "b", "c", "d"]
    assert header["a"] == {"dtype": "F32", "shape": [], "data_offsets": [32, 36]}
    raw = int.from_bytes((tmp_path / "file").read_bytes()[:8], "little")
    assert raw % 8 == 0
    for name, array in tensors.items():
        assert header[name]["data_offsets"][0] % array.itemsize == 0


@pytest.mark.parametrize(
    "view",
    [lambda x: x.T, lambda x: x[::2], lambda x: x[:, ::-1], lambda x: np.broadcast_to(x[0], (3, 5)), np.asfortranarray],
    ids=["transposed", "strided", "reversed", "broadcast", "Fortran"],
)
def test_views_are_stored_as_they_look(tmp_path: Path, view: Any) -> None:
    x = view(np.arange(20.0).reshape(4, 5))
    np.testing.assert_array_equal(read_safetensors(write_safetensors(tmp_path / "file", {"x": x}))[0]["x"], x)


def test_a_file_of_another_program(tmp_path: Path) -> None:
    """It has no checksum; its names are in any order, its header may be padded or have other spaces, its data odd."""
    header = {
        "y": {"data_offsets": [3, 11], "dtype": "F64", "shape": [1]},
        "x": {"dtype": "U8", "shape": [3, 1], "data_offsets": [0, 3]},
    }
    data = b"\1\2\3" + np.float64(0.1).tobytes()
    for number, raw in enumerate([json.dumps(header, indent=2).encode(), json.dumps(header).encode() + b"   "]):
        path = tmp_path / f"{number}"
        path.write_bytes(safetensors_file(raw, data))
        tensors, metadata = read_safetensors(path)
        assert list(tensors) == ["y", "x"]
        assert tensors["y"].tolist() == [0.1]
        assert tensors["x"].tolist() == [[1], [2], [3]]
        assert metadata == {}
    empty = tmp_path / "empty"
    empty.write_bytes(safetensors_file({"__metadata__": None}))
    assert read_safetensors(empty) == ({}, {})


def test_bfloat16_becomes_float32(tmp_path: Path) -> None:
    """To the bit: a bfloat16 is the upper half of a float32."""
    halves = np.arange(1 << 16, dtype="<u2")
    header = {"x": {"dtype": "BF16", "shape": [2, 1 << 15], "data_offsets": [0, 1 << 17]}}
    (tmp_path / "file").write_bytes(safetensors_file(header, halves.tobytes()))
    x = read_safetensors(tmp_path / "file")[0]["x"]
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x.view(np.uint32), halves.astype(np.uint32).reshape(2, -1) << 16)


def test_large_files_are_read_and_written_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here of a few bytes, so that arrays have several, and the last ones are not full."""
    for module, size in ((safetensors, 3), (open_file, 5), (atomic_write, 7)):
        monkeypatch.setattr(module, "_BLOCK", size)
    tensors = {"a": np.arange(10.0), "b": np.arange(11, dtype=np.uint8), "c": np.zeros((0, 2))}
    path = write_safetensors(tmp_path / "file", tensors, {"note": "some text"})
    assert read_metadata(path) == {"note": "some text"}
    assert same(read_safetensors(path)[0], tensors)
    halves = (np.arange(7, dtype=np.float32).view(np.uint32) >> 16).astype("<u2")
    header = {"x": {"dtype": "BF16", "shape": [7], "data_offsets": [0, 14]}}
    path.write_bytes(safetensors_file(header, halves.tobytes()))
    assert read_safetensors(path)[0]["x"].tolist() == list(range(7))


def test_a_file_that_becomes_shorter_while_it_is_read() -> None:
    with pytest.raises(DamagedFileError, match="f: at byte 3: the file ends, expected 2 bytes more"):
        open_file.fill("f", io.BytesIO(b"abc"), memoryview(bytearray(5)))


def test_bools_that_are_neither(tmp_path: Path) -> None:
    """NumPy would take another byte for True in some functions, and for its number in others."""
    header = {"x": {"dtype": "BOOL", "shape": [4], "data_offsets": [0, 4]}}
    (tmp_path / "file").write_bytes(content := safetensors_file(header, b"\0\1\2\1"))
    with pytest.raises(DamagedFileError, match=rf"at byte {len(content) - 2}: x has 2, expected 0 or 1 for a bool"):
        read_safetensors(tmp_path / "file")


@pytest.mark.parametrize("dtype", ["F8_E4M3", "F8_E5M2", "F4"])
def test_dtypes_that_numpy_lacks_are_refused_by_name(tmp_path: Path, dtype: str) -> None:
    header = {"x": {"dtype": dtype, "shape": [4], "data_offsets": [0, 4]}}
    (tmp_path / "file").write_bytes(safetensors_file(header, bytes(4)))
    with pytest.raises(DamagedFileError, match=rf"x is of {dtype}, .* NumPy does not have; .* tensor\.float\(\)"):
        read_safetensors(tmp_path / "file")


def test_each_changed_bit_of_the_data_is_noticed(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "file", {"x": np.arange(3, dtype=np.float32)})
    content = path.read_bytes()
    for bit in range(8 * (len(content) - 12), 8 * len(content)):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        for read in (read_safetensors, read_metadata):
            with pytest.raises(DamagedFileError, match=rf"byte {len(content) - 12}: the checksum .* {CHECKSUM!r}"):
                read(path)


@pytest.mark.parametrize(
    ("tensors", "metadata", "error", "said"),
    [
        ({"x": [1.0]}, {}, TypeError, "x is a list, expected a NumPy array"),
        ({"x": mg.Tensor(1.0)}, {}, TypeError, r"x is a Tensor, .*write \.data"),
        ({"x": np.ma.masked_array([1.0])}, {}, TypeError, "x is a MaskedArray"),
        ({"x": np.array(["a"])}, {}, TypeError, "x is of <U1, and safetensors has bool, "),
        ({"x": np.array([1j])}, {}, TypeError, r"x is of complex128, .*store \.real and \.imag"),
        ({"x": np.array([None])}, {}, TypeError, "x is of object"),
        ({"__metadata__": np.ones(1)}, {}, ValueError, "rename it"),
        ({"\ud800": np.ones(1)}, {}, ValueError, "is not text that UTF-8 has"),
        ({3: np.ones(1)}, {}, TypeError, "the name 3 is a int"),
        ({}, {"epoch": 3}, TypeError, "metadata.'epoch'. is a int, expected a text"),
        ({}, {CHECKSUM: ""}, ValueError, "kept for the checksum"),
    ],
)
def test_what_the_format_cannot_have(
    tmp_path: Path, tensors: Any, metadata: Any, error: type[Exception], said: str
) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(error, match=said):
        write_safetensors(path, tensors, metadata)
    assert path.read_text() == "old"


def test_memory(tmp_path: Path) -> None:
    """Reading takes the arrays and little more, checking alone almost nothing, and writing no copy of them."""
    x = np.random.default_rng(0).random(1 << 21)
    path, peaks = tmp_path / "file", []
    for call in (
        lambda: write_safetensors(path, {"x": x}),
        lambda: read_safetensors(path),
        lambda: read_metadata(path),
    ):
        peaks.append(peak_bytes(call))
    assert peaks[0] < 1 << 18
    assert x.nbytes < peaks[1] < x.nbytes + (1 << 18)
    assert peaks[2] < (1 << 20) + (1 << 18)


def test_what_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_safetensors(tmp_path / "nowhere")
    with pytest.raises(IsADirectoryError):
        read_safetensors(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(DamagedFileError, match="a pipe or a device, expected a file; copy it"):
            read_safetensors(tmp_path / "pipe")
