"""save: the weights of a model in a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nn.module import Module
from nn.serialization.model_metadata import as_metadata
from nn.serialization.npz import write_npz
from nn.serialization.safetensors import write_safetensors
from nn.unsupported import explains_calls

__all__ = ["check_suffix", "save"]

_WRITERS = {".safetensors": write_safetensors, ".npz": write_npz}


@explains_calls
def save(model: Module, path: str | os.PathLike[str], *, classes: Any = None, preprocessing: Any = None) -> Path:
    """Write the weights of a model, its buffers and the states of its generators to a file, completely or not at all.

    The names of the classes and the preprocessing of the images are kept beside them, so that ``nn.predict`` can tell
    what is on a photo; `load` reads all. In a ``.npz`` file they are an array ``__metadata__``, if there are any.

    A ``.safetensors`` file is one for PyTorch, too: ``net.load_state_dict(safetensors.torch.load_file(path))``, with
    ``strict=False`` if a layer of dropout has a seed, and so a generator. To go on with a training after a break, write
    ``nn.fit(…, checkpoint=path)``, which keeps the state of the optimizer, too.

    Arguments:
        path: ends in ``.safetensors``, or in ``.npz`` for NumPy's format. Missing folders are created; a file that is
            there is replaced.
        classes: the names of the classes, in the order of their numbers; ``model.classes`` if not given.
        preprocessing: an `nn.data.Preprocessing`; ``model.preprocessing`` if not given.

    Returns:
        The path.

    Raises:
        OSError: if the file cannot be written; one that was there before is unchanged.
        TypeError: if an argument is not of its kind, or the file format lacks the dtype of a parameter.
        ValueError: if the path has another suffix, or a class has the name of another.

    >>> import nn, tempfile
    >>> model = nn.Linear(2, 3, rng=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = nn.save(model, f"{folder}/model.safetensors", classes=["cat", "dog", "mouse"])
    ...     other = nn.load(path, into=nn.Linear(2, 3, rng=1))
    >>> other.classes
    ('cat', 'dog', 'mouse')
    """
    if not isinstance(model, Module):
        hint = "; the model comes first: nn.save(model, path)" if isinstance(path, Module) else ""
        raise TypeError(f"nn.save: model is a {type(model).__name__}, expected an nn.Module{hint}")
    suffix = check_suffix("nn.save", path)
    return _WRITERS[suffix](path, model.state_dict(), as_metadata("nn.save", model, classes, preprocessing))


def check_suffix(called: str, path: Any) -> str:
    """The suffix of a path to which weights can be written.

    Raises:
        TypeError: if it is not a path.
        ValueError: if it has another suffix.
    """
    if not isinstance(path, str | os.PathLike) or isinstance(os.fspath(path), bytes):
        raise TypeError(f"{called}: path is a {type(path).__name__}, expected the name of a file")
    suffix = Path(path).suffix.lower()
    if suffix not in _WRITERS:
        raise ValueError(
            f"{called}: cannot tell a format from {Path(path).name!r}; the name must end in .safetensors, or in .npz "
            "for NumPy's format"
        )
    return suffix
