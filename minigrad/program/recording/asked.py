"""Who asks for a number that depends on an argument: an operation of minigrad, or the user's line."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NoReturn

from minigrad.core.primitive import Binary, Primitive, Unary
from minigrad.core.tensor import Tensor
from minigrad.kernels.manipulation.indexing import getitem
from minigrad.kernels.manipulation.select import where
from minigrad.kernels.reductions.statistics import mean
from minigrad.user_frame import is_installed, is_ours

__all__ = [
    "Touched", "asks_for_itself", "base", "is_outside", "note_error", "note_outside", "note_refusal",
    "note_unknown", "recording_begins", "refuse", "refuse_always", "refuse_within_operation", "user_line",
]  # fmt: skip

_HERE = str(Path(__file__).parent) + os.sep
_PACKAGE = Path(__file__).parents[2]
#: The files in which a Tensor hands the question on to its value.
_HANDS_ON = (str(_PACKAGE / "core" / "conversions.py"), str(_PACKAGE / "core" / "tensor.py"))
#: Pieces of a batch: within an operation, and possibly in a thread of their own, where nobody called the operation.
_THREADS = str(_PACKAGE / "kernels" / "threads.py")
_CALLS = frozenset({Primitive.__call__.__code__, Unary.__call__.__code__, Binary.__call__.__code__})
_bases: set[CodeType] = set()
#: What this recording has refused: the user's program may have caught the error, and gone on without the number.
_refusals: ContextVar[list[RuntimeError] | None] = ContextVar("minigrad refusals", default=None)
#: One list for each recording in progress. A thread that the user starts does not see the context variable above.
_all_refusals: list[list[RuntimeError]] = []
#: Errors for what was computed from outside Tensors before they were found: the next recording knows them.
_unknown: ContextVar[list[RuntimeError] | None] = ContextVar("minigrad unknown Tensors", default=None)
#: The number of the first Tensor that was created in this recording.
_start: ContextVar[int] = ContextVar("minigrad start of a recording", default=0)
#: Forward functions that are written out, for they are NumPy's with a check of shape or dtype.
_CHECKED = frozenset({getitem.__code__, mean.__code__, where.__code__})

_BASE, _CALL, _PIECE, _WRITTEN_OUT, _OTHER = "base", "call", "piece", "written out", "other"
#: The role of each code by its id, and the code, so that the id stays its own: Python hashes a code anew each time.
_roles: dict[int, tuple[str, CodeType]] = {}


class Touched(TypeError):
    """Raised where the forward function of an operation looks at an array that is being recorded.

    The operation then becomes a line of the program, whatever its forward function is made of.
    """


@contextmanager
def recording_begins() -> Iterator[list[RuntimeError]]:
    """Within, Tensors are of this recording; the value is a list of errors for values of outside Tensors.

    Raises:
        RuntimeError: at the end, for the first thing that was refused within, even if the error was caught there.
    """
    refusals: list[RuntimeError] = []
    unknown: list[RuntimeError] = []
    tokens = _refusals.set(refusals), _start.set(Tensor(0.0)._order), _unknown.set(unknown)
    _all_refusals.append(refusals)
    try:
        yield unknown
    finally:
        _all_refusals[:] = [other for other in _all_refusals if other is not refusals]
        _refusals.reset(tokens[0])
        _start.reset(tokens[1])
        _roles.clear()
        _unknown.reset(tokens[2])
    if refusals:
        raise refusals[0]


def base(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of the function below which a recording runs: nobody below it asks."""
    _bases.add(function.__code__)
    return function


def refuse_within_operation(written_out: bool = True) -> None:
    """Raise `Touched` within the forward function of an operation.

    One that is a NumPy function, an operator or a lambda is written out: it says itself what it computes. It is not
    where it does what cannot be a line by itself: ``table[i]`` of a constant array, for which NumPy wants numbers.
    """
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        known = _roles.get(id(frame.f_code))
        role = known[0] if known is not None else _role(frame.f_code)
        if role is _BASE:
            return
        if role is _OTHER:
            written_out = False
        elif role is _CALL and written_out:
            values = frame.f_locals
            for x in values.get("args", (values.get("x"), values.get("y"))):
                note_outside(x)
            return
        elif role is not _WRITTEN_OUT:
            raise Touched("an array that is being recorded has no numbers to compute with")
        frame = frame.f_back


