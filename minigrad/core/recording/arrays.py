"""How plain arrays were computed from Tensors, within ``record``: comparisons, argmax and their like give arrays.

An array has no attribute that could hold its origin, so a table here holds it for as long as the array lives.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.conversions import Conversions
from minigrad.core.named_scope import Scope, innermost
from minigrad.core.recording.scopes import recordings

__all__ = ["ArrayCall", "call_of_array", "noted", "owner_of", "values_of"]

_STEP = 2.0**-16  # arrays between two Tensors, in the order of their creation


class ArrayCall(NamedTuple):
    """The call that computed an array.

    `order` is after that of the Tensors and arrays among its inputs, `serial` counts all calls.
    """

    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    params: dict[str, Any]
    scope: Scope
    order: float
    serial: int


_next_serial = count(1).__next__
_known: dict[int, tuple[weakref.ref[Any], ArrayCall]] = {}


def noted(result: Any, function: Callable[..., Any], inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """The result; if all is recorded, an array, of a single number too, of which is noted how it was computed."""
    if not recordings:  # asked first: comparisons are frequent
        return result
    scope = innermost()[0]
    if scope is None or not scope.records_all:
        return result
    if isinstance(result, np.generic):
        result = np.asarray(result)
    if type(result) is not np.ndarray:
        return result
    orders: list[float] = [x._order for x in inputs if isinstance(x, Conversions)]
    orders += [call.order for call in map(call_of_array, inputs) if call is not None]
    call = ArrayCall(function, inputs, params, scope, max(orders, default=0) + _STEP, _next_serial())
    key = id(result)
    _known[key] = weakref.ref(result, lambda _: _known.pop(key, None)), call
    return result


def values_of(t: Any) -> Any:
    """The array of a Tensor; within ``record`` a view of it, of which is noted whose values it has."""
    array = t.data
    return noted(array.view(), values_of, (t,), {}) if type(array) is np.ndarray and array.ndim else array


def owner_of(x: Any) -> Any:
    """The Tensor whose values an array has, if that is noted; else what was given."""
    noted = call_of_array(x) if type(x) is np.ndarray else None
    return noted.inputs[0] if noted is not None and noted.function is values_of else x


def call_of_array(x: Any) -> ArrayCall | None:
    """How an array was computed; ``None`` if that is not known."""
    reference, call = _known.get(id(x), (None, None))
    return call if reference is not None and reference() is x else None
