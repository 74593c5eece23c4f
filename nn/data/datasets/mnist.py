"""The MNIST database: 70,000 handwritten digits.

Source: Yann LeCun, Corinna Cortes, Christopher J. C. Burges: The MNIST database of handwritten digits,
http://yann.lecun.com/exdb/mnist/
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets.download import cache_folder, fetch
from nn.data.datasets.idx import read_idx

__all__ = ["MNIST", "load_mnist"]

MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
FILES = {  # in the order of the fields of MNIST, each with the sha256 of its .gz
    "train-images-idx3-ubyte": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
WAYS = (
    "Three ways to provide MNIST: load_mnist(folder) with the folder that holds its four IDX files, plain or .gz; "
    "the environment variable MINIGRAD_DATA, with the files there or in its subfolder mnist; "
    "or neither of these, and load_mnist() downloads them once, which needs "
    'pip install "minigrad-autograd[data]".'
)


class MNIST(NamedTuple):
    """Images and labels of digits: 60,000 for training and 10,000 for testing."""

    train_images: NDArray[np.uint8]
    """(60000, 28, 28), from 0 (paper) to 255 (ink)."""
    train_labels: NDArray[np.int64]
    """(60000,), from 0 to 9."""
    test_images: NDArray[np.uint8]
    """(10000, 28, 28)."""
    test_labels: NDArray[np.int64]
    """(10000,)."""


def load_mnist(folder: str | os.PathLike[str] | None = None, *, download: bool = True) -> MNIST:
    """The MNIST database from `folder`, else from ``$MINIGRAD_DATA``, else from the user's cache.

    If files are missing in a folder that is named, that is an error; no other folder is searched.

    Arguments:
        folder: the folder with the four files, plain or gzipped: ``train-images-idx3-ubyte.gz``,
            ``train-labels-idx1-ubyte.gz``, ``t10k-images-idx3-ubyte.gz``, ``t10k-labels-idx1-ubyte.gz``. If not given,
            ``$MINIGRAD_DATA`` or ``$MINIGRAD_DATA/mnist``, if that environment variable is set.
        download: whether to download files that are not in the cache (12 MB, once, with checksums).

    Returns:
        Images as uint8 (N, 28, 28) and labels as int64 (N,), for training and for testing.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if a file is damaged, or images and labels do not match.
        ImportError: if a download is needed and pooch is not installed.
        OSError: if the download fails.

    >>> digits = load_mnist()  # doctest: +SKIP
    >>> digits.train_images.shape, digits.train_labels[:5]  # doctest: +SKIP
    ((60000, 28, 28), array([5, 0, 4, 1, 9]))
    """
    train_images, train_labels, test_images, test_labels = _find_files(folder, download)
    return MNIST(*_read_pair(train_images, train_labels), *_read_pair(test_images, test_labels))


def _find_files(folder: str | os.PathLike[str] | None, download: bool) -> list[Path]:
    """The four files, in the order of FILES."""
    if folder is not None:
        return _files_in(Path(folder).expanduser())
    if named := os.environ.get("MINIGRAD_DATA"):
        root = Path(named).expanduser()
        return _files_in(root if any(_spelling(root, file) for file in FILES) else root / "mnist")
    try:
        cache = cache_folder("mnist")
    except ImportError as error:
        if not download:
            raise FileNotFoundError(f"MNIST: no folder was named and download=False. {WAYS}") from error
        raise ImportError(f"{error}. {WAYS}") from error
    if not download:
        return _files_in(cache)
    try:
        return [fetch(f"{file}.gz", sha256, MIRRORS, cache) for file, sha256 in FILES.items()]
    except OSError as error:
        raise OSError(f"{error}\n{WAYS}") from error


def _files_in(folder: Path) -> list[Path]:
    found = [_spelling(folder, file) for file in FILES]
    missing = [file for file, path in zip(FILES, found, strict=True) if path is None]
    if missing:
        hint = "" if folder.is_dir() else ", which is not a folder"
        raise FileNotFoundError(f"MNIST: no file {' or '.join(missing)} (plain or .gz) in {folder}{hint}. {WAYS}")
    return [path for path in found if path is not None]


def _spelling(folder: Path, file: str) -> Path | None:
    """The file under the name it has here: some copies write ``train-images.idx3-ubyte``."""
    names = (name + suffix for suffix in ("", ".gz") for name in (file, file.replace("-idx", ".idx")))
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _read_pair(images_path: Path, labels_path: Path) -> tuple[NDArray[Any], NDArray[Any]]:
    """Images and their labels, after a check that they match."""
    images = read_idx(images_path, shape=(None, 28, 28), dtype=np.uint8)
    # int64, because arithmetic on uint8 labels (10 * label) would silently wrap at 256
    labels = read_idx(labels_path, shape=(None,), dtype=np.uint8).astype(np.int64)
    if len(images) != len(labels):
        raise ValueError(
            f"{images_path} has {len(images)} images, but {labels_path} has {len(labels)} labels; "
            "take both from the same set: train with train, t10k with t10k"
        )
    if labels.max(initial=0) > 9:
        i = int(np.argmax(labels > 9))
        raise ValueError(f"{labels_path}: label {i} is {labels[i]}, but the digits are 0 to 9; is this the right file?")
    return images, labels
