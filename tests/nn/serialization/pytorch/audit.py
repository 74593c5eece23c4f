"""What a call makes Python do: the events that its audit hooks see."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["events_of"]

_seen: list[str] | None = None


def _hook(event: str, _: tuple[Any, ...]) -> None:
    if _seen is not None:
        _seen.append(event)


sys.addaudithook(_hook)  # once a process: a hook stays


def events_of(call: Callable[[], Any]) -> set[str]:
    """The events of a call: "import", "exec", "os.system", "socket.connect" …, but for opening files."""
    global _seen
    _seen = seen = []
    try:
        call()
    finally:
        _seen = None
    return set(seen) - {"open", "object.__getattr__", "sys._getframe", "code.__new__", "builtins.id"}
