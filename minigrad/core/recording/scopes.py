"""The scopes within ``record``: all that is computed keeps how, whether it requires gradients or not."""

from __future__ import annotations

from typing import Any

from minigrad.core.named_scope import TOP_LEVEL, Scope, ScopeContext, enter_scope, innermost
from minigrad.core.recording.origin import recorded_origin

__all__ = ["DetachedScope", "RecordingScope", "plain_arrays", "record_all", "recordings", "records_arrays"]

#: The ``record`` blocks that are open, in all threads: where there are none, nothing more is asked.
recordings: list[Any] = []


class RecordingScope(Scope):
    """A scope in which constants keep how they were computed, and operations on plain arrays give Tensors."""

    __slots__ = ("records_arrays",)
    records_all = True

    def __init__(self, label: Any, outer: Scope | None) -> None:
        super().__init__(label, outer)
        self.records_arrays: bool = getattr(outer, "records_arrays", True)

    def detached(self) -> Scope:
        return _copied(self, DetachedScope)


class DetachedScope(RecordingScope):
    """``no_grad`` within ``record``: what is computed requires no gradients, but keeps how it was computed."""

    __slots__ = ()
    is_detached = True

    def __init__(self, label: Any, outer: Scope | None) -> None:
        super().__init__(label, outer)
        self.on_record = _detach

    def detached(self) -> Scope:
        return self

    def attached(self) -> Scope:
        return _copied(self, RecordingScope)


def _copied(scope: Scope, kind: type[RecordingScope]) -> RecordingScope:
    """The same scope for drawings, of another kind."""
    copied = kind(scope.label, scope.outer)
    copied.records_arrays = getattr(scope, "records_arrays", True)
    return copied


def _detach(y: Any) -> None:
    """Make a constant of an output that has just been recorded."""
    y._origin = recorded_origin(y._primitive, y._inputs, y._params, y._scope)
    y._requires_grad = False
    y._primitive = y._params = y._scope = None
    y._inputs = y._values = ()


class record_all(ScopeContext):
    """Keep of every operation within how it was computed; the core of `minigrad.record`."""

    def __enter__(self) -> None:
        scope = innermost()[0]
        outside = DetachedScope if scope is None else RecordingScope
        if not isinstance(scope, RecordingScope):
            observer = None if scope is None else scope.on_record  # that of `detect_anomaly` around it
            scope = _copied(scope or TOP_LEVEL, outside)
            scope.on_record = observer or scope.on_record
        enter_scope(self, scope)
        recordings.append(self)

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        if self in recordings:
            recordings.remove(self)


class plain_arrays(ScopeContext):
    """Within ``record``: operations on plain arrays give plain arrays, as the rules in a backward sweep expect."""

    def __enter__(self) -> None:
        scope = innermost()[0]
        if isinstance(scope, RecordingScope):
            scope = _copied(scope, type(scope))
            scope.records_arrays = False
        enter_scope(self, scope)


def records_arrays() -> bool:
    """Whether operations on plain arrays alone are recorded in this thread or task."""
    return getattr(innermost()[0], "records_arrays", False)
