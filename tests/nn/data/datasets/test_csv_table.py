"""read_csv: labels and pixels in lines, and what is wrong with a file."""

from __future__ import annotations

import gzip
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import CSVTable, read_csv
from nn.data.datasets import csv_table

KAGGLE = "label,pixel0,pixel1,pixel2,pixel3\n7,0,255,3,4\n2,128,0,1,9\n"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def write_and_read(text: str | bytes, **options: Any) -> CSVTable:
        path = tmp_path / "train.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_csv(path, **options)

    return write_and_read


def test_the_training_file_of_kaggle(read: Any) -> None:
    x, y = read(KAGGLE, shape=(1, 2, 2))
    assert x.dtype == np.uint8
    assert x.tolist() == [[[[0, 255], [3, 4]]], [[[128, 0], [1, 9]]]]
    assert y.dtype == np.int64
    assert y.tolist() == [7, 2]


def test_the_test_file_of_kaggle_has_no_labels(read: Any) -> None:
    x, y = read("pixel0,pixel1\n0,255\n128,0\n")
    assert x.tolist() == [[0, 255], [128, 0]]
    assert y is None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a,label,b\n1,7,2\n3,8,4\n", {}),
        ("a,b,class\n1,2,7\n3,4,8\n", {"label": "class"}),
        ("a,b,class\n1,2,7\n3,4,8\n", {"label": -1}),
        ("7,1,2\n8,3,4", {"label": 0}),
        ("1,2,7\n3,4,8\n", {"label": 2}),
    ],
)
def test_where_the_labels_are(read: Any, text: str, options: dict[str, Any]) -> None:
    x, y = read(text, **options)
    assert x.tolist() == [[1, 2], [3, 4]]
    assert y.tolist() == [7, 8]


def test_no_labels(read: Any) -> None:
    x, y = read("1,2\n3,4\n", label=None)
    assert x.tolist() == [[1, 2], [3, 4]]
    assert y is None
    assert read(KAGGLE, label=None).x.shape == (2, 5)


@pytest.mark.parametrize(
    "text",
    [
        KAGGLE.replace("\n", "\r\n"),
        "\ufeff" + KAGGLE,
        KAGGLE.rstrip("\n"),
        KAGGLE.replace("\n7", "\n\n7") + "\n\n",
        KAGGLE.replace("label", '"label"').replace("7,", '"7",'),
        KAGGLE.replace(",", ", "),
        gzip.compress(KAGGLE.encode()),
    ],
    ids=["windows", "byte order mark", "no end of line", "blank lines", "quotes", "spaces", "gzip"],
)
def test_spellings(read: Any, text: str | bytes) -> None:
    x, y = read(text)
    assert y.tolist() == [7, 2]
    assert x.tolist() == [[0, 255, 3, 4], [128, 0, 1, 9]]


def test_the_type_is_that_of_the_pixels(read: Any) -> None:
    assert read("label,a\n1,0.0\n1,255.0\n").x.dtype == np.uint8
    assert read("label,a\n1000,1\n-1,2\n").x.dtype == np.uint8
    assert read("label,a\n1000,1\n-1,2\n").y.tolist() == [1000, -1]
    for value in ("0.5", "256", "-1", "1e-3"):
        x, y = read(f"label,a\n1,3\n2,{value}\n")
        assert x.dtype == np.float32
        assert x.ravel().tolist() == [3, np.float32(value)]
        assert y.tolist() == [1, 2]


