"""Contexts that hold for the current thread or task: entering and leaving them, and as decorators.

A context variable has a value for each thread and each async task, but a generator shares its caller's: what a
``with`` block inside sets holds for the caller too while the generator waits at a ``yield``, and the two may leave
their blocks in any order. So a setting keeps a list of what is open, and leaving takes out one's own entry, wherever it
is. As a decorator, a context is entered for each step of a generator or coroutine, and left before its caller goes on.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextvars import ContextVar
from functools import wraps
from inspect import isasyncgen, isasyncgenfunction, iscoroutine, iscoroutinefunction, isgenerator, isgeneratorfunction
from types import coroutine
from typing import Any

__all__ = ["Decorator", "PlainDecorator", "setting"]

#: What is open: the value of the innermost context, its owner, and what was open when it was entered. So it is a linked
#: list; its last element has the value outside all contexts, and no owner. Value and list share one context variable,
#: because setting two takes longer.
Open = tuple[Any, Any, Any]


def setting(
    name: str, outside: Any, on_error: Callable[[Any, BaseException], None] | None = None
) -> tuple[Callable[[], Open], Callable[[Any, Any], None], Callable[..., None]]:
    """A value for the current thread or task: that of the last context that was entered and not yet left.

    Arguments:
        name: of the context variable.
        outside: the value outside all contexts.
        on_error: called with the innermost value and an error that leaves a context.

    Returns:
        ``innermost()``, whose first element is the value; ``enter(owner, value)``; and ``leave(owner)``, a `__exit__`,
        which does nothing in another thread or task.
    """
    variable: ContextVar[Open] = ContextVar(name, default=(outside, None, None))
    innermost, put = variable.get, variable.set  # looked up once: every call of a module enters

    def enter(owner: Any, value: Any) -> None:
        put((value, owner, innermost()))

    def leave(owner: Any, _kind: Any = None, error: Any = None, _traceback: Any = None) -> None:
        entry = innermost()
        if error is not None and on_error is not None:
            on_error(entry[0], error)
        put(entry[2] if entry[1] is owner else _without(owner, entry))

    return innermost, enter, leave


def _without(owner: object, entries: Any) -> Any:
    """The list without the innermost entry of `owner`."""
    passed = []
    rest = entries
    while rest is not None and rest[1] is not owner:
        passed.append(rest)
        rest = rest[2]
    if rest is None:
        return entries
    rest = rest[2]
    for value, other, _ in reversed(passed):
        rest = (value, other, rest)
    return rest


class Decorator:
    """A context manager that is also a decorator of functions, generators, coroutines and methods of every kind."""

    __slots__ = ()

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...

    def _again(self) -> Any:
        """A context like this one: a decorated function may run several times at once."""
        return type(self)()

    def __call__(self, function: Callable[..., Any]) -> Any:
        """The function, running within the context.

        Raises:
            TypeError: for a class, or what cannot be called.
        """
        if isinstance(function, staticmethod | classmethod):
            return type(function)(self(function.__func__))
        name = type(self).__name__
        if isinstance(function, type):
            raise TypeError(f"{name}: got the class {function.__name__}, expected a function; decorate its methods")
        if isinstance(function, property):
            raise TypeError(f"{name}: got a property, expected a function; write @property above @mg.{name}(…)")
        if not callable(function):
            raise TypeError(f"{name}: got a {type(function).__name__}, expected a function to decorate")

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            context = self._again()
            with context:
                result = function(*args, **kwargs)
            if isgenerator(result) or iscoroutine(result):
                return _steps(context, result)
            return _async_generator(lambda: context, lambda: result)() if isasyncgen(result) else result

        # Event loops and other decorators ask of which kind a function is.
        if isasyncgenfunction(function):
            return _async_generator(self._again, function)
        if iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                return await called(*args, **kwargs)

            return awaited
        if isgeneratorfunction(function):

            @wraps(function)
            def generated(*args: Any, **kwargs: Any) -> Any:
                return (yield from called(*args, **kwargs))

            return generated
        return called


class PlainDecorator(Decorator):
    """A decorator without settings, which may be written without brackets: ``@mg.no_grad``."""

    def __new__(cls, function: Any = None) -> Any:
        return super().__new__(cls) if function is None else cls()(function)


@coroutine
def _steps(context: Any, inner: Generator[Any, Any, Any] | Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """A generator or coroutine, each of whose steps runs within the context."""
    step: Callable[..., Any] = inner.send
    given: Any = None
    while True:
        try:
            with context:
                result = step(given)
        except StopIteration as stop:
            return stop.value
        try:
            step, given = inner.send, (yield result)
        except GeneratorExit:
            with context:
                return inner.close()
        except BaseException as error:
            step, given = inner.throw, error


def _async_generator(again: Callable[[], Any], function: Callable[..., AsyncGenerator[Any, Any]]) -> Callable[..., Any]:
    """An asynchronous generator function, each of whose steps runs within the context."""

    @wraps(function)
    async def generated(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        context, inner = again(), function(*args, **kwargs)
        step: Callable[..., Any] = inner.asend
        given: Any = None
        while True:
            try:
                result = await _steps(context, step(given))
            except StopAsyncIteration:
                return
            try:
                step, given = inner.asend, (yield result)
            except GeneratorExit:
                await _steps(context, inner.aclose())
                raise
            except BaseException as error:
                step, given = inner.athrow, error

    return generated
