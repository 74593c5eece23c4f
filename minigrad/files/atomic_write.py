"""Writing a file completely or not at all, as a careful program does it.

A file that another process reads at the same time, that the disk has no room for, or whose writer is killed, is never
half written: the new contents go into a file of their own beside it, a *part*, which then takes its place. Parts that
killed writers left are removed by the next one.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from minigrad.files.folders import make_folder, sync_folder
from minigrad.files.parts import create_part, part_name, remove_stale_parts

__all__ = ["is_standard_output", "previous_of", "write_file"]

_BLOCK = 1 << 24  # bytes of one call of the system, some of which stop at 2 GB


def write_file(path: str | os.PathLike[str], content: bytes | Iterable[Any], *, keep_previous: bool = False) -> Path:
    """Write a file completely or not at all, creating missing folders.

    The file at the end of a symbolic link is written, and the link stays. A file that is replaced keeps its mode, and
    its owner where that is allowed. A device, a pipe or the standard output is written into. When the function returns,
    the file is on the disk and not only on its way to it.

    Arguments:
        content: bytes, or an iterable of bytes and contiguous arrays of them, which are written one after another.
        keep_previous: whether to keep the file that is replaced, at `previous_of` the path. Whenever the program is
            killed, the two newest of old, older and new are there, each complete.

    Raises:
        OSError: if the file cannot be written. Then a file that was there before is unchanged; but after an error of
            the last steps, which make it certain and keep the previous one, the new one is in its place.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_file(Path(folder) / "new" / "page.html", b"<p>").read_bytes()
    b'<p>'
    """
    if os.fspath(path).endswith(os.sep):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    path = Path(path)
    parts: Iterable[Any] = [content] if isinstance(content, bytes) else content
    found = _status(path)
    if is_standard_output(path):
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.flush()
    elif found is not None and not stat.S_ISREG(found.st_mode):
        with path.open("wb") as device:
            for part in parts:
                device.write(part)
    else:
        with _naming(path):
            _replace(Path(os.path.realpath(path)), parts, found, keep_previous)
    return path


def previous_of(path: str | os.PathLike[str]) -> Path:
    """Where `write_file` keeps the file that it replaced; beside the file itself, if the path is a symbolic link.

    >>> previous_of("run.checkpoint").name
    'run.checkpoint.previous'
    """
    target = Path(os.path.realpath(path))
    return target.with_name(f"{target.name}.previous")


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


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Give errors the name of the file: those of a full disk have none, others that of a part."""
    try:
        yield
    except OSError as error:
        if error.filename is None or str(error.filename).endswith(".part"):
            error.filename = str(path)
            del error.filename2
        raise


def _replace(target: Path, content: Iterable[Any], old: os.stat_result | None, keep_previous: bool) -> None:
    """Write the contents beside the target, and move them into its place."""
    if old is not None and not os.access(target, os.W_OK):  # a read-only file can be replaced, but must not be
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    previous = previous_of(target)
    if keep_previous and previous.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(previous))
    make_folder(target.parent)
    remove_stale_parts(target)
    with _new_part(target, content, old) as part:
        if keep_previous and old is not None:
            with _second_name(target, old) as kept:
                os.replace(part, target)  # from here to the next line, the older one is still at `previous`
                if kept is not None:
                    with suppress(FileNotFoundError):  # another process writes the same file, and has cleaned up
                        os.replace(kept, previous)
        else:
            os.replace(part, target)
        sync_folder(target.parent)


@contextmanager
def _new_part(target: Path, content: Iterable[Any], old: os.stat_result | None) -> Iterator[Path]:
    """The contents in a file of their own, all on the disk; removed in the end, if it was not moved away."""
    mode = 0o666 if old is None else 0o600  # nobody reads it before it has the mode of the old file
    part, file, lock = create_part(target, mode)
    try:
        try:
            for data in content:
                _write_all(file, data)
            if old is not None:
                _keep_owner_and_mode(part, old)
            os.fsync(file)
        finally:
            os.close(file)
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if lock is not None:
            os.close(lock)


@contextmanager
def _second_name(target: Path, old: os.stat_result) -> Iterator[Path | None]:
    """Another name for the file at `target`, beside it: a hard link, or a copy on disks that lack them."""
    kept = part_name(target)
    try:
        try:
            os.link(target, kept)
        except FileNotFoundError:  # another process has moved it away
            yield None
            return
        except OSError:
            with _new_part(target, _blocks(target), old) as copy:
                yield copy
                return
        yield kept
    finally:
        with suppress(OSError):
            kept.unlink(missing_ok=True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _write_all(file: int, data: Any) -> None:
    """Write bytes; a call of the system may write a part of them only."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest[:_BLOCK]) :]


def _keep_owner_and_mode(part: Path, old: os.stat_result) -> None:
    new = part.stat()
    if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with suppress(PermissionError):  # another user's file, in a folder that one may write to
            os.chown(part, old.st_uid, old.st_gid)
    os.chmod(part, stat.S_IMODE(old.st_mode))
