"""load: the weights of a model from a file."""

from __future__ import annotations

import os
from typing import Any, TypeVar, overload

from nn.module import Module
from nn.serialization.checkpoint import is_checkpoint, state_from
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.model_metadata import from_metadata, set_on
from nn.serialization.npz import is_npz, read_npz
from nn.serialization.safetensors import read_safetensors
from nn.unsupported import explains_calls

__all__ = ["load"]

_Model = TypeVar("_Model", bound=Module)


@overload
def load(path: str | os.PathLike[str]) -> dict[str, Any]: ...
@overload
def load(path: str | os.PathLike[str], into: _Model) -> _Model: ...


@explains_calls
def load(path: str | os.PathLike[str], into: Any = None) -> Any:
    """Read weights from a file into a model, or as a dictionary of arrays.

    The format is told by the contents: safetensors files of `save`, PyTorch and others, NumPy's ``.npz``, and
    checkpoints of `fit`, of which the weights are taken. Everything is checked before anything is changed: the file,
    its checksum where it has one, names and shapes. Nothing larger than the file is allocated, except that bfloat16
    becomes float32, and that compressed arrays are unpacked. `read_torch` reads the files of ``torch.save``.

    Arguments:
        into: the model that gets the weights, by ``load_state_dict``; also ``classes`` and ``preprocessing``, if the
            file has them.

    Returns:
        The model; without one, the arrays by name, as ``state_dict()`` returns them.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if the file is damaged or of another format, or the shape of an array is not that of its parameter.
        KeyError: if names are missing or unexpected. ``model.load_state_dict(nn.load(path), strict=False)`` loads what
            fits.
        TypeError: if an argument is not of its kind.

    >>> import nn, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = nn.save(nn.Linear(2, 3), f"{folder}/model.npz")
    ...     {name: array.shape for name, array in nn.load(path).items()}
    {'bias': (3,), 'weight': (3, 2)}
    """
    if not isinstance(path, str | os.PathLike):
        hint = "; the file comes first: nn.load(path, into=model)" if isinstance(path, Module) else ""
        raise TypeError(f"nn.load: path is a {type(path).__name__}, expected the name of a file{hint}")
    if into is not None and not isinstance(into, Module):
        raise TypeError(f"nn.load: into is a {type(into).__name__}, expected an nn.Module")
    tensors, metadata = read_npz(path) if is_npz(path) else read_safetensors(path)
    if is_checkpoint(metadata):
        tensors = _weights_of(path, state_from(path, tensors, metadata))
    if into is None:
        return tensors
    classes, preprocessing = from_metadata(path, metadata)
    into.load_state_dict(tensors)
    set_on(into, classes, preprocessing)
    return into


def _weights_of(path: Any, state: Any) -> dict[str, Any]:
    """The weights in the state of a training."""
    weights = state.get("model") if isinstance(state, dict) else None
    if not isinstance(weights, dict):
        raise DamagedFileError(path, 8, "the checkpoint has no 'model'", "load it by nn.fit(…, resume=path)")
    return weights
