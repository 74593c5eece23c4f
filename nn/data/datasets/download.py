"""Files from the network, kept in the user's cache and checked against a checksum."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = ["cache_folder", "fetch"]


def cache_folder(name: str) -> Path:
    """Where the files of the data set `name` are kept for this user.

    Raises:
        ImportError: if pooch, which knows the place on each operating system, is not installed.
    """
    try:
        import pooch
    except ImportError as error:
        raise ImportError(
            'downloading data needs pooch, which is not installed; pip install "minigrad-autograd[data]"'
        ) from error
    return Path(pooch.os_cache("minigrad")) / name


def fetch(file: str, sha256: str | None, mirrors: Sequence[str], folder: Path) -> Path:
    """The file in `folder`, downloaded from the first mirror that has it unless it is there already.

    Arguments:
        file: its name, in the folder and on every mirror.
        sha256: its checksum in hexadecimal; a file in the folder with another one is downloaded anew. None where
            the caller checks what is in the file, as archives that are packed anew on request ask for.
        mirrors: addresses of folders that hold the file, each ending in ``/``, tried in this order.
        folder: where to keep it, usually `cache_folder`.

    Raises:
        OSError: if no mirror gives the file with that checksum; the text has the reason of each.
    """
    import pooch

    failures = []
    for mirror in mirrors:
        try:
            # pooch moves the file into place only once the checksum is right: a bad download leaves nothing behind.
            return Path(pooch.retrieve(mirror + file, sha256 and f"sha256:{sha256}", fname=file, path=folder))
        except (OSError, ValueError) as error:  # no connection, not found, disk full; wrong checksum
            failures.append(f"{mirror + file}: {error}")
    raise OSError(f"{file} could not be downloaded to {folder}; each mirror was tried:\n  " + "\n  ".join(failures))
