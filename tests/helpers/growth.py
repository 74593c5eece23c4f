"""How the time of something grows with its size."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

NUMBER = 100
TIMES = 8
LINEAR = 2.5 * TIMES  # a square is 64


def check_linear(made: Callable[[int], Any], use: Callable[[Any], Any], number: int = NUMBER) -> None:
    """Time what is done with something of this size, and with one that is larger.

    It is the processor's time, and the best of several tries: other programs may be running.
    """

    def seconds(n: int) -> float:
        thing = made(n)
        start = process_time()
        use(thing)
        return process_time() - start

    small = min(seconds(number) for _ in range(3))
    ratios = []
    for _ in range(4):
        ratios.append(seconds(TIMES * number) / small)
        if ratios[-1] < LINEAR:
            return
    raise AssertionError(f"{TIMES} times as many take {min(ratios):.0f} times as long")
