"""Files of the format, written by hand, and ways of damaging them; checkpoints of numbered epochs."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nn.serialization.checkpoint import load_checkpoint

__all__ = ["damaged", "epochs", "safetensors_file", "same", "state"]


def safetensors_file(header: Any, data: bytes = b"", *, length: int | None = None) -> bytes:
    """A file with this header, a text or what becomes JSON, and these bytes of data."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(raw) if length is None else length).to_bytes(8, "little") + raw + data


def damaged(content: bytes, rng: np.random.Generator, header: int) -> Iterator[tuple[str, bytes]]:
    """Endless mutations of a file: bytes changed, cut off, inserted, moved, and other numbers in the header.

    Arguments:
        header: the number of bytes at the beginning in which most changes are.
    """
    while True:
        within = header if rng.random() < 0.6 else len(content)
        at, size = int(rng.integers(within)), int(rng.integers(1, 9))
        changed = bytearray(content)
        kind = ["flip", "cut", "insert", "delete", "number", "repeat"][int(rng.integers(6))]
        if kind == "flip":
            changed[at] ^= 1 << int(rng.integers(8))
        elif kind == "cut":
            del changed[at:]
        elif kind == "insert":
            changed[at:at] = rng.bytes(size)
        elif kind == "delete":
            del changed[at : at + size]
        elif kind == "repeat":
            changed[at:at] = changed[at : at + 64]
        else:
            digits = [i for i, byte in enumerate(content[:header]) if chr(byte).isdigit()]
            first = digits[int(rng.integers(len(digits)))]
            number = [b"0", b"9" * size, b"-1", b"1e9", b"4294967296", b"9223372036854775807"][int(rng.integers(6))]
            changed[first : first + 1] = number
        if changed != content:
            yield f"{kind} at {at}", bytes(changed)


def same(a: Any, b: Any) -> bool:
    """Whether two states are of the same types and equal to the bit, in the same order."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and [*map(type, a)] == [*map(type, b)] and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    return bool(a == b)


def state(epoch: int) -> dict[str, Any]:
    return {"epoch": epoch, "w": np.arange(20.0) + epoch, "b": np.full(3, epoch, np.float32)}


def epochs(path: Path) -> tuple[int, int]:
    """The epochs of the last checkpoint and of the one before it, both of which can be read."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for each in (path, path.with_name("run.previous")):
            loaded = load_checkpoint(each)
            assert same(loaded, state(loaded["epoch"]))
            found.append(loaded["epoch"])
    return found[0], found[1]
