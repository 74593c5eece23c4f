"""Parts, the previous file and folders: what is left by killed writers, and what is certain to be on the disk."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from minigrad.files import previous_of, write_file
from minigrad.files.parts import create_part, part_name
from tests.minigrad.files.failing_disk import calls_counted

posix = pytest.mark.skipif(os.name != "posix", reason="has no locks, modes and hard links")


def names(folder: Path) -> set[str]:
    return set(os.listdir(folder))


def test_contents_in_pieces(tmp_path: Path) -> None:
    pieces = [b"ab", bytearray(b"c"), memoryview(b""), np.frombuffer(b"def", np.uint8), b""]
    path = write_file(tmp_path / "file", iter(pieces))
    assert path.read_bytes() == b"abcdef"
    write_file(path, [])
    assert path.read_bytes() == b""


def test_calls_that_write_a_part_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system does at 2 GB, at the end of the disk, or when a signal comes."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[: max(1, len(data) // 3)]))
    content = bytes(range(256))
    assert write_file(tmp_path / "file", [content, content]).read_bytes() == 2 * content


def test_contents_that_cannot_be_made(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("no more")

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="no more"):
        write_file(path, broken())
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == {"file"}


def test_the_previous_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"1", b"2", b"3"):
        write_file(path, content, keep_previous=True)
    assert (path.read_bytes(), previous_of(path).read_bytes()) == (b"3", b"2")
    write_file(path, b"4")
    assert (path.read_bytes(), previous_of(path).read_bytes()) == (b"4", b"2")
    assert names(tmp_path) == {"file", "file.previous"}


@posix
@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.EACCES])
def test_a_disk_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """The old file is copied, with its mode, before it is replaced."""
    monkeypatch.setattr(os, "link", Mock(side_effect=OSError(code, os.strerror(code))))
    path = tmp_path / "file"
    for content in (b"1", b"2", b"3"):
        write_file(path, content, keep_previous=True)
        path.chmod(0o640)
    assert (path.read_bytes(), previous_of(path).read_bytes()) == (b"3", b"2")
    assert stat.S_IMODE(previous_of(path).stat().st_mode) == 0o640
    assert names(tmp_path) == {"file", "file.previous"}


@posix
def test_a_file_that_disappears_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process moved it away: the new one is written, and the previous one stays."""
    path, link = tmp_path / "file", os.link
    for content in (b"1", b"2"):
        write_file(path, content, keep_previous=True)

    def moved(*args: Any) -> None:
        path.unlink(missing_ok=True)
        link(*args)

    monkeypatch.setattr(os, "link", moved)
    write_file(path, b"3", keep_previous=True)
    assert (path.read_bytes(), previous_of(path).read_bytes()) == (b"3", b"1")


def test_a_folder_in_the_place_of_the_previous_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    previous_of(path).mkdir()
    with pytest.raises(IsADirectoryError, match=r"file\.previous"):
        write_file(path, b"new", keep_previous=True)
    assert path.read_bytes() == b"old"


@posix
def test_parts_of_killed_writers_are_removed(tmp_path: Path) -> None:
    """Those of the same file that nobody has locked; others, and what has another name, stay."""
    path = tmp_path / "file"
    left, other = part_name(path), part_name(tmp_path / "other")
    stay = {other.name, ".file.part", ".file.0123.part", f"{left.name}.txt", left.name[1:]}
    for name in {left.name, *stay}:
        (tmp_path / name).write_bytes(b"half")
    part, file, lock = create_part(path, 0o600)
    write_file(path, b"new")
    assert names(tmp_path) == {"file", part.name, *stay}
    assert lock is not None
    os.close(file)
    write_file(path, b"new")
    assert part.exists(), "the second descriptor keeps it locked"
    os.close(lock)
    write_file(path, b"new")
    assert names(tmp_path) == {"file", *stay}


@posix
def test_a_new_part_that_another_process_takes_for_a_stale_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its creation and its lock it is removed; then another one is created."""
    import fcntl

    lock, removed = fcntl.flock, list[str]()

    def too_late(file: int, operation: int) -> None:
        if not removed:
            removed.extend(names(tmp_path))
            (tmp_path / removed[0]).unlink()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", too_late)
    assert write_file(tmp_path / "file", b"new").read_bytes() == b"new"
    assert names(tmp_path) == {"file"}
    assert removed


@posix
def test_a_pipe_with_the_name_of_a_part_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(part_name(tmp_path / "file"))
    assert write_file(tmp_path / "file", b"new").read_bytes() == b"new"


@posix
def test_a_disk_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts cannot be told from those that are being written, and stay."""
    import fcntl

    monkeypatch.setattr(fcntl, "flock", Mock(side_effect=OSError(errno.ENOLCK, "")))
    left = part_name(tmp_path / "file")
    left.write_bytes(b"half")
    assert write_file(tmp_path / "file", b"new").read_bytes() == b"new"
    assert names(tmp_path) == {"file", left.name}


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="cannot tell the name of an open file")
def test_what_is_on_the_disk_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contents before the name, the name before the function returns; and the names of new folders."""
    synced, real = list[tuple[str, bool]](), os.fsync

    def fsync(file: int) -> None:
        synced.append((os.readlink(f"/proc/self/fd/{file}"), (tmp_path / "a" / "b" / "file").exists()))
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    write_file(tmp_path / "a" / "b" / "file", b"new")
    (first, _), (second, _), (part, named), (folder, renamed) = synced
    assert [first, second, folder] == [str(tmp_path), str(tmp_path / "a"), str(tmp_path / "a" / "b")]
    assert part.endswith(".part")
    assert (named, renamed) == (False, True)


@posix
@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_cannot_sync_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    real = os.fsync

    def fsync(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(code, os.strerror(code))
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    assert write_file(tmp_path / "file", b"new").read_bytes() == b"new"


@pytest.mark.parametrize("length", [200, 255])
def test_long_names(tmp_path: Path, length: int) -> None:
    path = tmp_path / ("ü" * (length // 2))
    write_file(path, b"new")
    assert names(tmp_path) == {path.name}


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
def test_errors_name_the_file_and_not_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    path, real = tmp_path / "file", getattr(os, call)

    def fail(*args: Any) -> Any:
        given = {"open": args[:1], "replace": (args[0], None, args[1]) if len(args) > 1 else ()}.get(call, ())
        if call == "open" and args[1] & os.O_WRONLY == 0:
            return real(*args)
        raise OSError(errno.ENOSPC, "full", *(name and str(name) for name in given))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match=r"full") as caught:
        write_file(path, b"new")
    assert str(caught.value) == f"[Errno 28] full: {str(path)!r}"
    monkeypatch.undo()
    assert names(tmp_path) == set()


def test_nothing_is_left_open(tmp_path: Path) -> None:
    with calls_counted() as seen:
        for _ in range(3):
            write_file(tmp_path / "file", b"new", keep_previous=True)
    assert seen.count("open") + seen.count("dup") == seen.count("close")
