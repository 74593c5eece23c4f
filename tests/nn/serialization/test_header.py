"""Headers of safetensors files that are not in order: each is refused, by what is wrong and where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.header import LONGEST, parse_header
from nn.serialization.safetensors import read_safetensors
from tests.nn.serialization.files import safetensors_file


def entry(dtype: Any = "U8", shape: Any = (4,), offsets: Any = (0, 4), **more: Any) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets, **more}


HEADERS: dict[str, tuple[Any, str]] = {
    "not an object": (b'["x"]', "byte 8: expected {"),
    "empty": (b"", "byte 8: expected {"),
    "a space first": (b" {}", "byte 8: expected {"),
    "half": (b'{"x":', "byte 13: the header is not JSON"),
    "text after it": (b"{} x", "byte 11: the header is not JSON"),
    "not UTF-8": (b'{"\xff": 1}', "byte 10: the header is not in UTF-8"),
    "twice": (b'{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"x":{}}', "the name x twice"),
    "twice within": (b'{"x":{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]}}', "the name dtype twice"),
    "NaN": (b'{"x":{"dtype":"U8","shape":[NaN],"data_offsets":[0,4]}}', "the number NaN"),
    "infinity": (b'{"x":{"dtype":"U8","shape":[-Infinity],"data_offsets":[0,4]}}', "the number -Infinity"),
    "a float": (b'{"x":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}}', "the number 4.0"),
    "an endless number": (
        b'{"x":{"dtype":"U8","shape":[' + b"9" * 5000 + b'],"data_offsets":[0,4]}}',
        "the header has",
    ),
    "deep": (b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "the header has .*recursion"),
    "metadata of numbers": ({"__metadata__": {"a": 1}, "x": entry()}, "__metadata__ is not a dictionary of texts"),
    "metadata as a list": ({"__metadata__": ["a"], "x": entry()}, "__metadata__ is not"),
    "an entry as a list": ({"x": [1]}, "x lacks one of dtype, shape"),
    "no dtype": ({"x": {"shape": [4], "data_offsets": [0, 4]}}, "x lacks one of"),
    "more": ({"x": entry(strides=[1])}, "x lacks one of dtype, shape and data_offsets, or has more"),
    "dtype unknown": ({"x": entry("F128")}, "byte 9: x has the dtype 'F128', expected one of BOOL, "),
    "dtype a list": ({"x": entry(["U8"])}, "x has the dtype"),
    "shape a number": ({"x": entry(shape=4)}, "x has the shape 4"),
    "shape negative": ({"x": entry(shape=[-4])}, "x has the shape .-4"),
    "shape bool": ({"x": entry(shape=[True, 4])}, "x has the shape .True"),
    "shape text": ({"x": entry(shape=["4"])}, "x has the shape"),
    "shape huge": ({"x": entry(shape=[2**63])}, "x has the shape"),
    "shape of 65 axes": ({"x": entry(shape=[1] * 64 + [4])}, "at most 64"),
    "shape overflows": ({"x": entry(shape=[2**32, 2**32, 0], offsets=[0, 0])}, "too large for an array"),
    "shape too large": ({"x": entry("F64", [2**60], [0, 4])}, "too large|has 4 bytes"),
    "shape wrong": ({"x": entry(shape=[5])}, r"x has 4 bytes, but 5 in the shape \(5,\) and U8"),
    "offsets three": ({"x": entry(offsets=[0, 4, 4])}, "x has the data_offsets .*, expected two"),
    "offsets backwards": ({"x": entry(offsets=[4, 0])}, "the smaller one first"),
    "offsets negative": ({"x": entry(offsets=[-4, 0])}, "whole numbers from 0"),
    "offsets beyond": ({"x": entry(shape=[8], offsets=[0, 8])}, "the file is cut off: .* 8 bytes of data, and .* 4"),
    "gap in front": ({"x": entry(shape=[3], offsets=[1, 4])}, "x begins at byte 1 of the data and leaves a gap"),
    "overlap": ({"x": entry(), "y": entry(shape=[2], offsets=[2, 4])}, "y begins at byte 2 .* overlaps"),
    "same place": ({"x": entry(), "y": entry()}, "overlaps"),
    "more data": ({"x": entry(shape=[3], offsets=[0, 3])}, "the file has more: .* 3 bytes of data, and there are 4"),
    "none described": ({}, "the file has more"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_is_not_in_order(name: str, tmp_path: Path) -> None:
    header, said = HEADERS[name]
    path = tmp_path / "file"
    path.write_bytes(safetensors_file(header, bytes(4)))
    with pytest.raises(DamagedFileError, match=said) as caught:
        read_safetensors(path)
    assert re.match(rf"{path}: at byte \d+: .*; it may be cut off or changed", str(caught.value))


@pytest.mark.parametrize("length", [1, 3, 2**31, LONGEST + 1, 2**63, 2**64 - 1])
def test_a_length_that_is_not_that_of_the_header(length: int, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(safetensors_file({}, length=length))
    with pytest.raises(DamagedFileError, match="the header"):
        read_safetensors(path)


def test_files_that_are_too_short_for_anything(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for size in range(8):
        path.write_bytes(bytes(size))
        with pytest.raises(DamagedFileError, match=rf"byte {size}: the file ends, expected 8 bytes"):
            read_safetensors(path)


def test_a_header_is_refused_before_the_arrays_are_allocated() -> None:
    """A shape of many gigabytes needs no memory, if the file does not have so many bytes."""
    header = b'{"x":{"dtype":"F64","shape":[1000000000000],"data_offsets":[0,8000000000000]}}'
    with pytest.raises(DamagedFileError, match="cut off"):
        parse_header("file", header, 8)


def test_names_of_the_file_are_printed_safely(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(safetensors_file({"\x1b[2J": entry("F7")}, bytes(4)))
    with pytest.raises(DamagedFileError) as caught:
        read_safetensors(path)
    assert "\x1b" not in str(caught.value)
