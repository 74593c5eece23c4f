"""The graph up to the operation that raised an error.

The error's traceback says which call failed, and with which arguments: nothing has to be noted while all goes well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from minigrad.core import validation
from minigrad.core.graph import sweep
from minigrad.core.named_scope import scope_of
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.graph.trace import Call, call_of, trace, trace_call
from minigrad.notation.name import variable_names, variables_of
from minigrad.unsupported import refuse_call
from minigrad.user_frame import is_installed, is_minigrad, is_ours

__all__ = ["trace_failure"]

_LONGEST_LIST = 1000  # of more, a list is data


class _Failed(NamedTuple):
    """The call that raised an error: a primitive, or another function, its inputs and its keywords."""

    called: Primitive | str
    inputs: tuple[Any, ...]
    params: dict[str, Any]


def trace_failure(error: BaseException, variables: Mapping[int, str] | None = None) -> Graph:
    """The graph up to the operation that raised an error within ``record``; `Graph.failed` is its call.

    Where no operation was called yet, because arguments did not fit, it is the function that refused them; where the
    program itself raised the error, all that it had computed leads there.

    Arguments:
        error: as it was caught, with its traceback.
        variables: names of Tensors and arrays that have none of their own, by their ``id``; by default those of the
            functions that the error went through.
    """
    frames = list(_frames(error))
    if frames and error.__cause__ is not None and _is_public(frames[-1]):
        frames += list(_frames(error.__cause__))[1:]  # the error of a part of the function, under its own name
    called, inputs, params = _in_minigrad(frames) or _in_program(frames)
    primitive = called if isinstance(called, Primitive) else None
    names = _names(frames) if variables is None else variables
    graph = trace_call(error, Call(primitive, inputs, params, scope_of(error)), names)
    if graph.failed is not None and primitive is None:
        graph.failed.name = str(called)
    return graph


def _frames(error: BaseException) -> Iterator[FrameType]:
    """The frames that an error went through, outermost first."""
    entry = error.__traceback__
    while entry is not None:
        yield entry.tb_frame
        entry = entry.tb_next


def _in_minigrad(frames: list[FrameType]) -> _Failed | None:
    """The innermost call of minigrad by the program or by nn; ``None`` if the error was raised outside."""
    inside: list[FrameType] = []
    for frame in reversed(frames):
        if not is_minigrad(frame):
            break
        inside.insert(0, frame)
    for frame in inside:
        if frame.f_code is sweep.__code__:
            break  # it is backward() that failed
        primitive = frame.f_locals.get("self")
        if isinstance(primitive, Primitive) and frame.f_code.co_name == "__call__":
            given = _arguments(frame)
            del given["self"]
            params = given.pop("params", {})
            return _Failed(primitive, tuple(_flattened(given.values())), params)
    if not inside:
        return None
    # an operator is a lambda; `validation` calls functions; `refuse_call` says which arguments one takes
    own = [f for f in inside if f.f_code.co_name != "<lambda>" and f.f_globals is not vars(validation)]
    refused = any(frame.f_code is refuse_call.__code__ for frame in inside)
    frame = inside[0] if refused else (own or inside)[0]
    given = _arguments(frame)
    name = frame.f_locals["name"] if _is_public(frame) else frame.f_code.co_name
    inputs = tuple(x for x in _flattened(given.values()) if _is_array(x))
    return _Failed(name, inputs, {key: x for key, x in given.items() if not _is_array(x)})


def _is_public(frame: FrameType) -> bool:
    """Whether it runs what users call in place of a function of the tables of rules, for errors with its name."""
    return is_minigrad(frame) and frame.f_code.co_name == "called" and {"name", "function"} <= frame.f_locals.keys()


def _in_program(frames: list[FrameType]) -> _Failed:
    """The innermost function that has computed something within ``record``, or was given something, and that."""
    for frame in reversed(frames):
        computed = [x for x in _flattened(frame.f_locals.values()) if isinstance(x, Tensor) and _was_recorded(x)]
        used = {id(use.source.value) for use in trace(computed).uses}
        last = tuple(dict.fromkeys(x for x in computed if id(x) not in used))
        given = tuple(x for x in _flattened(_arguments(frame).values()) if isinstance(x, Tensor))
        if last or given:
            return _Failed(frame.f_code.co_name, last or given, {})
    return _Failed(frames[-1].f_code.co_name if frames else "operation", (), {})


def _names(frames: list[FrameType]) -> dict[int, str]:
    names: dict[int, str] = {}
    for frame in reversed(frames):
        if not is_ours(frame) and not is_installed(frame):
            for value, name in variable_names(variables_of(frame)).items():
                names.setdefault(value, name)
    return names


def _was_recorded(x: Tensor) -> bool:
    call = call_of(x) if x._inputs is not None else None
    return call is not None and call.scope is not None and call.scope.records_all


def _arguments(frame: FrameType) -> dict[str, Any]:
    """The arguments of the function that a frame runs, as far as they are still there."""
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return {name: frame.f_locals[name] for name in code.co_varnames[:count] if name in frame.f_locals}


def _flattened(values: Iterable[Any]) -> Iterator[Any]:
    """Values, and the elements of lists and tuples of them."""
    for value in values:
        if isinstance(value, list | tuple) and len(value) <= _LONGEST_LIST:
            yield from _flattened(value)
        else:
            yield value


def _is_array(x: Any) -> bool:
    first = next(_flattened([x]), None)
    return isinstance(first, Tensor | np.ndarray)
