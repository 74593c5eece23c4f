"""Checkpoints: the state of a training in one file, so that it can go on after the process was killed.

A new one takes the place of the old one only when all of it is on the disk, and the old one is kept beside it. So
there is always one that can be read, whenever the process is killed or the disk fails. This is not `mg.checkpoint`,
which computes the forward pass again to need less memory.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import minigrad as mg
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.nested_state import pack, unpack
from nn.serialization.safetensors import read_safetensors, write_safetensors

__all__ = ["load_checkpoint", "save_checkpoint"]

_KIND, _VERSION = "minigrad.checkpoint", "1"
_STATE = "state"


def save_checkpoint(path: str | os.PathLike[str], state: Any) -> Path:
    """Write the state of a training to a file; the one that was there before is kept as ``PATH.previous``.

    Arguments:
        state: what `nested_state.pack` takes.

    Raises:
        OSError: if the file cannot be written; the old ones are as they were.
        TypeError, ValueError: if something in the state cannot be stored; nothing is written.
    """
    tensors, text = pack(state)
    return write_safetensors(path, tensors, {_KIND: _VERSION, _STATE: text}, keep_previous=True)


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
    except DamagedFileError as error:
        if not previous.exists():
            raise
        why = str(error)
    try:
        state = _read(previous)
    except DamagedFileError as error:
        raise DamagedFileError(path, 0, f"{why}; and the previous one: {error}") from None
    warnings.warn(f"load_checkpoint: {why}; the previous one is loaded: {previous}", RuntimeWarning, stacklevel=2)
    return state


def _read(path: str | os.PathLike[str]) -> Any:
    tensors, metadata = read_safetensors(path)
    try:
        return unpack(tensors, metadata[_STATE])
    except (KeyError, ValueError) as error:
        raise DamagedFileError(path, 8, f"this is not the checkpoint of a training ({error})") from None
