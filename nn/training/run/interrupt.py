"""Ctrl-C during a training: it ends after the batch, and everything is kept."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn.training.run.run import Run

__all__ = ["Interrupt"]


class Interrupt:
    """While it is entered, the first Ctrl-C stops a run after its batch; the second raises KeyboardInterrupt.

    Only in the main thread, where Python delivers signals, and only if the program has no handler of its own.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._before: Any = None

    def __enter__(self) -> None:
        in_main_thread = threading.current_thread() is threading.main_thread()
        if in_main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._before = signal.signal(signal.SIGINT, self._handle)

    def __exit__(self, *error: object) -> None:
        if self._before is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._before)
            self._before = None

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.run.interrupted:
            signal.default_int_handler(number, frame)
        self.run.interrupted = True  # not a part of the state: a run that is resumed goes on
        self.run.stop("interrupted by Ctrl-C")
