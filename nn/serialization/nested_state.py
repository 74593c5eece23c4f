"""The state of a training, nested dictionaries and lists of all kinds, as arrays by name and a text in JSON.

What comes back is equal to the bit and of the same types: tuples stay tuples, keys of dictionaries may be whole
numbers, floats keep their last bit and may be NaN, arrays may have no axes or no elements. JSON has its own values as
they are; what it lacks is a dictionary of one key that begins with ``$``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from itertools import chain, count
from typing import Any

import numpy as np

from nn.printed_text import printable
from nn.serialization.header import METADATA

__all__ = ["pack", "unpack"]

_DEEPEST = 64
_LONG = 1 << 63  # from here on, whole numbers are written in hexadecimal digits: Python limits decimal ones
_KINDS = "biufc"  # of arrays: bool, int, unsigned, float, complex
_PAIRS = "complex128"  # safetensors lacks it; an element is stored as two floats


def pack(state: Any) -> tuple[dict[str, Any], str]:
    """The arrays of a state by dotted names, and the rest of it as JSON.

    Arguments:
        state: dictionaries (with keys that are texts or whole numbers), lists, tuples, ``None``, bools, numbers, texts,
            bytes, NumPy arrays and scalars, in one another.

    Raises:
        TypeError: if something is of another type; the message says where.
        ValueError: if it is nested more than 64 deep, as a list that contains itself.

    >>> tensors, text = pack({"epoch": 3, "model": {"w": np.zeros(2)}, "betas": (0.9, math.inf)})
    >>> text
    '{"epoch":3,"model":{"w":{"$array":"model.w"}},"betas":{"$tuple":[0.9,{"$float":"inf"}]}}'
    >>> unpack(tensors, text)
    {'epoch': 3, 'model': {'w': array([0., 0.])}, 'betas': (0.9, inf)}
    """
    tensors: dict[str, Any] = {}
    return tensors, json.dumps(_packed(state, (), tensors), separators=(",", ":"), allow_nan=False)


def unpack(tensors: Mapping[str, Any], text: str) -> Any:
    """The state of which `pack` has made arrays and a text.

    Raises:
        ValueError: if they are not what `pack` returns.
    """
    try:
        return _unpacked(json.loads(text), tensors)
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(f"the text is not that of a packed state ({type(error).__name__}: {error})") from None


def _packed(value: Any, path: tuple[Any, ...], tensors: dict[str, Any]) -> Any:
    """What stands for a value in JSON; its arrays are added to `tensors`."""
    if len(path) > _DEEPEST:
        raise ValueError(f"pack: {_shown(path[:3])} is nested more than {_DEEPEST} deep; does it contain itself?")
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int:
        return value if -_LONG < value < _LONG else {"$int": hex(value)}
    if kind is float:
        return value if math.isfinite(value) else {"$float": str(value)}
    if kind in (list, tuple):
        items = [_packed(item, (*path, i), tensors) for i, item in enumerate(value)]
        return items if kind is list else {"$tuple": items}
    if isinstance(value, Mapping):
        return _packed_mapping(value, path, tensors)
    if kind is bytes:
        return {"$bytes": _added(np.frombuffer(value, np.uint8), path, tensors)}
    if kind is np.ndarray or isinstance(value, np.generic):
        return _packed_array(value, path, tensors)
    hint = "write .data for the array of a Tensor" if hasattr(value, "requires_grad") else "give it a state_dict()"
    raise TypeError(
        f"pack: {_shown(path)} is a {kind.__name__}, expected dictionaries, lists, tuples, numbers, texts, bytes and "
        f"NumPy arrays; {hint}"
    )


def _packed_mapping(value: Mapping[Any, Any], path: tuple[Any, ...], tensors: dict[str, Any]) -> Any:
    for key in value:
        if type(key) not in (str, int):
            raise TypeError(f"pack: {_shown(path)} has the key {key!r:.80}, expected texts and whole numbers")
    if all(type(key) is str and not key.startswith("$") for key in value):
        return {key: _packed(item, (*path, key), tensors) for key, item in value.items()}
    return {
        "$dict": [[_packed(key, path, tensors), _packed(item, (*path, key), tensors)] for key, item in value.items()]
    }


def _packed_array(value: Any, path: tuple[Any, ...], tensors: dict[str, Any]) -> dict[str, str]:
    dtype = value.dtype
    if dtype.kind not in _KINDS or dtype.itemsize > (16 if dtype.kind == "c" else 8):
        raise TypeError(f"pack: {_shown(path)} is of {dtype}, expected whole numbers, floats, complex numbers or bools")
    array = np.asarray(value)
    more = {}
    if dtype.name == _PAIRS:
        array, more = np.stack([array.real, array.imag], axis=-1), {"dtype": _PAIRS}
    return {"$array" if type(value) is np.ndarray else "$scalar": _added(array, path, tensors), **more}


def _added(array: Any, path: tuple[Any, ...], tensors: dict[str, Any]) -> str:
    """The name under which an array is added: its path, or one like it that is not taken."""
    wanted = ".".join(map(str, path)) or "state"
    names = chain([wanted], (f"{wanted}~{number}" for number in count(2)))
    name = next(name for name in names if name not in tensors and name != METADATA)  # {"a.b": x, "a": {"b": y}}
    tensors[name] = array
    return name


def _shown(path: tuple[Any, ...]) -> str:
    """A place in the state, as in Python: ``state['model']['w']``."""
    return printable("state" + "".join(f"[{key!r}]" for key in path))


def _unpacked(value: Any, tensors: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_unpacked(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    tag = next(iter(value), "")
    if not tag.startswith("$"):
        return {key: _unpacked(item, tensors) for key, item in value.items()}
    content = value[tag]
    if tag == "$int":
        return int(content, 16)
    if tag == "$float":
        return float(content)
    if tag == "$tuple":
        return tuple(_unpacked(item, tensors) for item in content)
    if tag == "$dict":
        return {_unpacked(key, tensors): _unpacked(item, tensors) for key, item in content}
    array = tensors[content]
    if tag == "$bytes":
        return array.tobytes()
    if "dtype" in value:
        array = array.view(value["dtype"])[..., 0]
    if tag == "$array":
        return array
    if tag == "$scalar":
        return array[()]
    raise ValueError(f"the text is not that of a packed state: it has the key {tag!r}")
