"""Images in folders, one folder for each class."""

from __future__ import annotations

import operator
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import SupportsIndex

import numpy as np
from numpy.typing import NDArray

from nn.data.dataset import Dataset
from nn.data.images.check import why_broken
from nn.data.images.files import pillow
from nn.data.images.scan import Found, scan
from nn.data.preprocessing import Preprocessing
from nn.unsupported import Explained

__all__ = ["ImageFolder"]

SHOWN = 10  # files or classes that a message lists
KEPT_BYTES = 1 << 30
PARTS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}


class ImageFolder(Dataset, Explained):
    """A data set of the images in a folder, which has a subfolder for each class::

        photos/cat/1.jpg
        photos/cat/garden/2.JPG
        photos/dog/1.png

    The classes are the names of the subfolders in sorted order, of which the first has number 0. Images may be of any
    size and kind; a `Preprocessing` makes them alike, and is kept for predictions. Images deeper in a subfolder belong
    to its class, symbolic links are followed, and hidden files and folders are left out. Files that do not have the
    name of an image are left out, with a warning.

    Every file is looked at when the data set is made: broken ones are an error that names them all. Pixels are read
    when a sample is, and then kept in memory, resized, as C · H · W bytes each, as long as all images together take at
    most 1 GiB: so only the first epoch reads files.

    Arguments:
        folder: the folder.
        size: (height, width) of the samples, or one number for both.
        mode, resize, mean, std: of the `Preprocessing`.
        classes: the names of the classes in the order of their numbers, if not all and in sorted order. For validation
            data pass those of the training data: then a class that has no images here does not change the numbers of
            the others.
        broken: "error", or "warn": all pixels are read at once, and broken files are left out with a warning that names
            them.

    Attributes:
        paths: of the images, in the order of the samples: sorted by class, then by path.
        labels: the class number of each image, int64 (N,).
        classes: the names of the classes, in the order of their numbers.
        preprocessing: what makes an array of a file; `nn.fit` passes it on to the model, for predictions.

    Raises:
        ImportError: if Pillow is not installed.
        FileNotFoundError: if there is no such folder.
        ValueError: if there are no images, a class has none, a file is broken, or the folder is not one of classes.

    >>> photos = ImageFolder("photos", size=(64, 64))  # doctest: +SKIP
    >>> photos  # doctest: +SKIP
    <ImageFolder photos: 120 images (3, 64, 64) in 2 classes: cat (40), dog (80)>
    >>> x, y = photos[0]  # doctest: +SKIP
    >>> x.shape, x.dtype, photos.classes[y]  # doctest: +SKIP
    ((3, 64, 64), dtype('float32'), 'cat')
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        size: int | tuple[int, int],
        mode: str = "RGB",
        *,
        resize: str = "crop",
        mean: float | Sequence[float] | None = None,
        std: float | Sequence[float] | None = None,
        classes: Sequence[str] | None = None,
        broken: str = "error",
    ) -> None:
        pillow("ImageFolder")
        self.folder = Path(folder).expanduser()
        self.preprocessing: Preprocessing = Preprocessing(size, mode, resize, mean, std)  # type: ignore[arg-type]  # it converts them
        if broken not in ("error", "warn"):
            raise ValueError(f"ImageFolder: broken is {broken!r}, expected 'error' or 'warn'")
        if not self.folder.is_dir():
            hint = (
                "is not a folder" if self.folder.exists() else f"does not exist; relative paths start at {Path.cwd()}"
            )
            raise FileNotFoundError(f"ImageFolder: {self.folder} {hint}")
        found = scan(self.folder)
        _check_layout(self.folder, found)
        self.classes = names = _classes(self.folder, found, classes)
        self._leave_out(found, names, broken)
        images = [(path, number) for number, name in enumerate(names) for path in found.images.get(name, [])]
        self.paths: tuple[Path, ...] = tuple(path for path, _ in images)
        self.labels: NDArray[np.int64] = np.array([number for _, number in images], dtype=np.int64)
        _check_counts(self.folder, found, names, given=classes is not None)
        bytes_of_all = len(images) * int(np.prod(self.preprocessing.shape))
        self._kept: dict[int, NDArray[np.uint8]] | None = {} if bytes_of_all <= KEPT_BYTES else None

    def __len__(self) -> int:
        """The number of images."""
        return len(self.paths)

    def __getitem__(self, i: SupportsIndex) -> tuple[NDArray[np.float32], np.int64]:
        """Image (C, H, W) and class number of a sample.

        Raises:
            IndexError: if there is no such sample.
            ValueError: if the file cannot be read any more; the message names it.
        """
        number = range(len(self))[operator.index(i)]
        pixels = None if self._kept is None else self._kept.get(number)
        if pixels is None:
            pixels = self.preprocessing.pixels(self.paths[number])
            if self._kept is not None:
                self._kept[number] = pixels
        return self.preprocessing.scaled(pixels), self.labels[number]

    def __repr__(self) -> str:
        names = self.classes or ()
        counts = np.bincount(self.labels, minlength=len(names))
        shown = [f"{name} ({n:,})" for name, n in zip(names, counts, strict=True)]
        listed = ", ".join(shown[:SHOWN]) + ", …" * (len(shown) > SHOWN)
        classes = f"{len(shown)} class{'es' * (len(shown) != 1)}"
        return f"<ImageFolder {self.folder}: {len(self):,} images {self.preprocessing.shape} in {classes}: {listed}>"

    def _leave_out(self, found: Found, classes: tuple[str, ...], broken: str) -> None:
        """Look at every file, and name those that are broken or are not images."""
        relative = [path.relative_to(self.folder).as_posix() for path in found.others + found.beside]
        if relative:
            self._warn(f"{_files(relative)} not named as images in the folder of a class, and left out:", relative)
        problems: dict[Path, str] = {}
        for name in classes:
            for path in found.images.get(name, []):
                problem = why_broken(path, whole=broken == "warn")
                if problem is not None:
                    problems[path] = problem
        if not problems:
            return
        listed = [f"{path.relative_to(self.folder).as_posix()} {problem}" for path, problem in problems.items()]
        if broken == "warn":
            self._warn(f"{_files(listed)} broken, and left out:", listed)
            for name, paths in found.images.items():
                found.images[name] = [path for path in paths if path not in problems]
        else:
            raise ValueError(
                f"ImageFolder: in {self.folder} {_files(listed)} broken; mend or delete what is listed, or leave it "
                f'out with broken="warn":{_lines(listed)}'
            )

    def _warn(self, what: str, listed: list[str]) -> None:
        warnings.warn(f"ImageFolder: in {self.folder} {what}{_lines(listed)}", UserWarning, stacklevel=5)


def _files(listed: list[str]) -> str:
    return f"{len(listed)} file{'s are' if len(listed) > 1 else ' is'}"


def _lines(listed: list[str]) -> str:
    more = [f"… and {len(listed) - SHOWN} more"] if len(listed) > SHOWN else []
    return "".join(f"\n  {line}" for line in listed[:SHOWN] + more)


def _check_layout(folder: Path, found: Found) -> None:
    """Errors for folders that are not folders of classes."""
    names = [name for name, paths in found.images.items() if paths]
    if not names:
        mend = f"expected a folder for each class, as {folder / 'cat' / '1.jpg'}"
        if found.beside:
            raise ValueError(f"ImageFolder: the {len(found.beside)} images are in {folder} itself; {mend}")
        raise ValueError(f"ImageFolder: no images below {folder}; {mend}")
    if {name.lower() for name in names} <= PARTS:
        raise ValueError(
            f"ImageFolder: the folders in {folder} are {', '.join(names)}, which are parts of the data and not "
            f"classes; read each by itself: ImageFolder({str(folder / names[0])!r}, …)"
        )
    only = folder / names[0]
    if len(names) == 1 and not any(path.parent == only for path in found.images[names[0]]):
        inner = sorted({path.relative_to(only).parts[0] for path in found.images[names[0]]})
        if len(inner) > 1:
            raise ValueError(
                f"ImageFolder: all images are in the folders {', '.join(inner[:SHOWN])} of {only}, and would be one "
                f"class, {names[0]!r}; write ImageFolder({str(only)!r}, …)"
            )


def _classes(folder: Path, found: Found, classes: Sequence[str] | None) -> tuple[str, ...]:
    """The names of the classes, in the order of their numbers."""
    if classes is None:
        return tuple(found.images)
    given = tuple(classes)
    if isinstance(classes, str) or not all(isinstance(name, str) for name in given) or len(set(given)) < len(given):
        raise ValueError(f"ImageFolder: classes is {classes!r}, expected the names of folders, each once")
    unknown = [name for name, paths in found.images.items() if name not in given and paths]
    if unknown:
        raise ValueError(
            f"ImageFolder: {folder} has the folders {', '.join(unknown[:SHOWN])}, which are not among the classes "
            f"{', '.join(given[:SHOWN])}"
        )
    return given


def _check_counts(folder: Path, found: Found, classes: tuple[str, ...], *, given: bool) -> None:
    empty = [name for name in classes if not found.images.get(name)]
    if len(empty) == len(classes):
        raise ValueError(f"ImageFolder: no image is left below {folder}")
    if empty and not given:
        raise ValueError(
            f"ImageFolder: no images in {', '.join(empty[:SHOWN])} of {folder}; delete a folder that is not a class, "
            "or name the classes: classes=[…]"
        )
