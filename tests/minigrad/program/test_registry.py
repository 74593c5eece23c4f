"""Every operation compiles: the value, the first and the second derivative of its program are the eager ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.device import device_of
from minigrad.program.compiled import compile
from minigrad.program.program import _Call, _recorded, _shape_of, parameter_names
from tests.helpers.every_sample import every_sample
from tests.helpers.parametrized.for_each import naming
from tests.samples import SAMPLES, Sample


def leaves(tree: Any) -> Iterator[Any]:
    if isinstance(tree, tuple | list):
        for part in tree:
            yield from leaves(part)
    else:
        yield tree.data if isinstance(tree, mg.Tensor) else tree


def weighted(y: Any) -> Any:
    """A real number that depends on every element."""
    y = mg.real(y) if y.dtype.kind == "c" else y
    return mg.sum(y * mg.to(np.cos(np.arange(float(y.size))).reshape(y.shape), device_of(y)))


def gradient(sample: Sample) -> Callable[..., Any]:
    positions = tuple(range(len(sample.arrays)))
    return mg.value_and_grad(lambda *xs: weighted(sample.f(*xs)), argnums=positions)


def second(sample: Sample) -> Callable[..., Any]:
    positions = tuple(range(len(sample.arrays)))
    first = gradient(sample)
    return mg.value_and_grad(lambda *xs: sum((weighted(x_bar) for x_bar in first(*xs)[1]), 0.0), argnums=positions)


def agree(found: Any, expected: Any, style: str) -> None:
    """Equal; in the fast style up to rounding, since sums of arrays in another order of memory are added otherwise."""
    if style == "readable":
        np.testing.assert_array_equal(found, expected)
    else:
        largest = np.max(abs(np.asarray(expected)), initial=0, where=np.isfinite(expected))
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13 * largest)


def holds(f: Callable[..., Any], arrays: Any, style: str = "readable") -> None:
    compiled = compile(f, style)
    compiled(*[np.asarray(a)[()] for a in arrays])
    for scale in (1.0, 1.0 + 2.0**-7):  # the program runs on other numbers, too
        given = [np.asarray(a * scale)[()] for a in arrays]
        found, expected = list(leaves(compiled(*given))), list(leaves(f(*given)))
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            assert type(a) is type(b)
            assert np.asarray(a).dtype == np.asarray(b).dtype
            agree(a, b, style)


@every_sample
def test_value(sample: Sample) -> None:
    holds(sample.f, sample.arrays)


def smallest(operation: str) -> Sample:
    return min(SAMPLES[operation], key=lambda sample: abs(sum(a.size for a in sample.arrays) - 6))


@pytest.mark.parametrize("operation", SAMPLES)
def test_first_and_second_derivative(operation: str) -> None:
    sample = smallest(operation)
    with naming(sample):
        holds(gradient(sample), sample.arrays)
        holds(second(sample), sample.arrays)


@pytest.mark.parametrize("operation", SAMPLES)
def test_forward_mode(operation: str) -> None:
    sample = smallest(operation)
    n = len(sample.arrays)
    tangents = [np.cos(np.arange(float(a.size))).reshape(a.shape) for a in sample.arrays]
    with naming(sample):
        holds(
            lambda *given: mg.jvp(lambda *xs: weighted(sample.f(*xs)), given[:n], given[n:]),
            [*sample.arrays, *tangents],
        )


@pytest.mark.parametrize("operation", [name for name in SAMPLES if len(smallest(name).arrays) > 1])
def test_other_arguments_may_be_constants(operation: str) -> None:
    """Rules compute with the other arguments, which are plain arrays then: a table whose elements they look up."""
    sample = smallest(operation)
    constants = [np.asarray(a)[()] for a in sample.arrays]
    with naming(sample):
        for i, a in enumerate(sample.arrays):
            before, after = constants[:i], constants[i + 1 :]
            of_one = mg.value_and_grad(lambda x, before=before, after=after: weighted(sample.f(*before, x, *after)))
            holds(lambda x, of_one=of_one: of_one(x), [a])


def lines(f: Callable[..., Any], arrays: Any) -> Any:
    given = tuple(np.asarray(a)[()] for a in arrays)
    return _shape_of(_recorded(_Call(f, parameter_names(f, len(given)), given, {}), named=False))


@pytest.mark.parametrize("operation", SAMPLES)
def test_other_numbers_give_the_same_lines(operation: str) -> None:
    """No constant of a program depends on the numbers that it was recorded with."""
    sample = smallest(operation)
    with naming(sample):
        f = gradient(sample)
        assert lines(f, sample.arrays) == lines(f, [a * (1.0 + 2.0**-7) for a in sample.arrays])


@pytest.mark.parametrize("operation", ["multiply", "sigmoid", "conv2d", "max_pool2d", "cross_entropy", "batch_norm"])
def test_single_precision(operation: str) -> None:
    sample = smallest(operation)
    holds(gradient(sample), [np.float32(a) for a in sample.arrays])
