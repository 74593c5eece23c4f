"""Prefetching: the same items and errors, a bounded number ahead, and a thread that ends."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data.prefetch import prefetched


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "nn.data prefetch"]


def wait_for(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@given(items=st.lists(st.integers()), ahead=st.integers(1, 5), fails=st.booleans())
def test_the_same_items_and_the_same_error(items: list[int], ahead: int, fails: bool) -> None:
    error = KeyError("the last")

    def source() -> Iterator[int]:
        yield from items
        if fails:
            raise error

    found = []
    iterator = prefetched(source(), ahead)
    for item in islice(iterator, len(items)):
        found.append(item)
    if fails:
        with pytest.raises(KeyError) as raised:
            next(iterator)
        assert raised.value is error
    assert list(iterator) == []
    assert found == items
    assert threads() == []


@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_so_many_are_prepared_ahead_and_no_more(ahead: int) -> None:
    made: list[int] = []

    def source() -> Iterator[int]:
        for i in range(100):
            made.append(i)
            yield i

    iterator = prefetched(source(), ahead)
    assert made == []  # it starts with the first
    for taken in range(3):
        assert next(iterator) == taken
        wait_for(lambda taken=taken: len(made) >= taken + 1 + ahead)
        time.sleep(0.01)
        assert len(made) == taken + 1 + ahead
    iterator.close()  # type: ignore[attr-defined]
    assert threads() == []


@pytest.mark.parametrize("how", ["close", "drop", "break", "error"])
def test_the_thread_ends_when_the_iteration_is_dropped(how: str) -> None:
    closed = threading.Event()

    def source() -> Iterator[int]:
        try:
            while True:
                yield 0
        finally:
            closed.set()

    iterator: Any = prefetched(source(), 2)
    next(iterator)
    assert len(threads()) == 1
    if how == "close":
        iterator.close()
    elif how == "break":
        for _ in iterator:
            break
    elif how == "error":
        with pytest.raises(ZeroDivisionError):
            iterator.throw(ZeroDivisionError())
    del iterator
    gc.collect()
    assert threads() == []
    assert closed.is_set()


def test_nothing_starts_where_nothing_is_taken() -> None:
    iterator = prefetched(iter([1]), 2)
    del iterator
    assert threads() == []


def test_the_thread_has_the_settings_of_its_caller() -> None:
    def source() -> Iterator[Any]:
        yield np.float64(1.0) / np.float64(0.0)

    with np.errstate(divide="ignore"):
        assert next(prefetched(source(), 1)) == np.inf
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        next(prefetched(source(), 1))


def test_an_error_on_closing_is_raised_and_nobody_waits_without_end() -> None:
    class Source:
        """An iterator like a generator, whose close fails."""

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> int:
            raise StopIteration

        def send(self, _: Any) -> Any: ...
        def throw(self, *_: Any) -> Any: ...

        def close(self) -> None:
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(prefetched(Source(), 1))  # type: ignore[arg-type]
    assert threads() == []
