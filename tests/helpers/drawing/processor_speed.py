"""How fast the processor is just now: neighbours on the same machine can slow it down by half."""

from __future__ import annotations

from time import process_time

__all__ = ["slowness"]

_USUAL = 0.05  # seconds


def slowness() -> float:
    """How many times as long as usual Python takes for objects, dictionaries and sorting; at least 1."""
    return max(1.0, min(_measured() for _ in range(3)) / _USUAL)


def _measured() -> float:
    start = process_time()
    table = {((i * 7919) % 20_011, i % 7): [i, float(i), str(i)] for i in range(20_000)}
    for key, values in sorted(table.items()):
        values.append(str(key))
    return process_time() - start
