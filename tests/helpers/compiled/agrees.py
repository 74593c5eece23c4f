"""A compiled function beside the function itself: the same results to the bit, the same warnings, memory of its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.program.compiled import CompiledFunction

__all__ = ["agrees", "assert_identical"]


def assert_identical(found: Any, expected: Any) -> None:
    """Assert that two results have the same structure, types, dtypes and bits; NaN is NaN, and −0.0 is not 0.0."""
    assert type(found) is type(expected)
    if isinstance(expected, tuple | list):
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            assert_identical(a, b)
    elif isinstance(expected, dict):
        assert [(type(key), repr(key)) for key in found] == [(type(key), repr(key)) for key in expected]
        for a, b in zip(found.values(), expected.values(), strict=True):
            assert_identical(a, b)
    elif isinstance(expected, mg.Tensor):
        assert (found.name, found.requires_grad) == (expected.name, expected.requires_grad)
        assert_identical(found.data, expected.data)
    elif isinstance(expected, np.ndarray | np.generic | float | complex):
        a, b = np.asarray(found), np.asarray(expected)
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
        np.testing.assert_array_equal(a, b)
        if a.dtype.kind in "fc":
            for part in (np.real, np.imag):
                is_number = ~np.isnan(part(a))
                np.testing.assert_array_equal(np.signbit(part(a))[is_number], np.signbit(part(b))[is_number])
    else:
        assert found == expected


def agrees(f: Callable[..., Any], *calls: tuple[Any, ...], rounds: int = 2) -> CompiledFunction:
    """Compile a function, and compare it in each of some calls, twice, with the function itself.

    What it returns is written into after each call: that changes neither arguments nor later results.
    """
    compiled = mg.compile(f)
    for args in calls * rounds:
        expected, expected_error, expected_warnings = _called(f, args)
        found, error, caught = _called(compiled, args)
        if expected_error is not None:
            assert type(error) is type(expected_error), repr(error)
            continue
        if error is not None:
            raise error
        assert_identical(found, expected)
        assert caught == expected_warnings
        arrays = [*_arrays(found)]
        for i, a in enumerate(arrays):
            assert not any(np.shares_memory(a, b) for b in (*arrays[:i], *_arrays(args)))
        for a in arrays:
            if a.flags.writeable:
                a[...] = 77
    return compiled


def _called(f: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, Exception | None, set[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result, error = f(*args), None
        except Exception as raised:
            result, error = None, raised
    messages = {str(w.message).replace("scalar ", "") for w in caught}
    return result, error, {message for message in messages if "oldest programs are dropped" not in message}


def _arrays(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict | tuple | list):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from _arrays(part)
    elif isinstance(tree, mg.Tensor):
        yield from _arrays(tree.data)
    elif isinstance(tree, np.ndarray):
        yield tree
