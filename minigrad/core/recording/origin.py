"""How a constant was computed: kept for a few constants always, and for all within ``record``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.core.conversions import Conversions
from minigrad.core.named_scope import Scope, innermost

if TYPE_CHECKING:
    from minigrad.core.primitive import Primitive

__all__ = [
    "UNKNOWN",
    "Origin",
    "Recorded",
    "detached_origin",
    "is_short",
    "origin",
    "origin_in_graph",
    "recorded_origin",
]

#: The primitive, its inputs and params; how deep the chain of origins is, and how many bytes of arrays it keeps in
#: memory; and within ``record`` the scope. `explain` and `draw` write 1 − t with it. The primitive of ``t.detach()`` is
#: ``None``, and of a plain array that was given to an operation.
Recorded = tuple["Primitive | None", tuple[Any, ...], dict[str, Any], int, float, Scope | None]
#: It is ``None`` for what was not computed, and empty if nothing more is known than that it was.
Origin = Recorded | tuple[()] | None
UNKNOWN: tuple[()] = ()
_DEEPEST = 8  # operations: in a loop, a chain must not grow for ever
_LARGEST = 1 << 20  # bytes
_array = np.ndarray


def origin(primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any] | None, scope: Scope) -> Origin:
    """How a constant was computed from constants; outside ``record`` unknown, if that keeps much memory."""
    if type(scope) is not Scope:  # within `record`
        return recorded_origin(primitive, inputs, params, scope)
    depth, nbytes = 1, 0
    for kept in inputs:
        if isinstance(kept, Conversions):
            before = kept._origin
            if before:
                nbytes += before[4]
                if depth <= before[3]:
                    depth = before[3] + 1
            kept = kept._data
        if type(kept) is _array:
            nbytes += kept.nbytes
    if params:
        for kept in params.values():
            if type(kept) is _array:
                nbytes += kept.nbytes
    if depth > _DEEPEST or nbytes > _LARGEST:
        return UNKNOWN
    return primitive, inputs, params or {}, depth, nbytes, None


def recorded_origin(
    primitive: Primitive | None, inputs: tuple[Any, ...], params: dict[str, Any] | None, scope: Scope
) -> Recorded:
    """How a constant was computed, however long the chain; what is computed from it after ``record`` keeps none of it.

    Inputs may require gradients: under ``no_grad``.
    """
    kept = [getattr(x, "_origin", None) for x in inputs]
    depth = 1 + max((before[3] for before in kept if before), default=0)
    nbytes = float(sum(before[4] for before in kept if before))
    for x in (*inputs, *(params or {}).values()):
        if isinstance(x, Conversions):
            nbytes += float("inf") if x._requires_grad else getattr(x._data, "nbytes", 0)
        elif type(x) is _array:
            nbytes += x.nbytes
    return primitive, inputs, params or {}, depth, nbytes, scope


def origin_in_graph(primitive: Primitive | None, inputs: tuple[Any, ...], params: dict[str, Any]) -> Origin:
    """How a constant was computed from what may be in a graph, which it keeps alive only within ``record``."""
    scope = innermost()[0]
    return recorded_origin(primitive, inputs, params, scope) if scope is not None and scope.records_all else UNKNOWN


def detached_origin(x: Any) -> Origin:
    """How ``x.detach()`` was computed."""
    known = origin_in_graph(None, (x,), {})
    return known if known or x._primitive is not None or x._origin is not None else None


def is_short(known: Origin) -> bool:
    """Whether it would have been kept without ``record``, so that a derivation writes it down."""
    if not known:
        return False
    primitive, _, _, depth, nbytes, _ = known
    return primitive is not None and depth <= _DEEPEST and nbytes <= _LARGEST
