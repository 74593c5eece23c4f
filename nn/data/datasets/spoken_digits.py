"""Spoken digits: 1,500 recordings of three speakers, who say each of the ten digits fifty times.

The speakers are George, Jackson and Lucas from the Free Spoken Digit Dataset. The recordings have 8,000 samples per
second of 16 bits, in files with names like ``7_jackson_32.wav``: the digit, the speaker and the take.

Source: Zohar Jackson and others: Free Spoken Digit Dataset, version 1.0.10, CC BY-SA 4.0,
https://github.com/Jakobovski/free-spoken-digit-dataset
"""

from __future__ import annotations

import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets.download import cache_folder, fetch
from nn.data.datasets.wav import read_wav

__all__ = ["SpokenDigits", "load_spoken_digits"]

RATE = 8000
LARGEST = 2 * 10 * RATE  # bytes of a recording: ten seconds, of which the longest has 1.3
TEST_TAKES = 5  # the first of the fifty takes are for testing, as the authors of the data set ask
FILES = tuple(
    f"{digit}_{speaker}_{take}.wav"
    for speaker in ("george", "jackson", "lucas")
    for digit in range(10)
    for take in range(50)
)
MIRRORS = ("https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/",)
ARCHIVE, IN_ARCHIVE = "v1.0.10.zip", "free-spoken-digit-dataset-1.0.10/recordings/"
# Of the recordings, concatenated: the bytes of the archive vary, as the server packs it on request.
SHA256 = "8d5657aea35dda46fdf4d519dd5974f250dbafb0e3ad91ba3bc662d1da4f8f73"
WAYS = (
    "Three ways to provide the spoken digits: load_spoken_digits(folder) with the folder that holds the recordings, "
    "0_george_0.wav and so on; the environment variable MINIGRAD_DATA, with the recordings in its subfolder "
    "fsdd/recordings; or neither of these, and load_spoken_digits() downloads them once, which needs "
    'pip install "minigrad-autograd[data]".'
)


class SpokenDigits(NamedTuple):
    """Recordings and labels of digits: 1,350 for training, and 150, takes 0 to 4 of each digit, for testing.

    Shorter ones are padded with silence to the length of the longest, 1.3 seconds.
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
    """The spoken digits from `folder`, else from ``$MINIGRAD_DATA``, else from the user's cache.

    If files are missing in a folder that is named, that is an error; no other folder is searched.

    Arguments:
        folder: the folder with the recordings ``0_george_0.wav`` to ``9_lucas_49.wav``, itself or in a subfolder
            ``recordings``. If not given, ``$MINIGRAD_DATA/fsdd``, if that environment variable is set.
        download: whether to download recordings that are not in the cache (16 MB, once, with a checksum).

    Returns:
        Sounds as int16 (N, samples) and labels as int64 (N,), for training and for testing.

    Raises:
        FileNotFoundError: if a recording is missing.
        ValueError: if a recording is damaged or has another format.
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
    """The path and the contents of each recording, in the order of FILES."""
    if folder is not None:
        return _files_in(Path(folder).expanduser())
    if named := os.environ.get("MINIGRAD_DATA"):
        return _files_in(Path(named).expanduser() / "fsdd")
    cache = cache_folder("spoken_digits", "spoken digits", WAYS, download)
    if not download and not (cache / ARCHIVE).is_file():
        raise FileNotFoundError(f"spoken digits: no file {ARCHIVE} in {cache}. {WAYS}")
    try:
        return _unpacked(fetch(ARCHIVE, None, MIRRORS, cache))  # no checksum of the archive: its contents are checked
    except OSError as error:
        raise OSError(f"{error}\n{WAYS}") from error


def _files_in(folder: Path) -> list[tuple[str, bytes]]:
    folder = folder / "recordings" if (folder / "recordings").is_dir() else folder
    paths = [folder / file for file in FILES]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        hint = "" if folder.is_dir() else ", which is not a folder"
        raise FileNotFoundError(
            f"spoken digits: {len(missing)} of the {len(FILES)} recordings are not in {folder}{hint}, "
            f"the first of them is {missing[0]}. {WAYS}"
        )
    return [(str(path), path.read_bytes()) for path in paths]


def _unpacked(archive: Path) -> list[tuple[str, bytes]]:
    """The recordings in the downloaded archive, which is deleted if they are not the right ones."""
    data = archive.read_bytes()
    try:
        return [(f"{archive}: {file}", recording) for file, recording in zip(FILES, _recordings(data), strict=True)]
    except Exception as error:  # whatever it is, no disk or network can fail here: the bytes are not the right ones
        problem = str(error) or type(error).__name__
        raise OSError(f"{archive} is damaged or another version, {_deleted(archive)}: {problem}") from error


def _recordings(archive: bytes) -> list[bytes]:
    """The recordings in the bytes of the archive."""
    recordings: list[bytes] = []
    with ZipFile(BytesIO(archive)) as files:
        for info in [files.getinfo(IN_ARCHIVE + file) for file in FILES]:
            try:
                with files.open(info) as packed:
                    recordings.append(packed.read(LARGEST + 1))
            except Exception as error:
                problem = str(error) or type(error).__name__
                raise ValueError(f"{info.filename}, at byte {info.header_offset}: {problem}") from error
            if len(recordings[-1]) > LARGEST:
                raise ValueError(f"{info.filename}, at byte {info.header_offset}: has more than {LARGEST} bytes")
    found = hashlib.sha256(b"".join(recordings)).hexdigest()
    if found != SHA256:
        raise ValueError(f"the recordings have the sha256 {found}, expected {SHA256}")
    return recordings


def _deleted(archive: Path) -> str:
    """Delete the archive, so that it is downloaded again; whether that was possible."""
    try:
        archive.unlink()
    except OSError as error:
        return f"and could not be deleted ({error.strerror}), so delete it yourself"
    return "and was deleted, so that the next call downloads it again"


def _samples(path: str, data: bytes) -> NDArray[Any]:
    """The samples of a WAV file, after a check of its format."""
    sound = read_wav(path, data)
    if (sound.channels, sound.bits, sound.rate) != (1, 16, RATE):
        raise ValueError(
            f"{path}: has {sound.channels} channel{'s' * (sound.channels > 1)} of {sound.bits} bits at "
            f"{sound.rate} Hz, but the spoken digits have 1 of 16 bits at {RATE} Hz; is this the right file?"
        )
    if not 0 < len(sound.samples) <= LARGEST // 2:  # one long recording would make all of them long
        raise ValueError(
            f"{path}: has {len(sound.samples)} samples, expected 1 to {LARGEST // 2}, ten seconds; "
            "is this the right file?"
        )
    return sound.samples
