"""Contexts as decorators of every kind of function, and left in any order."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.context_variable import Decorator, PlainDecorator
from minigrad.core.anomaly_detection import watching
from minigrad.core.named_scope import current_scope

w = mg.Tensor(2.0, requires_grad=True)

#: Every context that is also a decorator, and whether one is inside.
CONTEXTS: dict[type[Decorator], tuple[Callable[[], Any], Callable[[], bool]]] = {
    mg.no_grad: (mg.no_grad, lambda: not (w * 2).requires_grad),
    mg.scope: (lambda: mg.scope("encoder"), lambda: (w * 2).scope.label == "encoder"),  # type: ignore[union-attr]
    mg.detect_anomaly: (mg.detect_anomaly, lambda: watching() is not None),
    mg.record: (mg.record, lambda: isinstance(mg.exp(np.zeros(1)), mg.Tensor)),
}


def test_every_decorator_is_here() -> None:
    assert {*Decorator.__subclasses__(), *PlainDecorator.__subclasses__()} - {PlainDecorator} == set(CONTEXTS)


@pytest.fixture(params=CONTEXTS, ids=lambda context: context.__name__)
def context(request: pytest.FixtureRequest) -> Iterator[tuple[Callable[[], Any], Callable[[], bool]]]:
    before = current_scope(), watching()
    yield CONTEXTS[request.param]
    assert (current_scope(), watching()) == before


def test_of_a_function(context: Any) -> None:
    new, inside = context
    decorated = new()(inside)
    assert decorated()
    assert not inside()


def test_of_a_generator(context: Any) -> None:
    """It holds at each step, after `send` and `throw` too, and not for the caller."""
    new, inside = context
    left = []

    @new()
    def steps() -> Iterator[Any]:
        try:
            given = yield inside()
            with suppress(KeyError):
                yield given, inside()
            yield inside()
        finally:
            left.append(inside())
        return inside()

    generator: Any = steps()
    assert inspect.isgeneratorfunction(steps)
    assert next(generator)
    assert not inside()
    assert generator.send("sent") == ("sent", True)
    assert generator.throw(KeyError) is True
    assert not inside()
    with pytest.raises(StopIteration) as stopped:
        next(generator)
    assert stopped.value.value is True

    generator = steps()
    next(generator)
    generator.close()
    assert not inside()
    assert left == [True] * 2


def test_of_a_coroutine(context: Any) -> None:
    """Two at once, and other tasks go on outside."""
    new, inside = context

    @new()
    async def task(n: int) -> tuple[int, bool, bool]:
        before = inside()
        await asyncio.sleep(0)
        return n, before, inside()

    async def outside() -> bool:
        await asyncio.sleep(0)
        return inside()

    async def main() -> Any:
        return await asyncio.gather(task(1), outside(), task(2)), inside()

    assert inspect.iscoroutinefunction(task)
    assert asyncio.run(main()) == ([(1, True, True), False, (2, True, True)], False)

    driven = task(3)  # by hand: its caller is in the same context
    driven.send(None)
    assert not inside()
    driven.close()


def test_of_an_asynchronous_generator(context: Any) -> None:
    new, inside = context
    left = []

    @new()
    async def steps() -> AsyncIterator[Any]:
        try:
            given = yield inside()
            await asyncio.sleep(0)
            with suppress(KeyError):
                yield given, inside()
            yield inside()
        finally:
            left.append(inside())

    async def main() -> None:
        generator: Any = steps()
        assert await anext(generator)
        assert not inside()
        assert await generator.asend("sent") == ("sent", True)
        assert await generator.athrow(KeyError) is True
        assert not inside()
        assert [x async for x in generator] == []
        generator = steps()
        assert await anext(generator)
        await generator.aclose()
        assert not inside()

    assert inspect.isasyncgenfunction(steps)
    asyncio.run(main())
    assert left == [True] * 2


def test_of_methods_of_every_kind(context: Any) -> None:
    new, inside = context

    class Model:
        @new()
        def method(self) -> bool:
            return isinstance(self, Model) and inside()

        @new()
        @classmethod
        def of_class(cls) -> bool:
            return cls is Model and inside()

        @new()
        @staticmethod
        def static() -> bool:
            return inside()

        @property
        @new()
        def value(self) -> bool:
            return inside()

        @new()
        def steps(self) -> Iterator[bool]:
            yield inside()

        def __call__(self) -> Iterator[bool]:
            yield inside()

    model = Model()
    assert model.method()
    assert model.of_class()
    assert Model.static()
    assert model.static()
    assert model.value
    assert list(model.steps()) == [True]
    assert list(new()(model)()) == [True]
    assert list(new()(partial(Model.steps, model))()) == [True]
    assert list(new()(lambda: (inside() for _ in range(2)))()) == [True] * 2
    assert not inside()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (type("Model", (), {}), "got the class Model, expected a function; decorate its methods"),
        (property(lambda self: 1), "got a property, expected a function; write @property above @mg."),
        (3, "got a int, expected a function"),
    ],
)
def test_of_what_is_not_a_function(given: Any, message: str, context: Any) -> None:
    new, _ = context
    with pytest.raises(TypeError, match=message):
        new()(given)


def test_without_brackets() -> None:
    """As in PyTorch; a scope needs its label."""

    @mg.no_grad
    def recorded() -> bool:
        return (w * 2).requires_grad

    @mg.detect_anomaly
    def watched() -> bool:
        return watching() is not None

    assert not recorded()
    assert watched()
    with pytest.raises(TypeError, match="no_grad: got a float, expected a function"):
        mg.no_grad(0.5)  # type: ignore[call-arg]


def test_a_watch_lasts_from_step_to_step() -> None:
    """The forward pass in one step of a generator, the backward pass in the next: the line is still known."""

    @mg.detect_anomaly()
    def train() -> Iterator[None]:
        x = mg.Tensor([4.0, 0.0], requires_grad=True)
        y = mg.sum(mg.sqrt(x))
        yield
        y.backward()

    steps = train()
    next(steps)
    with pytest.raises(FloatingPointError, match=r"called in .*test_context"):
        next(steps)


# ---------------------------------------------------------------- with blocks that end in another order


def within(new: Callable[[], Any]) -> Iterator[None]:
    with new():
        yield


def test_a_generator_that_is_closed_after_its_callers_block(context: Any) -> None:
    new, inside = context
    with mg.scope("caller"), mg.no_grad():
        generator = within(new)
        next(generator)
    generator.close()  # type: ignore[attr-defined]
    assert not inside()


def test_a_generator_that_is_closed_within_a_block_of_its_caller(context: Any) -> None:
    new, inside = context
    generator = within(new)
    next(generator)
    with new():
        generator.close()  # type: ignore[attr-defined]
        assert inside()
    assert not inside()


def test_a_generator_that_is_closed_in_another_thread(context: Any) -> None:
    """It changes nothing there, and raises nothing."""
    new, inside = context
    found: list[Any] = []

    def close() -> None:
        try:
            generator.close()  # type: ignore[attr-defined]
            found.append(inside())
        except ValueError as error:
            found.append(error)

    def run() -> None:
        next(generator)
        thread = threading.Thread(target=close)
        thread.start()
        thread.join()

    generator = within(new)
    starting = threading.Thread(target=run)
    starting.start()
    starting.join()
    assert found == [False]


def test_one_context_in_two_threads(context: Any) -> None:
    new, inside = context
    shared, both = new(), threading.Barrier(2, timeout=10)
    found = []

    def run() -> None:
        with shared:
            both.wait()
            found.append(inside())
            both.wait()
        found.append(inside())

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, False, True, True]


def test_nested_in_itself(context: Any) -> None:
    new, inside = context
    one = new()
    with one:
        with one:
            assert inside()
        assert inside()
    assert not inside()
    assert np.isfinite(float(w))
