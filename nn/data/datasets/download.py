"""Downloads of files into the user's cache, with checksums."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = ["cache_folder", "fetch"]


def cache_folder(folder: str, name: str, ways: str, download: bool) -> Path:
    """The folder of this name in the user's cache, for a data set for which no other folder was named.

    Arguments:
        name: of the data set, in errors.
        ways: how it can be provided, likewise.
        download: whether it may be downloaded.

    Raises:
        ImportError: if pooch, which knows the cache of each operating system, is not installed.
        FileNotFoundError: likewise, if nothing may be downloaded.
    """
    try:
        import pooch
    except ImportError as error:
        if not download:
            raise FileNotFoundError(f"{name}: no folder was named and download=False. {ways}") from error
        raise ImportError(
            f'downloading data needs pooch, which is not installed; pip install "minigrad-autograd[data]". {ways}'
        ) from error
    return Path(pooch.os_cache("minigrad")) / folder


def fetch(file: str, checksum: str | None, mirrors: Sequence[str], folder: Path) -> Path:
    """The path of a file in `folder`, downloaded from the first mirror that has it if it is not there yet.

    Arguments:
        file: its name, in the folder and on every mirror.
        checksum: its SHA-256 in hexadecimal, or ``"md5:"`` and its MD5 where only that is published; a file in the
            folder with another checksum is downloaded again. ``None`` if the caller checks the contents, as for
            archives that the server packs on request.
        mirrors: the URLs of folders with the file, each ending in ``/``, tried in this order.
        folder: the folder to store it in, usually `cache_folder`.

    Raises:
        OSError: if no mirror has the file with that checksum; the message gives the reason for each.
    """
    import pooch

    failures = []
    for mirror in mirrors:
        try:
            # pooch moves the file into place only if the checksum is right: a bad download leaves no file.
            return Path(pooch.retrieve(mirror + file, checksum, fname=file, path=folder))
        except (OSError, ValueError) as error:  # no connection, not found, disk full; wrong checksum
            failures.append(f"{mirror + file}: {error}")
    raise OSError(f"{file} could not be downloaded to {folder}; each mirror was tried:\n  " + "\n  ".join(failures))
