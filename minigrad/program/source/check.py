"""The end of a saved program: it refuses arguments of other shapes and dtypes than it was written for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minigrad.device import device_of

__all__ = ["kind_text", "with_check"]

_CHECK = """

# ---------------------------------------------------------------- what the program was written for


def _kind(x):
    if hasattr(getattr(x, "device", None), "id"):
        return f"{x.dtype} {x.shape} on cuda:{x.device.id}"
    if isinstance(x, (np.ndarray, np.generic)):
        return f"{x.dtype} {x.shape}" if isinstance(x, np.ndarray) else f"{x.dtype}"
    if isinstance(x, (tuple, list)):
        return f"{type(x).__name__}({', '.join(map(_kind, x))})"
    if isinstance(x, dict):
        return "{" + ", ".join(f"{key!r}: {_kind(part)}" for key, part in x.items()) + "}"
    return type(x).__name__ if isinstance(x, (float, complex)) else repr(x)


def _checked(program, **kinds):
    def check(*args, **kwargs):
        given = {**dict(zip(kinds, args)), **kwargs}
        for name, kind in kinds.items():
            if name in given and kind not in (_kind(given[name]), type(given[name]).__name__):
                raise ValueError(
                    f"{program.__name__}: the argument {name} is {_kind(given[name])}, and the program was written for "
                    f"{kind}; its lengths and numbers hold for that alone"
                )
        return program(*args, **kwargs)

    return check


"""


def with_check(text: str, name: str, kinds: Iterable[tuple[str, str]]) -> str:
    """The module with its function replaced by one that looks at the arguments first."""
    words = "".join(f"    {parameter}={kind!r},\n" for parameter, kind in kinds)
    return f"{text}{_CHECK}{name} = _checked(\n    {name},\n{words})\n"


def kind_text(x: Any) -> str:
    """An argument, or the variable that stands for it, as saved programs describe it.

    >>> kind_text((np.ones((2, 3)), np.float32(1.0), 2.0, 3))
    'tuple(float64 (2, 3), float32, float, 3)'
    """
    if hasattr(x, "dtype") and hasattr(x, "shape"):
        if x.dtype is None:
            return str(x.type.__name__)
        if device_of(x) != "cpu":
            return f"{x.dtype} {x.shape} on {device_of(x)}"
        kind = getattr(x, "type", type(x))
        return f"{x.dtype} {x.shape}" if kind is np.ndarray else f"{x.dtype}"
    if isinstance(x, tuple | list):
        return f"{type(x).__name__}({', '.join(map(kind_text, x))})"
    if isinstance(x, dict):
        return "{" + ", ".join(f"{key!r}: {kind_text(part)}" for key, part in x.items()) + "}"
    return type(x).__name__ if isinstance(x, float | complex) else repr(x)
