"""Batches that are prepared ahead, in a thread."""

from __future__ import annotations

import contextvars
import threading
from collections import deque
from collections.abc import Generator, Iterator
from typing import TypeVar

__all__ = ["prefetched"]

_T = TypeVar("_T")


def prefetched(items: Iterator[_T], ahead: int) -> Iterator[_T]:
    """The same items and the same error as `items`, of which up to `ahead` are prepared in a thread.

    The thread starts with the first item, and has ended when the iteration is over, or is dropped.

    >>> list(prefetched(iter("abc"), ahead=2))
    ['a', 'b', 'c']
    """
    ready: deque[tuple[bool, _T | BaseException | None]] = deque()
    room, filled, stopped = threading.Semaphore(ahead), threading.Semaphore(0), threading.Event()

    def prepare() -> None:
        error: BaseException | None = None
        try:
            while room.acquire() and not stopped.is_set():
                try:
                    item = next(items)
                except StopIteration:
                    break
                ready.append((True, item))
                filled.release()
                del item  # which is the consumer's alone
            if isinstance(items, Generator):
                items.close()  # what it has opened, it closes in this thread
        except BaseException as raised:  # whatever it is, it is raised where the batch would come
            error = raised
        ready.append((False, error))
        filled.release()

    # In a copy of the caller's context, as settings such as np.errstate hold in a context.
    thread = threading.Thread(
        target=contextvars.copy_context().run, args=(prepare,), name="nn.data prefetch", daemon=True
    )
    thread.start()
    try:
        while True:
            filled.acquire()
            is_item, item = ready.popleft()
            if not is_item:
                break
            room.release()
            yield item  # type: ignore[misc]
            del item
        if isinstance(item, BaseException):
            raise item
    finally:
        stopped.set()
        room.release()
        if thread is not threading.current_thread():  # a collector may run in it
            thread.join()