def _role(code: CodeType) -> str:
    """What the code of a frame means to the operation that it may be a part of."""
    if code in _bases:
        role = _BASE
    elif code in _CALLS:
        role = _CALL
    elif code.co_filename == _THREADS:
        role = _PIECE
    elif code.co_name.startswith("<") or code in _CHECKED or code.co_filename.startswith(_HERE):
        role = _WRITTEN_OUT
    else:
        role = _OTHER
    _roles[id(code)] = role, code
    return role


def note_outside(x: Any) -> None:
    """Note an error for a Tensor whose value training would change, and which is neither an argument nor known."""
    if not isinstance(x, Tensor) or hasattr(x._data, "__record__"):
        return
    if not x.requires_grad:
        if x._origin == () and x._primitive is None and x._origin is not None:
            note_unknown(x, "was computed from Tensors that are not arguments")
        return
    start = _start.get()
    seen, to_visit = {x}, [x]
    while to_visit:
        y = to_visit.pop()
        if y._primitive is None and y._order < start:
            note_unknown(y, "requires gradients, and is not an argument")
        for z in y._inputs or ():
            if isinstance(z, Tensor) and z.requires_grad and z not in seen:
                seen.add(z)
                to_visit.append(z)


def is_outside(x: Tensor) -> bool:
    """Whether a Tensor was there before the recording."""
    return x._order < _start.get()


def note_unknown(x: Tensor, what: str) -> None:
    """Note an error for a value that is neither an argument nor of a module that is called."""
    called = x._called(f"a Tensor of shape {x.shape}")
    error = _error(
        f"{called} {what}",
        "its value would be a constant of the program; pass it as an argument, f(w, x), or make it a parameter of "
        "a module that is called",
    )
    unknown = _unknown.get()
    if unknown is None:
        note_refusal(error)
    else:
        unknown.append(error)


def asks_for_itself() -> bool:
    """Whether an operation of minigrad asks, and not the user's line."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code not in _bases:
        file = frame.f_code.co_filename
        if not (file.startswith(_HERE) or file in _HANDS_ON or is_installed(frame)):
            return is_ours(frame)
        frame = frame.f_back
    return False


def user_line() -> str:
    """The user's line that runs: ``lecture.py:7: if loss > 0:``."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and (is_ours(frame) or is_installed(frame)):
        frame = frame.f_back
    if frame is None:
        return "an unknown line"
    file = frame.f_code.co_filename
    text = linecache.getline(file, frame.f_lineno, frame.f_globals).strip()
    name = "cell" if file.startswith("<") or "ipykernel" in file else Path(file).name
    return f"{name}:{frame.f_lineno}" + (f": {text}" if text else "")


def refuse(what: str, instead: str) -> NoReturn:
    """Raise a RuntimeError for what cannot be a line of a program, with the user's line.

    Within the forward function of an operation it is `Touched`: the operation as a whole can be recorded.
    """
    refuse_within_operation(written_out=False)
    refuse_always(what, instead)


def refuse_always(what: str, instead: str) -> NoReturn:
    """Raise a RuntimeError for what cannot be a line of a program either if an operation does it."""
    error = _error(what, instead)
    note_refusal(error)
    raise error


def note_error(error: Exception) -> None:
    """Refuse a program that goes on after an error in one of its lines: with other numbers it may not occur."""
    if not isinstance(error, Touched):
        what = f"an error is caught ({type(error).__name__}: {error})"
        note_refusal(_error(what, "test arrays with mg.where, or outside"))


def note_refusal(error: RuntimeError) -> None:
    """Refuse the program that is written in this thread; in another thread, all that are."""
    own = _refusals.get()
    for refusals in _all_refusals if own is None else (own,):
        refusals.append(error)


def _error(what: str, instead: str) -> RuntimeError:
    return RuntimeError(
        f"compile: {what}, at {user_line()}\nA program is written once and runs on other numbers; {instead}"
    )
