"""Files in PyTorch's formats, written by hand: pickles from their opcodes, archives from their entries."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["WRITTEN", "archive", "call", "name", "number", "sizes", "state", "storage", "tensor", "text"]

WRITTEN = Path(__file__).parent / "written_by_pytorch"


def text(value: str) -> bytes:
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def number(value: int) -> bytes:
    """LONG1, which has numbers of up to 255 bytes."""
    raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(raw)]) + raw


def name(module: str, called: str) -> bytes:
    return f"c{module}\n{called}\n".encode()


def call(function: bytes, *arguments: bytes) -> bytes:
    return function + b"(" + b"".join(arguments) + b"tR"


def sizes(values: Iterable[int]) -> bytes:
    return b"(" + b"".join(map(number, values)) + b"t"


def storage(length: int, key: str = "0", kind: str = "FloatStorage") -> bytes:
    module = "torch.storage" if kind == "UntypedStorage" else "torch"
    return b"(" + text("storage") + name(module, kind) + text(key) + text("cpu") + number(length) + b"tQ"


def tensor(memory: bytes, size: Iterable[int], strides: Iterable[int], offset: int = 0, last: bytes = b"") -> bytes:
    """What `torch.save` writes for a tensor; `last` for flags."""
    function = name("torch._utils", "_rebuild_tensor_v2")
    hooks = call(name("collections", "OrderedDict"))
    return call(function, memory, number(offset), sizes(size), sizes(strides), b"\x89", hooks, last)


def state(value: bytes, key: str = "x") -> bytes:
    """The pickle of a dictionary with one value."""
    return b"\x80\x02}" + text(key) + value + b"s."


def archive(
    path: Path,
    pickle: bytes,
    storages: dict[str, Any] | None = None,
    others: dict[str, bytes] | None = None,
    compression: int = zipfile.ZIP_STORED,
) -> Path:
    """A zip archive with this pickle, these storages (bytes or arrays) and other entries."""
    entries = {"a/data.pkl": pickle, "a/byteorder": b"little", **(others or {})}
    entries |= {f"a/data/{key}": np.asarray(value).tobytes() for key, value in (storages or {}).items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as zipped:
        for entry, content in entries.items():
            zipped.writestr(zipfile.ZipInfo(entry), content, compression)
    path.write_bytes(buffer.getvalue())
    return path
