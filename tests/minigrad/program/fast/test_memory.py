"""Large arrays are overwritten only where nobody looks: results, arguments and calls beside one another stay intact."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.program.compiled import compile
from tests.helpers.memory.peak import peak_bytes

SHAPE = (256, 256)


def draw(seed: int, shape: tuple[int, ...] = SHAPE) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


def chain(x: Any) -> Any:
    for _ in range(6):
        x = mg.tanh(x * 0.5) + x
    return mg.sum(x)


def viewed(x: Any) -> Any:
    y = x * 2.0
    row = y[3]
    z = y + 1.0
    return row, z, z.T, mg.reshape(z, (-1,))


def returned_twice(x: Any) -> Any:
    y = x + 1.0
    return y, y, y * 2.0, x


def with_itself(x: Any) -> Any:
    y = x + 1.0
    return y.T * y - y.T


CASES: list[Callable[..., Any]] = [
    mg.value_and_grad(chain), viewed, returned_twice, with_itself, mg.grad(lambda x: mg.sum(mg.relu(x) ** 2)),
    lambda x: mg.relu(x) + mg.relu(-x), lambda x: (x * 2.0).T.copy() + x,
]  # fmt: skip


def flat(tree: Any) -> list[Any]:
    return [leaf for part in tree for leaf in flat(part)] if isinstance(tree, tuple | list) else [tree]


@pytest.mark.parametrize("f", CASES)
def test_results_are_the_callers_own(f: Callable[..., Any]) -> None:
    compiled = compile(f, "fast")
    x = draw(0)
    before = x.copy()
    first = flat(compiled(x))
    kept = [np.copy(part) for part in first]
    second = flat(compiled(draw(1)))
    np.testing.assert_array_equal(x, before)
    for part, copy, other, expected in zip(first, kept, second, flat(f(draw(1))), strict=True):
        np.testing.assert_array_equal(part, copy)
        np.testing.assert_array_equal(other, expected)
        assert not np.may_share_memory(part, other)
        assert not np.may_share_memory(part, x)
    arrays = [part for part in first if isinstance(part, np.ndarray)]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[:i])


def test_what_is_overwritten_is_in_the_text() -> None:
    def f(x: Any) -> Any:
        z = x * 2.0
        y = z + 1.0
        return mg.sum(y * y)

    compiled = compile(f, "fast")
    compiled(draw(0))
    assert "y = np.add(z, 1.0, out=z)\n    del z\n" in compiled.source
    compiled = compile(f)
    compiled(draw(0))
    assert "out=" not in compiled.source


def test_other_dtypes_and_broadcasting_are_not_written_over() -> None:
    def f(x: Any, y: Any) -> Any:
        a, b = x + x, y + y  # float32 and float64
        return a * b, (x + 1.0)[:1] + b

    x, y = draw(0).astype(np.float32), draw(1)
    for found, expected in zip(compile(f, "fast")(x, y), f(x, y), strict=True):
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


def test_threads_and_calls_from_within() -> None:
    step = mg.value_and_grad(chain)
    compiled = compile(step, "fast")
    given = [draw(seed) for seed in range(8)]
    expected = [step(x) for x in given]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            for (value, bar), (value_2, bar_2) in zip(pool.map(compiled, given), expected, strict=True):
                assert value == value_2
                np.testing.assert_array_equal(bar, bar_2)
    both = compile(lambda x: compiled(x)[1] + compiled(x + 1.0)[1], "fast")
    np.testing.assert_array_equal(both(given[0]), step(given[0])[1] + step(given[0] + 1.0)[1])


def peak(f: Callable[..., Any], *args: Any) -> int:
    f(*args)
    return peak_bytes(lambda: f(*args))


def convolutional(p: Any, x: Any, t: Any) -> Any:
    a = mg.relu(mg.conv2d(x, p[0], p[1], padding=1))
    h = mg.max_pool2d(mg.relu(mg.conv2d(a, p[2], p[3], padding=1)), 2)
    return mg.cross_entropy(mg.reshape(h, (len(x), -1)) @ mg.transpose(p[4]), t)


def test_peak_memory_is_not_above_that_of_the_function() -> None:
    step = mg.value_and_grad(chain)
    assert peak(compile(step, "fast"), draw(0, (512, 512))) < peak(step, draw(0, (512, 512)))
    rng = np.random.default_rng(0)
    shapes = (8, 3, 3, 3), (8,), (16, 8, 3, 3), (16,), (10, 4096)
    p = [rng.normal(0, 0.1, shape).astype(np.float32) for shape in shapes]
    x, t = rng.normal(size=(32, 3, 32, 32)).astype(np.float32), rng.integers(0, 10, 32)
    step = mg.value_and_grad(convolutional)
    assert peak(compile(step, "fast"), p, x, t) <= peak(step, p, x, t)