@given(st.lists(st.lists(st.integers(-2, 300), min_size=3, max_size=3), min_size=1, max_size=12), st.integers(1, 5))
def test_parts_of_a_file_are_read_as_the_whole(tmp_path_factory: Any, rows: list[list[int]], lines: int) -> None:
    path = tmp_path_factory.mktemp("parts") / "x.csv"
    path.write_text("a,label,b\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_table, "LINES", lines)
        x, y = read_csv(path)
    assert y is not None
    assert np.insert(x.astype(int), 1, y, axis=1).tolist() == rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (KAGGLE.replace("128", "x"), r"train.csv: line 3, column 2 \('pixel0'\): 'x', expected a number"),
        (KAGGLE.replace("128", ""), r"line 3, column 2 \('pixel0'\): nothing, expected a number"),
        (KAGGLE.replace("128", "nan"), r"line 3, column 2 \('pixel0'\): 'nan', expected a number"),
        (KAGGLE.replace("128", "inf"), "line 3, column 2 .*'inf'"),
        (KAGGLE.replace("128", "1_0"), "line 3, column 2 .*'1_0'"),
        (KAGGLE.replace("\n2", "\ncat"), r"line 3, column 1 \('label'\): 'cat', .*return_inverse=True"),
        (KAGGLE.replace("\n2", "\n2.5"), "line 3, column 1 .*the label is 2.5, expected a whole number"),
        (KAGGLE.replace("\n2", "\nnan"), "line 3, column 1 .*'nan', expected a number"),
        (KAGGLE + "1,2,3,4\n", "line 4: has 4 columns, but line 1 names 5$"),
        (KAGGLE + "1,2,3", "line 4: has 3 columns, but line 1 names 5; was the file cut off?"),
        (KAGGLE + "\n\n1,2,3,4,5,6\n", "line 6: has 6 columns, but line 1 names 5$"),
        (KAGGLE + "1,0.5,3,4,5\n1,2,3,4\n", "line 5: has 4 columns"),
        ("label,a\n1,2,3\n4,5,6\n", "line 2: has 3 columns, but line 1 names 2"),
        ("", "line 1 is empty, expected the names of columns"),
        ("label,pixel0\n", "line 2: the file ends, without a line of numbers"),
        ("label,pixel0\n\n\n", "the file ends, without a line of numbers"),
        ("1,2\n3,4\n", "line 1 has numbers, expected the names of columns; write label=0"),
        ("label;pixel0\n1;2\n", "line 1: the columns are separated by ';', expected commas"),
        ("label\tpixel0\n1\t2\n", r"separated by '\\t', expected commas"),
        ("class,pixel0\n1,2\n", "no column is called 'label', there are class, pixel0; write label='class'"),
        ("Label,pixel0\n1,2\n", "write label='Label'"),
        ("label,label\n1,2\n", "line 1: 2 columns are called 'label'"),
        ("<!DOCTYPE html><html>", "at byte 0: begins with b'<!DOCTYPE html>'; is this a web page"),
        (b"PK\x03\x04 train.csv", "at byte 0: this is a zip archive"),
        (KAGGLE.encode("utf-16"), "UTF-8"),
        (b"label,a\n1,\xff\n", "is not text in UTF-8"),
        (gzip.compress(KAGGLE.encode() * 99, mtime=0)[:-20], "gzip data are damaged or truncated"),
        (KAGGLE.replace("128", "\0"), "line 3"),
    ],
)
def test_errors(read: Any, text: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        read(text)
    assert "train.csv" in str(error.value)


@pytest.mark.parametrize("lines", [1, 2, 1000])
def test_an_error_in_a_later_part_has_its_line(read: Any, monkeypatch: pytest.MonkeyPatch, lines: int) -> None:
    monkeypatch.setattr(import_module("nn.data.datasets.csv_table"), "LINES", lines)
    with pytest.raises(ValueError, match=r"line 8, column 5 \('pixel3'\): 'z'"):
        read(KAGGLE + "1,2,3,4,5\n\n1,2,3,4,5\n1,0.5,3,4,5\n1,2,3,4,z\n1,2,3,4,5\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"label": "digit"},
            "no column is called 'digit', there are label, pixel0, .*; write label=",
        ),
        ({"label": 5}, "label is 5, but there are 5 columns, counted from 0"),
        ({"shape": (1, 28, 28)}, r"each line has 4 numbers without the label, but shape \(1, 28, 28\) takes 784"),
    ],
)
def test_options_that_do_not_fit(read: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(KAGGLE, **options)


def test_a_missing_file() -> None:
    with pytest.raises(FileNotFoundError, match=f"no.csv: there is no such file; relative paths start at {Path.cwd()}"):
        read_csv("no.csv")


def test_a_larger_file_is_what_numpy_wrote(tmp_path: Path) -> None:
    table = np.random.default_rng(0).integers(0, 256, (2500, 65))
    path = tmp_path / "x.csv"
    np.savetxt(path, table, "%d", ",", header=",".join(["label", *(f"pixel{i}" for i in range(64))]), comments="")
    x, y = read_csv(path)
    assert (x == table[:, 1:]).all()
    assert (y == table[:, 0]).all()
