"""CSV files of a label and pixels, or other numbers, in each line.

They are published in this form on Kaggle, for instance, as in the competition Digit Recognizer::

    label,pixel0,pixel1,pixel2,...
    1,0,0,188,...
"""

from __future__ import annotations

import csv
import gzip
import math
import os
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO

import numpy as np
from numpy.typing import NDArray

from nn.unsupported import explains_calls

__all__ = ["CSVTable", "read_csv"]

LINES = 1000  # that are parsed at a time: an error is looked for in these

#: Names that a column of labels often has: without the right one, labels would be taken for pixels.
NAMES_OF_LABELS = {"label", "labels", "class", "classes", "target", "y", "category", "digit", "species"}


class CSVTable(NamedTuple):
    """Samples and labels from a CSV file: ``x, y = read_csv("train.csv")``."""

    x: NDArray[Any]
    """``(N, columns)``, or ``(N, *shape)``: uint8 if all are whole numbers from 0 to 255, else float32."""
    y: NDArray[np.int64] | None
    """(N,), or ``None`` if the file has no labels."""


@explains_calls
def read_csv(
    path: str | os.PathLike[str], *, label: str | int | None = "label", shape: tuple[int, ...] | None = None
) -> CSVTable:
    """Samples and labels from a CSV file, plain or gzipped: numbers, separated by commas, one sample in a line.

    Arguments:
        path: the file, in UTF-8. Its first line names the columns, if it is not of numbers.
        label: the name of the column of class numbers, or its position from 0, or −1 for the last; ``None`` if there is
            none. A file without a column ``label`` has no labels, as Kaggle's test.csv.
        shape: of each sample, for instance (1, 28, 28); if not given, samples are rows.

    Returns:
        x and y.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not such a file; the message names line and column.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "train.csv"
    ...     _ = path.write_text("label,pixel0,pixel1\\n7,0,255\\n2,128,0\\n")
    ...     read_csv(path)
    CSVTable(x=array([[  0, 255],
           [128,   0]], dtype=uint8), y=array([7, 2]))
    """
    path = Path(path)
    with _opened(path) as lines:
        header = _header(path, lines)
    at = _label_column(path, header, label)
    table = _numbers(path, header, at)
    y = None if at is None else table[:, at].astype(np.int64)
    x = table if at is None else np.delete(table, at, axis=1)
    return CSVTable(_shaped(path, _compact(x), shape), y)


