"""Complex arguments of every operation: values and slopes are right, or the operation refuses them by name.

They are given as arguments that are differentiated, and as z = x + iy of real ones: both ways agree, with differences
and with one another.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.every_sample import every_sample
from tests.minigrad.rules.test_registry import DOUBLE
from tests.samples import Sample

REFUSAL = r"^\w+: .*(real numbers only|complex numbers have no|expected a real)"


def complex_arguments(sample: Sample) -> Iterator[tuple[Any, ...]]:
    """The arguments of a sample, all of them complex, and each one alone."""
    rng = np.random.default_rng(0)
    turned = [np.asarray(a + 0.3j * rng.normal(size=a.shape)) for a in sample.arrays]
    yield tuple(turned)
    if len(turned) > 1:
        yield from ((*sample.arrays[:i], turned[i], *sample.arrays[i + 1 :]) for i in range(len(turned)))


def parts(arrays: Any) -> list[Any]:
    """The real arrays that they consist of: of a complex one, the real and the imaginary part."""
    return [part for a in arrays for part in ((a.real, a.imag) if np.iscomplexobj(a) else (a,))]


def joined(real: Any, like: Any) -> list[Any]:
    """The arguments again, from arrays or Tensors of their parts."""
    rest = iter(real)
    return [next(rest) + 1j * next(rest) if np.iscomplexobj(a) else next(rest) for a in like]


@every_sample
def test_complex_arguments_are_right_or_refused(sample: Sample) -> None:
    for arrays in complex_arguments(sample):
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)  # an imaginary part that is lost
            check(sample, arrays)


def check(sample: Sample, arrays: tuple[Any, ...]) -> None:
    leaves = [Tensor(part, requires_grad=True) for part in parts(arrays)]
    try:
        y = sample.f(*joined(leaves, arrays))
    except TypeError:
        with pytest.raises(TypeError, match=REFUSAL):
            raise
        with pytest.raises(TypeError):
            sample.f(*arrays)
        return
    expected = sample.reference(*arrays)
    for found in (y.data, sample.f(*arrays)):
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    single = sample.f(*(a.astype(np.complex64 if np.iscomplexobj(a) else np.float32) for a in arrays))
    assert (single.dtype.itemsize < y.dtype.itemsize) == (sample.operation not in DOUBLE)
    rng = np.random.default_rng(1)
    weights = rng.normal(size=y.shape) + 1j * rng.normal(size=y.shape)

    def loss(*real: Any) -> Any:
        return mg.real(mg.sum(weights * sample.f(*joined(real, arrays))))

    values = parts(arrays)
    direction = [rng.normal(size=value.shape) for value in values]
    moved = [loss(*(value + h * d for value, d in zip(values, direction, strict=True))) for h in (1e-6, -1e-6)]
    _, forward = mg.jvp(loss, values, direction)
    loss(*leaves).backward()
    backward = sum(np.sum(leaf.grad * d) for leaf, d in zip(leaves, direction, strict=True) if leaf.grad is not None)
    np.testing.assert_allclose(forward, (moved[0] - moved[1]) / 2e-6, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(forward, backward, rtol=1e-9, atol=1e-10)
    if all(map(np.iscomplexobj, arrays)):
        check_arguments(sample, arrays, weights, [leaf.grad for leaf in leaves])


def check_arguments(sample: Sample, arrays: tuple[Any, ...], weights: Any, of_parts: list[Any]) -> None:
    """The error signal of a complex argument z = x + iy is x̄ − iȳ; so is its tangent, and what changes it."""
    rng = np.random.default_rng(2)
    steps = [rng.normal(size=a.shape) + (1j * rng.normal(size=a.shape) if np.iscomplexobj(a) else 0) for a in arrays]

    def loss(*zs: Any) -> Any:
        return mg.real(mg.sum(weights * sample.f(*zs)))

    def slopes(*zs: Any) -> Any:
        return mg.grad(loss, range(len(zs)))(*zs)

    rest = iter(0 if part is None else part for part in of_parts)
    signals = slopes(*arrays)
    for a, z_bar in zip(arrays, signals, strict=True):
        assert z_bar.dtype == a.dtype
        expected = next(rest) - 1j * next(rest) if np.iscomplexobj(a) else next(rest)
        np.testing.assert_allclose(z_bar, np.broadcast_to(expected, a.shape), rtol=1e-9, atol=1e-10)
    _, forward = mg.jvp(loss, arrays, steps)
    backward = sum(np.sum(z_bar * step).real for z_bar, step in zip(signals, steps, strict=True))
    np.testing.assert_allclose(forward, backward, rtol=1e-9, atol=1e-10)
    _, changes = mg.jvp(slopes, arrays, steps)
    h = 1e-6
    after, before = (slopes(*(a + s * d for a, d in zip(arrays, steps, strict=True))) for s in (h, -h))
    for found, high, low in zip(changes, after, before, strict=True):
        np.testing.assert_allclose(found, (high - low) / (2 * h), rtol=1e-5, atol=1e-6)
