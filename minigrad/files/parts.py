"""Parts: files beside the one that is written, each with the new contents until it takes its place.

A part is locked while it is written. The system drops the lock with the process, which tells the parts of killed
writers, that the next one removes, from those of a writer in another process.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

__all__ = ["create_part", "part_name", "remove_stale_parts"]

_LEFT = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # which no pipe of that name blocks
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def part_name(target: Path) -> Path:
    """A new name beside the target; nobody can put a link there beforehand."""
    return target.with_name(f"{_prefix(target)}{secrets.token_hex(16)}.part")


def _prefix(target: Path) -> str:
    return f".{target.name[:40]}."  # with all of a long name, a part would have one that is too long


def create_part(target: Path, mode: int) -> tuple[Path, int, int | None]:
    """A new empty part, opened, and a second descriptor that holds its lock until it is closed.

    The lock tells parts that are being written from those whose writer was killed: the system drops it with the
    process.
    """
    while True:
        part = part_name(target)
        file = os.open(part, _NEW, mode)
        locked = _lock(file, wait=True)
        if not locked or os.fstat(file).st_nlink:
            break
        os.close(file)  # between these lines, another process took it for one that was left, and removed it
    try:
        return part, file, os.dup(file) if locked else None
    except OSError:  # the process has as many files open as it may
        return part, file, None


def remove_stale_parts(target: Path) -> None:
    """Remove the parts of the same target whose writers were killed."""
    stale = re.compile(rf"{re.escape(_prefix(target))}[0-9a-f]{{32}}\.part")
    with suppress(OSError):  # a folder that cannot be read can be written to
        for name in filter(stale.fullmatch, os.listdir(target.parent)):
            with suppress(OSError):  # it is being written, or another process was faster
                file = os.open(target.with_name(name), _LEFT)
                try:
                    if _lock(file, wait=False):
                        os.unlink(target.with_name(name))
                finally:
                    os.close(file)


def _lock(file: int, wait: bool) -> bool:
    """Lock an open file until it is closed; whether that could be done."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (ImportError, OSError):  # Windows; somebody else has it, or the disk has no locks
        return False
    return True
