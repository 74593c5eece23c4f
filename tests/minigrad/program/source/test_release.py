"""Large arrays are given back after their last use, though the text of a program has no `del`."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.helpers.memory.peak import peak_bytes


def chain(x: Any) -> Any:
    a = mg.tanh(x)
    b = mg.tanh(a)
    c = mg.tanh(b)
    d = mg.tanh(c)
    e = mg.tanh(d)
    return mg.sum(e)


def test_memory_is_that_of_what_is_still_needed() -> None:
    program, x = mg.compile(chain), np.ones(100_000)
    program(x)
    assert "del" not in program.source
    assert peak_bytes(lambda: program(x)) < 3 * x.nbytes
    assert chain(x) == program(x)


def test_what_is_returned_or_read_later_stays() -> None:
    def f(x: Any) -> Any:
        a = mg.tanh(x)
        b = a * 2.0
        c = mg.exp(b)
        return a, mg.sum(c), mg.transpose(b)

    program, x = mg.compile(f), np.random.default_rng(0).normal(size=(200, 100))
    for expected, found in zip(f(x), program(x), strict=True):
        np.testing.assert_array_equal(found, expected)
    for expected, found in zip(f(-x), program(-x), strict=True):
        np.testing.assert_array_equal(found, expected)
