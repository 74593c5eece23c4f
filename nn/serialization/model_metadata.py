"""What is kept beside weights: the names of the classes, and how images become inputs."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from typing import Any

from nn.module import Module
from nn.serialization.damaged_file import DamagedFileError

__all__ = ["as_metadata", "class_names", "from_metadata", "set_on"]

_CLASSES, _PREPROCESSING = "minigrad.classes", "minigrad.preprocessing"


def class_names(called: str, given: Any) -> tuple[str, ...]:
    """The names of classes as a tuple of texts.

    Raises:
        TypeError: if they are not a list of texts.
        ValueError: if there are none, or one is there twice.
    """
    if isinstance(given, str) or not isinstance(given, Iterable) or not all(isinstance(n, str) for n in given):
        raise TypeError(f"{called}: classes is {given!r:.80}, expected a list of names, as ['cat', 'dog']")
    names = tuple(str(name) for name in given)
    if not names or len(set(names)) < len(names):
        twice = next((name for name in names if names.count(name) > 1), None)
        raise ValueError(f"{called}: classes " + (f"has {twice!r} twice" if names else "is empty, expected names"))
    return names


def as_metadata(called: str, model: Module, classes: Any = None, preprocessing: Any = None) -> dict[str, str]:
    """Class names and preprocessing, by default those of the model, as texts of JSON for the metadata of a file."""
    if classes is None and can_be_kept("classes", model.classes):
        classes = model.classes
    if preprocessing is None and can_be_kept("preprocessing", model.preprocessing):
        preprocessing = model.preprocessing
    noted = {}
    if classes is not None:
        noted[_CLASSES] = json.dumps(class_names(called, classes))
    if preprocessing is not None:
        if not hasattr(preprocessing, "as_dict"):
            raise TypeError(
                f"{called}: preprocessing is a {type(preprocessing).__name__}, expected an nn.data.Preprocessing, "
                "which can be stored"
            )
        noted[_PREPROCESSING] = json.dumps(preprocessing.as_dict())
    return noted


def from_metadata(path: Any, metadata: dict[str, str]) -> tuple[tuple[str, ...] | None, Any]:
    """The class names and the preprocessing in the metadata of a file; ``None`` for what is not there.

    Raises:
        DamagedFileError: if they are not what `as_metadata` writes.
    """
    classes, preprocessing = (metadata.get(key) for key in (_CLASSES, _PREPROCESSING))
    try:
        names = None if classes is None else class_names("metadata", json.loads(classes))
        if preprocessing is None:
            return names, None
        from nn.data.preprocessing import Preprocessing

        return names, Preprocessing.from_dict(json.loads(preprocessing))
    except (ValueError, TypeError, RecursionError) as error:
        raise DamagedFileError(path, 8, f"the class names or the preprocessing are not in order ({error})") from None


def set_on(model: Module, classes: tuple[str, ...] | None, preprocessing: Any) -> None:
    """Let a model know its class names and its preprocessing, where a file or data have them.

    An attribute ``classes`` or ``preprocessing`` of the model's own class, of another kind, stays as it is, with a
    warning.
    """
    for name, value in (("classes", classes), ("preprocessing", preprocessing)):
        if value is None:
            continue
        if can_be_kept(name, getattr(model, name)):
            setattr(model, name, value)
        else:
            warnings.warn(
                f"{type(model).__name__}.{name} is a {type(getattr(model, name)).__name__} of its own, and does not "
                f"become {value!r:.80}; give it another name",
                RuntimeWarning,
                stacklevel=3,
            )


def can_be_kept(name: str, value: Any) -> bool:
    """Whether the value of this attribute is what a file can keep of it, or not set."""
    if value is None:
        return True
    if name == "preprocessing":
        return hasattr(value, "as_dict")
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
