"""Arrays that are being recorded: a program is written of what is computed with them.

Within ``mg.compile`` an object stands in place of each array that depends on an argument. It has a shape and a dtype,
and gives no numbers away. Its method ``__record__(function, args, params)`` writes a call of a function down as a line
of the program, and returns what stands for its result; ``__assigned__(name, old)`` may refuse to take the place of the
value `old` of a Tensor.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any, TypeVar, overload

__all__ = ["also_noted", "noting_signals", "recordable", "recorder_of"]

#: Called with each Tensor and its complete error signal in the sweeps of a recording, for their names.
noting_signals: ContextVar[Callable[[Any, Any], None] | None] = ContextVar("minigrad noting_signals", default=None)

_Function = TypeVar("_Function", bound=Callable[..., Any])


def also_noted(visit: Callable[[Any, Any], Any] | None) -> Callable[[Any, Any], Any] | None:
    """What a sweep calls with each error signal; where a program is written, they are noted, too."""
    note = noting_signals.get()
    if note is None:
        return visit
    return lambda x, x_bar: (note(x, x_bar), x_bar if visit is None else visit(x, x_bar))[1]


def recorder_of(*values: Any) -> Any:
    """The first of some values, and of what is in tuples, lists, dictionaries and slices, that is being recorded."""
    pending, seen = list(values[::-1]), set()  # a loop, for lists may be nested without end
    while pending:
        value = pending.pop()
        if hasattr(value, "__record__"):
            return value
        if isinstance(value, slice):
            pending += value.step, value.stop, value.start
        elif isinstance(value, tuple | list | dict) and id(value) not in seen:
            seen.add(id(value))
            pending += reversed(value.values() if isinstance(value, dict) else value)
    return None


@overload
def recordable(function: _Function) -> _Function: ...
@overload
def recordable(*, others: tuple[str, ...]) -> Callable[[_Function], _Function]: ...
def recordable(function: Any = None, *, others: tuple[str, ...] = ()) -> Any:
    """Decorator: a call of this function is one line of a program, whatever it looks at in its arrays.

    Arguments:
        others: what a program calls the results after the first one: ``pool1_switches`` beside ``pool1``.
    """
    if function is None:
        return partial(recordable, others=others)

    @wraps(function)
    def call(*args: Any, **params: Any) -> Any:
        recorder = recorder_of(*args)
        if recorder is not None:
            return recorder.__record__(call, args, params)
        return function(*args, **params)

    call.other_results = others  # type: ignore[attr-defined]
    return call
