"""What depends on shapes and settings alone is computed once, and looked up in every later call.

A network calls an operation with the same shapes and settings in each step of its training. To check them, and to bring
them into the form that kernels take, can take longer than to compute with a small image.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from marshal import dumps, loads
from typing import Any, TypeVar

__all__ = ["looked_up"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

_MOST = 1024  # results that a function keeps
_VERSION = 2  # of the bytes: later ones depend on how often an object is referred to


def looked_up(compute: _Function) -> _Function:
    """Decorator: a function of shapes and settings, whose results are kept; errors are raised anew each time.

    The key is the arguments as bytes: as keys themselves 1, 1.0 and True would be equal, and a list would be none.

    >>> @looked_up
    ... def positions(n, stride):
    ...     print("computed")
    ...     return -(-n // stride)
    >>> positions(8, 2)
    computed
    4
    >>> positions(8, 2)
    4
    """
    found: dict[bytes, Any] = {}

    @wraps(compute)
    def look_up(*arguments: Any) -> Any:
        try:
            key = dumps(arguments, _VERSION)
        except ValueError:  # neither numbers nor text, nor tuples and lists of such
            return compute(*arguments)
        result = found.get(key)
        if result is None:
            result = compute(*arguments)
            if _is_exact(key, arguments):
                if len(found) >= _MOST:
                    found.clear()
                found[key] = result
        return result

    return look_up  # type: ignore[return-value]


def _is_exact(key: bytes, arguments: tuple[Any, ...]) -> bool:
    """Whether the bytes say all about the arguments: those of NumPy's numbers and arrays leave out the dtype."""
    try:
        return bool(loads(key) == arguments)
    except ValueError:  # an array is neither true nor false
        return False
