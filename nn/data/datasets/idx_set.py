"""Data sets in four IDX files: images and labels, for training and for testing.

MNIST was published in this form, and others after it, with the same names of files.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets.download import cache_folder, fetch
from nn.data.datasets.idx import read_idx

__all__ = ["IdxSet"]

#: The labels with which training begins: they tell sets apart whose files have the same names.
FIRST_LABELS = {"MNIST": [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], "Fashion-MNIST": [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]}


@dataclass(frozen=True)
class IdxSet:
    """Where the files of a data set are, and how errors call it."""

    name: str
    folder: str
    """Of the files, in ``$MINIGRAD_DATA`` and in the cache."""
    mirrors: Sequence[str]
    files: Mapping[str, str]
    """Images and labels for training, then for testing, each with the checksum of its .gz."""
    kinds: str
    """What the classes are called, in the plural."""
    ways: str
    """How the data can be provided, for error messages."""
    directly: bool = False
    """Whether the files may be in ``$MINIGRAD_DATA`` itself."""

    def load(self, folder: str | os.PathLike[str] | None, download: bool) -> list[NDArray[Any]]:
        """Images (N, 28, 28) and labels (N,) for training, and those for testing."""
        train_images, train_labels, test_images, test_labels = self._find_files(folder, download)
        train, test = self._read_pair(train_images, train_labels), self._read_pair(test_images, test_labels)
        for name, first in FIRST_LABELS.items():
            if name != self.name and train[1][:10].tolist() == first:
                raise ValueError(
                    f"{train_labels}: its labels begin as those of {name} do, but {self.name} was asked for; the files "
                    "of both have the same names: keep them in folders of their own"
                )
        return [*train, *test]

    def _find_files(self, folder: str | os.PathLike[str] | None, download: bool) -> list[Path]:
        """The four files, in the order of `files`."""
        if folder is not None:
            return self._files_in(Path(folder).expanduser())
        if named := os.environ.get("MINIGRAD_DATA"):
            root = Path(named).expanduser()
            directly = self.directly and any(_spelling(root, file) for file in self.files)
            return self._files_in(root if directly else root / self.folder)
        cache = cache_folder(self.folder, self.name, self.ways, download)
        if not download:
            return self._files_in(cache)
        try:
            return [fetch(f"{file}.gz", checksum, self.mirrors, cache) for file, checksum in self.files.items()]
        except OSError as error:
            raise OSError(f"{error}\n{self.ways}") from error

    def _files_in(self, folder: Path) -> list[Path]:
        found = [_spelling(folder, file) for file in self.files]
        missing = [file for file, path in zip(self.files, found, strict=True) if path is None]
        if missing:
            hint = "" if folder.is_dir() else ", which is not a folder"
            raise FileNotFoundError(
                f"{self.name}: no file {' or '.join(missing)} (plain or .gz) in {folder}{hint}. {self.ways}"
            )
        return [path for path in found if path is not None]

    def _read_pair(self, images_path: Path, labels_path: Path) -> tuple[NDArray[Any], NDArray[Any]]:
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
            raise ValueError(
                f"{labels_path}: label {i} is {labels[i]}, but the {self.kinds} are 0 to 9; is this the right file?"
            )
        return images, labels


def _spelling(folder: Path, file: str) -> Path | None:
    """The file under the name it has here: some copies write ``train-images.idx3-ubyte``."""
    names = (name + suffix for suffix in ("", ".gz") for name in (file, file.replace("-idx", ".idx")))
    return next((folder / name for name in names if (folder / name).is_file()), None)
