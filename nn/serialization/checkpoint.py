"""Checkpoints: the state of a training in one file, so that it can go on after the process was killed.

A new one takes the place of the old one only when all of it is on the disk, and the old one is kept beside it. So
there is always one that can be read, whenever the process is killed or the disk fails. This is not `mg.checkpoint`,
which computes the forward pass again to need less memory.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import minigrad as mg
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.nested_state import pack, unpack
from nn.serialization.npz import is_npz
from nn.serialization.safetensors import read_metadata, read_safetensors, write_safetensors

__all__ = ["is_checkpoint", "load_checkpoint", "save_checkpoint", "state_from"]

_KIND, _VERSION = "minigrad.checkpoint", "1"
_STATE = "state"

#: The files that this process has written, by their paths: they need not be read again before they are replaced.
_written: dict[Path, tuple[int, ...]] = {}


def save_checkpoint(path: str | os.PathLike[str], state: Any, metadata: Mapping[str, str] | None = None) -> Path:
    """Write the state of a training to a file; the one that was there before is kept as ``PATH.previous``.

    Arguments:
        state: what `nested_state.pack` takes.
        metadata: texts that are kept beside it, such as the class names of the model.

    Raises:
        OSError: if the file cannot be written; the old ones are as they were.
        TypeError, ValueError: if something in the state cannot be stored, or the file is something else than a
            checkpoint; nothing is written.
    """
    tensors, text = pack(state)
    target = Path(os.path.realpath(path))
    keep = _written.get(target) == _identity(target) or _is_worth_keeping(target)
    texts = {**(metadata or {}), _KIND: _VERSION, _STATE: text}
    written = write_safetensors(path, tensors, texts, keep_previous=keep)
    _written[target] = _identity(target)
    return written


def load_checkpoint(path: str | os.PathLike[str]) -> Any:
    """The state that `save_checkpoint` has written last; ``None`` if there is no such file.

    Raises:
        DamagedFileError: if the file is damaged, and so is the previous one, or there is none.
        OSError: if a file cannot be read.

    Warns:
        RuntimeWarning: if the last one is damaged or missing, and the previous one is loaded.
    """
    previous = mg.files.previous_of(path)
    try:
        return _read(path)
    except FileNotFoundError:
        if not previous.exists():
            return None
        why = f"{os.fspath(path)} is not there"
    except (DamagedFileError, OSError) as error:
        if not (_is_damage(error) and previous.exists()):
            raise
        why = str(error)
    try:
        state = _read(previous)
    except DamagedFileError as error:
        raise DamagedFileError(path, 0, f"{why}; and the previous one: {error}", "both are lost: begin anew") from None
    mg.user_frame.warn(f"load_checkpoint: {why}; the previous one is loaded: {previous}")
    return state


def _is_worth_keeping(target: Path) -> bool:
    """Whether the file there is a checkpoint: a damaged one must not push out the previous one.

    Raises:
        ValueError: if it seems to be something else, which would be lost.
    """
    if not target.is_file() or _is_sound(target):
        return True
    if not target.stat().st_size or _is_sound(mg.files.previous_of(target)):
        return False
    raise ValueError(
        f"{target} is there, and is not the checkpoint of a training; choose another name, or delete the file"
    )


def _is_sound(path: Path) -> bool:
    try:
        return is_checkpoint(read_metadata(path, need_checksum=True))
    except (DamagedFileError, OSError) as error:
        if _is_damage(error) or isinstance(error, FileNotFoundError):
            return False
        raise


def _is_damage(error: Exception) -> bool:
    """Whether the contents are not in order, or the disk cannot read them any more."""
    return isinstance(error, DamagedFileError) or getattr(error, "errno", None) == errno.EIO


def _identity(path: Path) -> tuple[int, ...]:
    """What changes if another program replaces the file, or writes into it."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def is_checkpoint(metadata: Mapping[str, str]) -> bool:
    """Whether the metadata of a file are those of a checkpoint."""
    return _KIND in metadata


def state_from(path: str | os.PathLike[str], tensors: Mapping[str, Any], metadata: Mapping[str, str]) -> Any:
    """The state in a checkpoint that has been read.

    Raises:
        DamagedFileError: if it is not in order.
    """
    if metadata[_KIND] != _VERSION:
        raise DamagedFileError(
            path, 8, f"it is a checkpoint of version {metadata[_KIND]!r:.20}, expected {_VERSION}", "update minigrad"
        )
    try:
        return unpack(tensors, metadata[_STATE])
    except (KeyError, ValueError) as error:
        raise DamagedFileError(path, 8, f"the state in the checkpoint is not in order ({error})") from None


def _read(path: str | os.PathLike[str]) -> Any:
    if is_npz(path):
        raise _weights_alone(path, 0)
    tensors, metadata = read_safetensors(path, need_checksum=True)
    if not is_checkpoint(metadata):
        raise _weights_alone(path, 8)
    return state_from(path, tensors, metadata)


def _weights_alone(path: str | os.PathLike[str], byte: int) -> DamagedFileError:
    return DamagedFileError(
        path,
        byte,
        "these are weights alone, expected the checkpoint of a training",
        "nn.load(path, into=model) loads them",
    )
