"""How many numbers the parameters of new layers may have: as many as the file has from which their values come.

The sizes of a model that is made from a file are those in the file. A changed or hostile one could ask for more memory
than the computer has, so layers ask here before they allocate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["room_for", "take_room"]


class _Room:
    """What is left of a number of elements."""

    def __init__(self, most: int) -> None:
        self.most = self.left = most


_room: ContextVar[_Room | None] = ContextVar("nn room for parameters", default=None)


@contextmanager
def room_for(most: int) -> Iterator[None]:
    """Within the block, in this thread, new layers have at most so many elements in their parameters together."""
    token = _room.set(_Room(most))
    try:
        yield
    finally:
        _room.reset(token)


def take_room(shape: tuple[int, ...]) -> None:
    """Count the elements of a parameter before it is allocated.

    Raises:
        ValueError: if there are more than `room_for` allows.

    >>> with room_for(100):
    ...     take_room((1000, 1000))
    Traceback (most recent call last):
        ...
    ValueError: a parameter of shape (1000, 1000) does not fit: the parameters have room for 100 elements
    """
    room = _room.get()
    if room is not None:
        room.left -= math.prod(shape)
        if room.left < 0:
            raise ValueError(
                f"a parameter of shape {shape} does not fit: the parameters have room for {room.most} elements"
            )
