"""Writing a file completely or not at all, as a careful program does it.

A file that another process reads at the same time, or that the disk has no room for, is never half written: the new
contents go into a file of their own beside it, which then takes its place.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["is_standard_output", "write_file"]


def write_file(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file completely or not at all, creating missing folders.

    The file at the end of a symbolic link is written, and the link stays. A file that is replaced keeps its mode, and
    its owner where that is allowed. A device, a pipe or the standard output is written into.

    Raises:
        OSError: if the file cannot be written. Then a file that was there before is unchanged.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_file(Path(folder) / "new" / "page.html", b"<p>").read_bytes()
    b'<p>'
    """
    if os.fspath(path).endswith(os.sep):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    path = Path(path)
    found = _status(path)
    if is_standard_output(path):
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    elif found is not None and not stat.S_ISREG(found.st_mode):
        with path.open("wb") as device:
            device.write(content)
    else:
        _replace(Path(os.path.realpath(path)), content, found)
    return path


def is_standard_output(path: str | os.PathLike[str]) -> bool:
    """Whether a path leads to where the standard output goes, as ``/dev/stdout`` does, also after ``> page.html``."""
    try:
        return os.path.samestat(os.fstat(sys.stdout.fileno()), os.stat(path))
    except (AttributeError, OSError, ValueError):  # there is no such file, or the standard output is none
        return False


def _status(path: Path) -> os.stat_result | None:
    """Mode and owner of the file that a path leads to, through symbolic links; ``None`` if there is none."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _replace(target: Path, content: bytes, old: os.stat_result | None) -> None:
    """Write the contents beside the target, and move them into its place."""
    if old is not None and not os.access(target, os.W_OK):  # a read-only file can be replaced, but must not be
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{secrets.token_hex(16)}.part")  # which nobody can put a link at beforehand
    try:
        mode = 0o666 if old is None else 0o600  # nobody reads it before it has the mode of the old file
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if old is not None:
            _keep_owner(part, old)
            part.chmod(stat.S_IMODE(old.st_mode))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _keep_owner(part: Path, old: os.stat_result) -> None:
    new = part.stat()
    if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with suppress(PermissionError):  # another user's file, in a folder that one may write to
            os.chown(part, old.st_uid, old.st_gid)
