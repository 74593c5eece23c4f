"""One recording at a time, while other threads that use minigrad wait: what stands for parameters is seen by them all.

A recording that itself waits for such a thread would never end. Both get an error then.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any, NoReturn

from minigrad.program.recording.asked import note_refusal
from minigrad.user_frame import is_installed, is_ours

__all__ = ["Turn", "recording_turn"]

_PATIENCE = 5.0  # seconds in which the function that is recorded stands in one place before it counts as waiting


class Turn:
    """The right to record, which one thread has at a time: a lock that may be taken again by the thread that has it.

    >>> turn = Turn()
    >>> with turn, turn:
    ...     turn.wait()  # not for itself
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._owner: int | None = None
        self._depth = 0

    def __enter__(self) -> None:
        """Wait for the recordings of other threads.

        Raises:
            RuntimeError: if that of another thread waits for this one.
        """
        standing: Any = None
        while not self._lock.acquire(timeout=_PATIENCE):
            standing = self._look(standing)
        self._owner, self._depth = threading.get_ident(), self._depth + 1

    def __exit__(self, *_error: object) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None
        self._lock.release()

    def wait(self) -> None:
        """Wait until no other thread records.

        Raises:
            RuntimeError: if that of another thread waits for this one.
        """
        if self._owner not in (None, threading.get_ident()):
            with self:
                pass

    def _look(self, before: Any) -> Any:
        """Where the owner stands; an error if it has stood there since the last look."""
        now = _place(self._owner)
        if now is not None and now == before:
            self._refuse()
        return now

    def _refuse(self) -> NoReturn:
        error = RuntimeError(
            "compile: the function that is being recorded waits for another thread, which waits until it has been: "
            "nobody else can compute with the parameters of a model so long. Compute in the thread that calls the "
            "compiled function, or let the other thread do its work before the first call, or after it"
        )
        note_refusal(error)
        raise error


#: What stands for the values of Tensors is seen by all threads, so that one at a time is recorded.
recording_turn = Turn()


def _place(thread: int | None) -> tuple[FrameType, int] | None:
    """The frame and the instruction in which a thread is; ``None`` where minigrad computes."""
    frame = sys._current_frames().get(thread) if thread is not None else None
    if frame is None:
        return None
    outer: FrameType | None = frame
    while outer is not None and is_installed(outer):
        outer = outer.f_back
    return None if outer is None or is_ours(outer) else (frame, frame.f_lasti)
