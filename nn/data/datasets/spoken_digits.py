"""Spoken digits: 1,500 recordings, of three people who say each of the ten digits fifty times.

They are those of George, Jackson and Lucas from the Free Spoken Digit Dataset: 8,000 samples a second of 16 bits,
in files with names like ``7_jackson_32.wav``: the digit, who says it, and which of the fifty takes it is.

Source: Zohar Jackson and others: Free Spoken Digit Dataset, version 1.0.10, CC BY-SA 4.0,
https://github.com/Jakobovski/free-spoken-digit-dataset
"""

from __future__ import annotations

import hashlib
import os
import wave
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets.download import cache_folder, fetch

__all__ = ["SpokenDigits", "load_spoken_digits"]

RATE = 8000
TEST_TAKES = 5  # of the fifty: the first ones test, as the data set's authors ask
FILES = tuple(
    f"{digit}_{speaker}_{take}.wav"
    for speaker in ("george", "jackson", "lucas")
    for digit in range(10)
    for take in range(50)
)
MIRRORS = ("https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/",)
ARCHIVE, IN_ARCHIVE = "v1.0.10.zip", "free-spoken-digit-dataset-1.0.10/recordings/"
# Of the recordings themselves, one after the other: the archive is packed anew whenever its server sees fit.
SHA256 = "8d5657aea35dda46fdf4d519dd5974f250dbafb0e3ad91ba3bc662d1da4f8f73"
WAYS = (
    "Three ways to provide the spoken digits: load_spoken_digits(folder) with the folder that holds the recordings, "
    "0_george_0.wav and so on; the environment variable MINIGRAD_DATA, with the recordings in its subfolder "
    "fsdd/recordings; or neither of these, and load_spoken_digits() downloads them once, which needs "
    'pip install "minigrad-autograd[data]".'
)


class SpokenDigits(NamedTuple):
    """The recordings and what is said: 1,350 to learn from, and takes 0 to 4 of everything, 150, to test with.

    All are as long as the longest of them, 1.3 seconds: what is shorter ends in silence.
    """

    train_sounds: NDArray[np.int16]
    """(1350, 10504), from −32768 to 32767."""
    train_labels: NDArray[np.int64]
    """(1350,), from 0 to 9."""
    test_sounds: NDArray[np.int16]
    """(150, 10504)."""
    test_labels: NDArray[np.int64]
    """(150,)."""


def load_spoken_digits(folder: str | os.PathLike[str] | None = None, *, download: bool = True) -> SpokenDigits:
    """The spoken digits: from `folder`; else from ``$MINIGRAD_DATA``; else from the user's cache.

    A place that is named is taken at its word: if files are missing there, that is an error and not a reason to
    look elsewhere.

    Arguments:
        folder: holds the recordings, ``0_george_0.wav`` to ``9_lucas_49.wav``, or has a subfolder ``recordings``
            that does. Without it, they are looked for in ``$MINIGRAD_DATA/fsdd`` where that environment variable
            is set.
        download: whether to download what the cache lacks (16 MB, once, with a checksum of the recordings).

    Returns:
        Sounds as int16 (N, samples) and labels as int64 (N,), for training and for testing.

    Raises:
        FileNotFoundError: if a recording is missing where it was looked for.
        ValueError: if a recording is damaged, or of another kind.
        ImportError: if a download is needed and pooch is not installed.
        OSError: if the download fails.

    >>> spoken = load_spoken_digits()  # doctest: +SKIP
    >>> spoken.train_sounds.shape, spoken.test_labels[:6]  # doctest: +SKIP
    ((1350, 10504), array([0, 0, 0, 0, 0, 1]))
    """
    recordings = [_samples(path, data) for path, data in _find_files(folder, download)]
    sounds = np.zeros((len(recordings), max(map(len, recordings))), dtype=np.int16)
    for sound, recording in zip(sounds, recordings, strict=True):
        sound[: len(recording)] = recording
    labels = np.array([int(file.split("_")[0]) for file in FILES])
    test = np.array([int(file[:-4].split("_")[2]) < TEST_TAKES for file in FILES])
    return SpokenDigits(sounds[~test], labels[~test], sounds[test], labels[test])


def _find_files(folder: str | os.PathLike[str] | None, download: bool) -> list[tuple[str, bytes]]:
    """Where each recording was found, and what is in the file, in the order of FILES."""
    if folder is not None:
        return _files_in(Path(folder).expanduser())
    if named := os.environ.get("MINIGRAD_DATA"):
        return _files_in(Path(named).expanduser() / "fsdd")
    try:
        cache = cache_folder("spoken_digits")
    except ImportError as error:
        if not download:
            raise FileNotFoundError(f"spoken digits: no folder was named and download=False. {WAYS}") from error
        raise ImportError(f"{error}. {WAYS}") from error
    if not download and not (cache / ARCHIVE).is_file():
        raise FileNotFoundError(f"spoken digits: no file {ARCHIVE} in {cache}. {WAYS}")
    try:
        return _unpacked(fetch(ARCHIVE, None, MIRRORS, cache))  # None, for its contents are checked
    except OSError as error:
        raise OSError(f"{error}\n{WAYS}") from error


def _files_in(folder: Path) -> list[tuple[str, bytes]]:
    folder = folder / "recordings" if (folder / "recordings").is_dir() else folder
    paths = [folder / file for file in FILES]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        there = "" if folder.is_dir() else ", which is not a folder"
        raise FileNotFoundError(
            f"spoken digits: {len(missing)} of the {len(FILES)} recordings are not in {folder}{there}, "
            f"{missing[0]} the first of them. {WAYS}"
        )
    return [(str(path), path.read_bytes()) for path in paths]


def _unpacked(archive: Path) -> list[tuple[str, bytes]]:
    """The recordings in the downloaded archive, which is thrown away if they are not the right ones."""
    try:
        with ZipFile(archive) as files:
            recordings = [(f"{archive}: {file}", files.read(IN_ARCHIVE + file)) for file in FILES]
        found = hashlib.sha256(b"".join(data for _, data in recordings)).hexdigest()
        if found != SHA256:
            raise ValueError(f"the recordings have the sha256 {found}, but {SHA256} is expected")
    except (BadZipFile, KeyError, ValueError, zlib.error, EOFError) as error:
        archive.unlink()
        raise OSError(f"{archive} was damaged, or is another version, and was removed: {error}") from error
    return recordings


def _samples(path: str, data: bytes) -> NDArray[Any]:
    """What a microphone heard, 8,000 times a second."""
    try:
        with wave.open(BytesIO(data)) as sound:
            kind = sound.getnchannels(), 8 * sound.getsampwidth(), sound.getframerate()
            frames = sound.getnframes()
            samples = sound.readframes(frames)
        if len(samples) < frames * kind[0] * kind[1] // 8:
            raise EOFError(f"the header promises {frames} samples, and it ends before")
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path}: is no whole WAV file ({error}); download or copy it again") from error
    if kind != (1, 16, RATE):
        raise ValueError(
            f"{path}: has {kind[0]} channel{'s' * (kind[0] > 1)} of {kind[1]} bits at {kind[2]} Hz, but the spoken "
            f"digits have 1 of 16 bits at {RATE} Hz; is this the right file?"
        )
    return np.frombuffer(samples, "<i2")
