"""What a function uses besides its arguments, as the one who writes a program of it has to know.

A network's parameters and buffers become arguments of the program. It finds them by the scopes that are entered: a
label of `mg.scope` with ``named_parameters()`` and ``named_buffers()``, as modules have, tells it which they are; its
``condition()`` returns a function that says whether all else is still as it was, such as the mode of a module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from minigrad.recorder.protocol import noting_signals

__all__ = [
    "Draws", "again_for_backward", "called", "drawn", "effect", "given", "holds_while", "name_of", "own_writer",
    "updating", "writer", "writers", "writing",
]  # fmt: skip

#: The program that is being written in this thread; and all that are, which is empty nearly always.
_writer: ContextVar[Any] = ContextVar("minigrad writer of a program", default=None)
writers: list[Any] = []
_draws: ContextVar[Draws | None] = ContextVar("minigrad draws", default=None)

_Function = TypeVar("_Function", bound=Callable[..., Any])


def writer() -> Any:
    """Who writes a program of what is computed in this thread; ``None`` where nobody does.

    A thread of which no program is written waits until those of others are: Tensors outside have no values so long.
    """
    if not writers:
        return None
    found = _writer.get()
    if found is None:
        for other in tuple(writers):
            other.wait()
    return found


def own_writer() -> Any:
    """The same, and nobody waits."""
    return _writer.get()


@contextmanager
def writing(program: Any) -> Iterator[None]:
    """Within, this is the program that is being written."""
    tokens = _writer.set(program), noting_signals.set(program.note_signal)
    writers.append(program)
    try:
        yield
    finally:
        writers.remove(program)
        noting_signals.reset(tokens[1])
        _writer.reset(tokens[0])


def holds_while(condition: Callable[[], bool]) -> None:
    """Let the program that is being written hold while a condition does; it is asked before each call."""
    found = writer()
    if found is not None:
        found.holds_while(condition)


def effect(function: Callable[..., Any], args: Iterable[Any], written: Iterable[Any] = ()) -> None:
    """Write down a call that changes something outside: it becomes a line of the program, with arrays for Tensors.

    Arguments:
        function: is called in each call of the program, at its place among the other lines, and not now.
        args: may be or hold what is being recorded.
        written: the Tensors into which it writes; nothing may be computed with them afterwards.
    """
    writer().effect(function, tuple(args), list(written))


def given(name: str, read: Callable[[], Any], like: Any) -> Any:
    """What stands for a value outside that each call of the program reads anew, at its beginning.

    Arguments:
        name: of the argument that the program gets for it.
        read: returns a number that is never 0, or a dictionary of arrays.
        like: a value of the same kind, in whose place the program is written.
    """
    return writer().update.given(name, read, like)


def name_of(x: Any) -> str:
    """What a program calls what is being recorded."""
    return str(x.variable.names[0])


def called(**values: Any) -> None:
    """Name values in the program that is being written, if there is one."""
    found = writer()
    if found is not None:
        found.update.called(values)


@contextmanager
def updating(afterwards: Callable[[], None]) -> Iterator[None]:
    """Within, ``w -= …`` writes into what stands for a parameter or for what is given: a line of the program.

    Arguments:
        afterwards: is called after each call of the program.
    """
    with writer().update.open(afterwards):
        yield


@contextmanager
def again_for_backward() -> Iterator[None]:
    """Within, what was computed in the forward pass is computed again for the backward pass: nothing may be drawn."""
    found = writer()
    if found is None:
        yield
        return
    found.repeats += 1
    try:
        yield
    finally:
        found.repeats -= 1


class Draws:
    """What the draws of one call of a program gave, in their order.

    If it turns out after some of them that it takes another program for these numbers, that one takes the same: to draw
    anew would give others than the function itself would have had.
    """

    def __init__(self) -> None:
        self._values: list[tuple[Any, Any]] = []
        self._next = 0

    def take(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """What a function draws, or has drawn."""
        if self._next == len(self._values):
            self._values.append(((function, args), function(*args)))
        drew, value = self._values[self._next]
        if drew != (function, args):
            raise RuntimeError("compile: two programs of one function draw random numbers in another order")
        self._next += 1
        return value

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Within, draws are taken from the first on."""
        self._next = 0
        token = _draws.set(self)
        try:
            yield
        finally:
            _draws.reset(token)


def drawn(like: Callable[..., Any]) -> Callable[[_Function], _Function]:
    """Decorator of a function that draws random numbers: a program draws anew in each of its calls.

    Arguments:
        like: takes the same arguments, and returns an array of the same shape and dtype, without drawing.
    """

    def decorator(function: _Function) -> _Function:
        @wraps(function)
        def call(*args: Any) -> Any:
            if writers and (found := _writer.get()) is not None:
                return found.drawn(call, args, like(*args))
            draws = _draws.get()
            return function(*args) if draws is None else draws.take(function, args)

        return call  # type: ignore[return-value]

    return decorator
