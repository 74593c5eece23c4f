"""The image files in a folder of classes, in an order that does not depend on the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nn.data.images.files import EXTENSIONS

__all__ = ["Found", "scan"]

#: Files that Windows and macOS put into folders of images.
OF_THE_SYSTEM = {"thumbs.db", "desktop.ini", "icon\r", "__macosx"}


@dataclass
class Found:
    """The files below a folder."""

    images: dict[str, list[Path]] = field(default_factory=dict)
    """By the name of the class, in sorted order; a class may have none."""
    beside: list[Path] = field(default_factory=list)
    """Images that are in the folder itself, and so in no class."""
    others: list[Path] = field(default_factory=list)
    """Files that do not have the name of an image."""


def scan(folder: Path) -> Found:
    """All files: those in a subfolder and below it belong to the class of its name.

    Hidden files and folders, whose names begin with a dot, and those of the operating system are left out. Symbolic
    links are followed, but not into a folder that the link itself is in.
    """
    found = Found()
    for entry in _entries(folder):
        if entry.is_dir():
            files = list(_files(entry, {entry.resolve()}))
            found.images[entry.name] = sorted((file for file in files if is_image(file)), key=Path.as_posix)
            found.others += [file for file in files if not is_image(file)]
        elif is_image(entry):
            found.beside.append(entry)
        else:
            found.others.append(entry)
    return found


def is_image(path: Path) -> bool:
    """Whether a file has the name of an image."""
    return path.suffix.lower() in EXTENSIONS


def _entries(folder: Path) -> list[Path]:
    """What is in a folder, sorted by name."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    return [folder / name for name in names if not name.startswith(".") and name.lower() not in OF_THE_SYSTEM]


def _files(folder: Path, above: set[Path]) -> Iterator[Path]:
    """The files in a folder and below. `above` are the folders it is in, by their real paths, and itself."""
    for entry in _entries(folder):
        if not entry.is_dir():
            yield entry
        elif (real := entry.resolve()) not in above:
            yield from _files(entry, above | {real})
