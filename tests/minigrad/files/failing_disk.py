"""A disk that fails, and a process that is killed, at a chosen call of the system."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

__all__ = ["CALLS", "ERRORS", "Killed", "calls_counted", "failing_at", "killed_at"]

#: The calls of the system that writing a file makes.
CALLS = ("open", "write", "fsync", "close", "link", "replace", "rename", "unlink", "chmod", "mkdir", "listdir", "dup")

#: A full disk, one that is read-only, missing permission, and a broken one.
ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)


class Killed(BaseException):
    """In place of a signal that ends the process: nothing that comes after it reaches the disk."""


@contextmanager
def patched(act: Callable[[int, str, Callable[..., Any], tuple[Any, ...]], Any]) -> Iterator[list[str]]:
    """Within the block, ``act(number, name, call, args)`` stands for each call; gives the names of the calls so far."""
    seen: list[str] = []

    def stand_in(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            seen.append(name)
            return act(len(seen) - 1, name, lambda *new: call(*(new or args), **kwargs), args)

        return called

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, stand_in(name, getattr(os, name)))
        yield seen


def calls_counted() -> Any:
    """Count the calls in a block: ``with calls_counted() as names``."""
    return patched(lambda number, name, call, args: call())


def failing_at(number: int, code: int, *, ever_after: bool = False) -> Any:
    """The call of this number fails, or from it on all that change something do."""

    def act(now: int, name: str, call: Callable[..., Any], _: tuple[Any, ...]) -> Any:
        if now == number or (ever_after and now > number and name not in ("close", "dup", "listdir")):
            if name == "close":
                call()  # the system closes a file even if it says that something went wrong
            raise OSError(code, os.strerror(code))
        return call()

    return patched(act)


def killed_at(number: int, kill: Callable[[], Any], *, after: bool) -> Any:
    """The process is killed before or after the call of this number; a write is done by half in the first case."""

    def act(now: int, name: str, call: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        if now > number:
            return kill()
        if now == number and after:
            call()
        elif now == number and name == "write":
            call(args[0], args[1][: len(args[1]) // 2])
        return kill() if now == number else call()

    return patched(act)