class _Header(NamedTuple):
    """The first line of a file."""

    names: list[str]
    """The names of columns, or the first numbers, if they have no names."""
    named: bool

    def column(self, i: int) -> str:
        """A column, for messages, counted from 1."""
        return f"column {i + 1}" + f" ({self.names[i]!r})" * self.named


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The text of the file. Browsers may unpack a .gz and keep its name, so the first bytes decide."""
    try:
        raw = path.open("rb")
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{path}: there is no such file; relative paths start at {Path.cwd()}") from error
    with raw:
        start = raw.peek(512)[:512].lstrip()
        if start.startswith(b"PK\x03\x04"):
            raise ValueError(f"{path}: at byte 0: this is a zip archive or a workbook; unpack it, or save it as CSV")
        if start.startswith(b"<"):
            raise ValueError(
                f"{path}: at byte 0: begins with {start[:15]!r}; is this a web page that was saved instead?"
            )
        packed = start.startswith(b"\x1f\x8b")
        with TextIOWrapper(gzip.open(raw) if packed else raw, encoding="utf-8-sig", newline="") as text:
            try:
                yield text
            except UnicodeDecodeError as error:
                raise ValueError(f"{path}: is not text in UTF-8 ({error}); save it as CSV in UTF-8") from error
            except (gzip.BadGzipFile, zlib.error, EOFError) as error:
                raise ValueError(
                    f"{path}: the gzip data are damaged or truncated ({error}); download or copy the file again"
                ) from error


def _header(path: Path, lines: TextIO) -> _Header:
    names = [name.strip() for name in next(csv.reader(lines), [])]
    if not names:
        raise ValueError(f"{path}: line 1 is empty, expected the names of columns, as label,pixel0,pixel1")
    for mark in ";\t":
        if len(names) == 1 and mark in names[0]:
            raise ValueError(f"{path}: line 1: the columns are separated by {mark!r}, expected commas")
    return _Header(names, not all(_number(name) is not None for name in names))


def _label_column(path: Path, header: _Header, label: Any) -> int | None:
    """The position of the labels."""
    names = header.names
    if label is None:
        return None
    if isinstance(label, int | np.integer) and not isinstance(label, bool):
        if not -len(names) <= label < len(names):
            raise ValueError(f"{path}: label is {label}, but there are {len(names)} columns, counted from 0")
        return int(label) % len(names)
    if not header.named:
        raise ValueError(
            f"{path}: line 1 has numbers, expected the names of columns; write label=0 if the labels are in the first "
            "column, label=-1 for the last, label=None without labels"
        )
    if names.count(label) > 1:
        raise ValueError(f"{path}: line 1: {names.count(label)} columns are called {label!r}; give a position: label=0")
    if label in names:
        return names.index(label)
    like = [name for name in names if name.lower() in NAMES_OF_LABELS]
    if label != "label" or like:
        shown = ", ".join(names[:5]) + ", …" * (len(names) > 5)
        mend = f"; write label={like[0]!r}, or label=None without labels" if like else "; label=None is for no labels"
        raise ValueError(f"{path}: line 1: no column is called {label!r}, there are {shown}{mend}")
    return None


def _numbers(path: Path, header: _Header, at: int | None) -> NDArray[Any]:
    """All numbers of the file, of which those of the labels are whole."""
    parts: list[NDArray[Any]] = []
    dtype: type = np.uint8  # parsed faster than floats, in an eighth of the memory
    line = 1
    with _opened(path) as text:
        if header.named:
            text.readline()
            line = 2
        while chunk := list(islice(text, LINES)):
            part = _parsed(chunk, dtype)
            if part is None and dtype is np.uint8:
                dtype = np.float64
                part = _parsed(chunk, dtype)
            if part is None or not _is_right(part, header, at):
                _refuse(path, header, at, chunk, line)
            elif part.size:
                parts.append(part)
            line += len(chunk)
    if not parts:
        raise ValueError(f"{path}: line {line}: the file ends, without a line of numbers")
    return np.concatenate(parts)


def _parsed(lines: list[str], dtype: type) -> NDArray[Any] | None:
    """The numbers in these lines, if they are numbers of this type."""
    if not any(line.strip() for line in lines):
        return np.empty((0, 0), dtype)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # 0.5 as a whole number
            return np.loadtxt(lines, dtype, comments=None, delimiter=",", quotechar='"', ndmin=2)
    except (ValueError, Warning):
        return None


def _is_right(part: NDArray[Any], header: _Header, at: int | None) -> bool:
    """Whether there are as many columns as in the first line, finite numbers, and whole labels."""
    if not part.size or part.dtype == np.uint8:
        return not part.size or part.shape[1] == len(header.names)
    if part.shape[1] != len(header.names) or not np.isfinite(part).all():
        return False
    return at is None or bool((part[:, at] == np.round(part[:, at])).all())


def _refuse(path: Path, header: _Header, at: int | None, lines: list[str], first: int) -> NoReturn:
    """Raise an error for the first of these lines that is wrong."""
    n = len(header.names)
    for row, line in zip(csv.reader(lines), count(first), strict=False):
        where = f"{path}: line {line}"
        if row and len(row) != n:
            mend = "; was the file cut off?" * (len(row) < n and not lines[-1].endswith(("\n", "\r")))
            raise ValueError(
                f"{where}: has {len(row)} columns, but line 1 {'names' if header.named else 'has'} {n}{mend}"
            )
        for i, value in enumerate(row):
            number = _number(value)
            if number is None or not math.isfinite(number):
                shown = repr(value if len(value) < 40 else value[:40] + "…") if value.strip() else "nothing"
                mend = "; np.unique(names, return_inverse=True) gives names and numbers" * (i == at and number is None)
                raise ValueError(f"{where}, {header.column(i)}: {shown}, expected a number{mend}")
            if i == at and number != int(number):
                raise ValueError(
                    f"{where}, {header.column(i)}: the label is {value}, expected a whole number; with label=None the "
                    "column is one of the others"
                )
    raise ValueError(f"{path}: lines {first} to {first + len(lines) - 1} are not a table of numbers")


def _number(value: str) -> float | None:
    """A number as NumPy reads it, or None."""
    try:
        return None if "_" in value else float(value)
    except ValueError:
        return None


def _compact(x: NDArray[Any]) -> NDArray[Any]:
    """As uint8 if nothing is lost, else as float32."""
    if x.dtype == np.uint8:
        return x
    if x.size and x.min() >= 0 and x.max() <= 255 and (x == np.round(x)).all():
        return x.astype(np.uint8)
    return x.astype(np.float32)


def _shaped(path: Path, x: NDArray[Any], shape: tuple[int, ...] | None) -> NDArray[Any]:
    if shape is None:
        return x
    if math.prod(shape) != x.shape[1]:
        raise ValueError(
            f"{path}: each line has {x.shape[1]} numbers without the label, but shape {tuple(shape)} takes "
            f"{math.prod(shape)}"
        )
    return x.reshape(-1, *shape)
