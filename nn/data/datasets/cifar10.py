"""CIFAR-10: 60,000 colour images of ten classes, 32 × 32 pixels, in its binary version.

A file holds 10,000 records of 3073 bytes: the class number, and the red, the green and the blue pixels by rows.

Source: Alex Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009,
https://www.cs.toronto.edu/~kriz/cifar.html
"""

from __future__ import annotations

import os
import tarfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import minigrad as mg
from nn.data.datasets.download import cache_folder, fetch

__all__ = ["CIFAR10", "load_cifar10"]

MIRRORS = ("https://www.cs.toronto.edu/~kriz/",)
ARCHIVE, CHECKSUM = "cifar-10-binary.tar.gz", "md5:c32a1d4ab5d03f1284b67883e8d87530"
FOLDER = "cifar-10-batches-bin"  # in the archive
TRAIN, TEST = tuple(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"
SHAPE, RECORD, RECORDS = (3, 32, 32), 3073, 10_000
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
WAYS = (
    "Three ways to provide CIFAR-10: load_cifar10(folder) with the folder that holds data_batch_1.bin to "
    "data_batch_5.bin and test_batch.bin of the binary version; the environment variable MINIGRAD_DATA, with the files "
    "in its subfolder cifar10; or neither of these, and load_cifar10() downloads them once, which needs "
    'pip install "minigrad-autograd[data]".'
)


class CIFAR10(NamedTuple):
    """Images and labels of ten classes: 50,000 for training and 10,000 for testing."""

    train_images: NDArray[np.uint8]
    """(50000, 3, 32, 32): red, green and blue, from 0 to 255."""
    train_labels: NDArray[np.int64]
    """(50000,), from 0 to 9."""
    test_images: NDArray[np.uint8]
    """(10000, 3, 32, 32)."""
    test_labels: NDArray[np.int64]
    """(10000,)."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, airplane to truck."""
        return CLASSES


def load_cifar10(
    folder: str | os.PathLike[str] | None = None, *, download: bool = True, partial: bool = False
) -> CIFAR10:
    """CIFAR-10 from `folder`, else from ``$MINIGRAD_DATA/cifar10``, else from the user's cache.

    If files are missing in a folder that is named, that is an error; no other folder is searched.

    Arguments:
        folder: the folder with the six files of the binary version, itself or in a subfolder ``cifar-10-batches-bin``.
        download: whether to download the files if they are not in the cache (162 MB, once, with a checksum).
        partial: whether to take what is there of a set that is not complete: any of ``data_batch_*.bin`` and of
            ``test_batch*.bin``, at least one of each, with any number of images.

    Returns:
        Images as uint8 (N, 3, 32, 32) and labels as int64 (N,), for training and for testing.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if a file is damaged or another kind of file.
        ImportError: if a download is needed and pooch is not installed.
        OSError: if the download fails.

    >>> cifar = load_cifar10()  # doctest: +SKIP
    >>> cifar.train_images.shape, cifar.classes[cifar.train_labels[0]]  # doctest: +SKIP
    ((50000, 3, 32, 32), 'frog')
    """
    train, test = _find_files(folder, download, partial)
    return CIFAR10(*_read_files(train, partial), *_read_files(test, partial))


def _find_files(folder: str | os.PathLike[str] | None, download: bool, partial: bool) -> tuple[list[Path], list[Path]]:
    """The files for training and for testing."""
    if folder is not None:
        return _files_in(Path(folder).expanduser(), partial)
    if named := os.environ.get("MINIGRAD_DATA"):
        return _files_in(Path(named).expanduser() / "cifar10", partial)
    cache = cache_folder("cifar10", "CIFAR-10", WAYS, download)
    if download and not all((cache / FOLDER / file).is_file() for file in (*TRAIN, TEST)):
        try:
            _unpack(fetch(ARCHIVE, CHECKSUM, MIRRORS, cache), cache / FOLDER)
        except OSError as error:
            raise OSError(f"{error}\n{WAYS}") from error
    return _files_in(cache, partial)


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack the six files. Each gets its name when it is complete."""
    folder.mkdir(exist_ok=True)
    with tarfile.open(archive) as packed:
        for file in (*TRAIN, TEST):
            contents = packed.extractfile(f"{FOLDER}/{file}")
            if contents is None:
                raise OSError(f"{archive}: {FOLDER}/{file} is not a file")
            mg.files.write_file(folder / file, contents.read())


def _files_in(folder: Path, partial: bool) -> tuple[list[Path], list[Path]]:
    if (folder / FOLDER).is_dir():
        folder = folder / FOLDER
    hint = "" if folder.is_dir() else ", which is not a folder"
    train = [folder / file for file in TRAIN if (folder / file).is_file()]
    test = [folder / TEST] if (folder / TEST).is_file() else []
    if partial:
        test = test or sorted(folder.glob("test_batch*.bin"))
        if not train or not test:
            wanted = "data_batch_*.bin" if not train else "test_batch*.bin"
            raise FileNotFoundError(f"CIFAR-10: no file {wanted} in {folder}{hint}. {WAYS}")
        return train, test
    missing = [file for file in (*TRAIN, TEST) if not (folder / file).is_file()]
    if missing:
        if (folder / "data_batch_1").is_file():
            hint = "; the files there are those of the Python version, download the binary version"
        elif train and any(folder.glob("test_batch*.bin")):
            hint = "; load_cifar10(…, partial=True) takes what is there"
        raise FileNotFoundError(f"CIFAR-10: no file {' or '.join(missing)} in {folder}{hint}. {WAYS}")
    return train, test


def _read_files(paths: list[Path], partial: bool) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The images and labels in several files."""
    records = np.concatenate([_read_records(path, partial) for path in paths])
    return records[:, 1:].reshape(-1, *SHAPE), records[:, 0].astype(np.int64)


def _read_records(path: Path, partial: bool) -> NDArray[np.uint8]:
    """The records (N, 3073) of a file, after a check of its size and labels."""
    size = path.stat().st_size
    n, rest = divmod(size, RECORD)
    if rest or not n or not (partial or n == RECORDS):
        with path.open("rb") as file:
            start = file.read(16)
        expected = (
            f"{RECORD} for each image" if partial else f"{RECORDS * RECORD}, {RECORD} for each of {RECORDS:,} images"
        )
        raise ValueError(
            f"{path}: at byte {size}: the file ends after {size} bytes, expected {expected}; {_why(start)}"
        )
    records = np.fromfile(path, np.uint8).reshape(n, RECORD)
    wrong = np.flatnonzero(records[:, 0] > 9)
    if wrong.size:
        i = int(wrong[0])
        raise ValueError(
            f"{path}: at byte {i * RECORD}: label {i} is {records[i, 0]}, but the classes are 0 to 9; "
            "is this the right file?"
        )
    return records


def _why(start: bytes) -> str:
    if start.lstrip().startswith(b"<"):
        return "is this a web page that was saved instead?"
    if start.startswith(b"\x1f\x8b"):
        return "it is packed: unpack it with gzip or tar"
    if start.startswith(b"\x80"):
        return "this is a file of the Python version: download the binary version"
    return "it is truncated, or another kind of file: download or copy it again"
