"""Whether a constructor makes a model again: what was changed after it was constructed would be lost without a word."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

import minigrad as mg
from nn.constructor_arguments import NotJSON, as_json
from nn.module import Module
from nn.printed_text import printable

__all__ = ["difference"]

#: Attributes that are kept in another way, or belong to a training.
_KEPT = {"training", "classes", "preprocessing"}


def difference(model: Module, again: Module) -> str | None:
    """The first thing in which two models differ, except for the numbers in parameters and buffers."""
    ours, theirs = (dict(each.named_modules()) for each in (model, again))
    for path in (*ours, *theirs):
        kinds = [type(each[path]) if path in each else None for each in (ours, theirs)]
        if kinds[0] is not kinds[1]:
            is_a = [f"is a {kind.__name__}" if kind else "is not there" for kind in kinds]
            return f"{printable(path)} {is_a[0]}, and {is_a[1]} in what the constructor makes"
    shapes = [
        {name: tensor.shape for name, tensor in (*each.named_parameters(), *each.named_buffers())}
        for each in (model, again)
    ]
    for name in (*shapes[0], *shapes[1]):
        if shapes[0].get(name) != shapes[1].get(name):
            has = [f"has shape {each[name]}" if name in each else "is missing" for each in shapes]
            return f"{printable(name)} {has[0]}, and {has[1]} in what the constructor makes"
    for path, module in ours.items():
        mine, other = _settings(module), _settings(theirs[path])
        for name in (*mine, *other):
            if mine.get(name) != other.get(name):
                called = ".".join(filter(None, (path, name)))
                return (
                    f"{printable(called)} is {mine.get(name)!r:.60}, and {other.get(name)!r:.60} in what the "
                    "constructor makes"
                )
    return None


def _settings(module: Module) -> dict[str, Any]:
    """The public attributes that are numbers, texts, lists of these, and arrays that are not saved with the weights."""
    saved = {id(tensor) for tensor in (*module.parameters(), *module.buffers())}
    found = {
        name: _array(value) or as_json(value)
        for name, value in vars(module).items()
        if not name.startswith("_") and id(value) not in saved
    }
    return {name: value for name, value in found.items() if name not in _KEPT and not isinstance(value, NotJSON)}


def _array(value: Any) -> str | None:
    """What tells an array from others; ``None`` for all else."""
    array = value.data if isinstance(value, mg.Tensor) else value
    if not isinstance(array, np.ndarray) or array.dtype.hasobject:
        return None
    digits = hashlib.sha256(array.tobytes()).hexdigest()[:8]
    return f"an array {digits} of {array.dtype} {array.shape}"
