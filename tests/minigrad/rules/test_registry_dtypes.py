"""The dtypes of results, for arguments of every dtype and of any two: NumPy's; half and extended precision are kept."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.graph import sweep
from minigrad.core.tensor import Tensor
from tests.helpers.every_sample import every_sample
from tests.samples import SAMPLES, SAMPLES_IN, Sample

DTYPES: list[Any] = [
    *(np.float16, np.float32, np.float64, np.complex64, np.complex128),
    *(np.int8, np.int64, np.uint8, np.bool_),
]

#: Operations whose results have the precision of their first argument, where NumPy's are float64.
KEPT = {"corrcoef", "cov", "geomspace", "interp", "nanpercentile", "nanquantile", "percentile", "polyfit", "quantile"}
KEPT |= {"polyder", "polyint", "sort_complex", "vander"}
NUMPYS = [name for name in SAMPLES if any(hasattr(module, name) for module in (np, np.linalg, np.fft))]


def smallest(operation: str) -> Sample:
    return min(SAMPLES[operation], key=lambda sample: abs(sum(a.size for a in sample.arrays) - 4))


def cast(sample: Sample) -> Iterator[list[Any]]:
    """The arguments in all dtypes: the first in one, the others in another."""
    first, *others = sample.arrays
    for dtype, other in product(DTYPES, DTYPES) if others else ((dtype, dtype) for dtype in DTYPES):
        yield [first.astype(dtype), *(a.astype(other) for a in others)]


def dtype_of(f: Any, arrays: list[Any]) -> Any:
    """That of f(*arrays); None if it is refused. Numbers that make no sense after the cast do not matter here."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return f(*arrays).dtype
        except (TypeError, ValueError, OverflowError, ZeroDivisionError):
            return None


@pytest.mark.parametrize("operation", [name for name in NUMPYS if name not in KEPT])
def test_dtypes_are_numpys(operation: str) -> None:
    sample = smallest(operation)
    for arrays in cast(sample):
        expected = dtype_of(sample.reference, arrays)
        for found in (dtype_of(sample.f, arrays), dtype_of(sample.f, [Tensor(a) for a in arrays])):
            assert expected is None or found in (expected, None), [a.dtype for a in arrays]


@pytest.mark.parametrize("operation", sorted(KEPT & SAMPLES.keys()))
def test_single_precision_is_kept(operation: str) -> None:
    sample = smallest(operation)
    assert sample.f(*(Tensor(a, dtype=np.float32) for a in sample.arrays)).dtype == np.float32


def check_nothing_is_cast_to_its_own_dtype(y: Tensor) -> None:
    def look(x: Tensor, x_bar: Any) -> Any:
        if x._primitive and x._primitive.name == "astype":
            assert x._inputs[0].dtype != x.dtype
        return x_bar

    sweep(y, np.ones_like(y.data), visit=look)


@every_sample
def test_nothing_is_cast_to_the_dtype_that_it_has(sample: Sample) -> None:
    y = sample.f(*(Tensor(a, requires_grad=True) for a in sample.arrays))
    if sample.operation != "astype" and y.requires_grad:
        check_nothing_is_cast_to_its_own_dtype(y)


@pytest.mark.parametrize(
    "f",
    [
        pytest.param(lambda x: mg.sum(x, dtype=float), id="sum"),
        pytest.param(lambda x: mg.max(x, initial=x[0]), id="initial"),
        pytest.param(lambda x: mg.linspace(x, 2.0, 3, dtype=float), id="linspace"),
        pytest.param(lambda x: np.array([x, x], float, like=x), id="array"),
        pytest.param(lambda x: mg.pad(x, 2, mode="linear_ramp"), id="pad"),
    ],
)
def test_nothing_is_cast_to_the_dtype_that_was_asked_for(f: Any) -> None:
    check_nothing_is_cast_to_its_own_dtype(f(Tensor([1.0, 2.0], requires_grad=True)))


# ---------------------------------------------------------------- half and extended precision
#: Computed by LAPACK and SciPy, which have single and double precision; `interp` by NumPy in double precision.
OF_LIBRARIES = {"gelu", "interp", "poly", "polyfit", "roots"}.union(
    *(names for room, names in SAMPLES_IN.items() if room.startswith(("linalg/", "elementwise/special/")))
)

#: Where two numbers of a sample are the same in half precision, and where a value is beyond 65504.
DIFFERENT_IN_HALF = {"triplet_margin_loss", "reciprocal_gaps", "i0"}

EXTENDED = pytest.mark.skipif(
    np.finfo(np.longdouble).eps == np.finfo(float).eps, reason="longdouble is double precision here"
)


def computed(sample: Sample, arrays: list[Any]) -> Any:
    """What the operation gives; None if a library computes it, which does not have this dtype."""
    try:
        return sample.f(*arrays)
    except TypeError as error:
        named = ("takes float32 and float64, got", "unsupported in linalg")  # the latter of a kernel
        if sample.operation in OF_LIBRARIES and any(part in str(error) for part in named):
            return None
        raise


def is_complex(y: Tensor) -> bool:
    """Whether complex numbers lead to y: NumPy has none of half precision."""
    found = y.dtype.kind == "c"

    def look(x: Tensor, x_bar: Any) -> Any:
        nonlocal found
        found = found or x.dtype.kind == "c"
        return x_bar

    sweep(y, np.ones_like(y.data), visit=look)
    return found


def shares(shape: tuple[int, ...], dtype: Any) -> Any:
    """An error signal, or a tangent."""
    return np.cos(1 + np.arange(float(np.prod(shape)))).reshape(shape).astype(dtype)[()]


@every_sample
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # beyond 65504
def test_half_precision(sample: Sample) -> None:
    """Value, gradient and tangent are float16, and near those of the same numbers in double precision."""
    half = [a.astype(np.float16)[()] for a in sample.arrays]
    y = computed(sample, [Tensor(a, requires_grad=True) for a in half])
    if y is None or sample.operation == "float_power":  # which is NumPy's of double precision
        return
    expected = np.float32 if sample.operation == "damping" or is_complex(y) else np.float16
    assert y.dtype == expected or (y.dtype == np.complex64 and expected == np.float32)

    def derivatives(dtype: Any) -> list[Any]:
        xs = [a.astype(dtype) for a in half]
        y, pull = mg.vjp(sample.f, *xs)
        _, y_dot = mg.jvp(sample.f, tuple(xs), tuple(shares(x.shape, dtype) for x in xs))
        assert y_dot.dtype == y.dtype
        x_bars = pull(shares(y.shape, y.dtype))
        assert all(x_bar.dtype == dtype for x_bar in x_bars)
        return [y, y_dot, *x_bars]

    for found, right in zip(derivatives(np.float16), derivatives(np.float64), strict=True):
        if sample.operation not in DIFFERENT_IN_HALF:
            np.testing.assert_allclose(found, right, rtol=0, atol=0.05 * (1 + np.max(np.abs(right), initial=0)))


@EXTENDED
@pytest.mark.parametrize("operation", SAMPLES)
def test_no_digit_of_extended_precision_is_lost(operation: str) -> None:
    """Digits beyond double precision change values, gradients and tangents, and as derivatives say.

    So nothing is computed in double precision on the way.
    """
    sample = min(SAMPLES[operation], key=lambda sample: abs(sum(a.size for a in sample.arrays) - 4))
    xs = [a.astype(np.longdouble)[()] for a in sample.arrays]
    steps = [(shares(x.shape, np.longdouble) * abs(x) * 2.0**-54)[()] for x in xs]
    moved = [x + step for x, step in zip(xs, steps, strict=True)]
    y = computed(sample, [Tensor(x, requires_grad=True) for x in xs])
    if y is None:
        return
    assert y.dtype in (np.longdouble, np.clongdouble)

    def gradient(*xs: Any) -> Any:
        return mg.vjp(sample.f, *xs)[1](shares(y.shape, y.dtype))

    def value(*xs: Any) -> Any:
        return (sample.f(*xs),)

    for f in (value, gradient):
        before, change = mg.jvp(f, tuple(xs), tuple(steps))
        for a, b, expected in zip(before, f(*moved), change, strict=True):
            assert a.dtype == expected.dtype == b.dtype == (y.dtype if f is value else np.longdouble)
            rounding = np.finfo(np.longdouble).eps * (1 + np.max(np.abs(a), initial=0))
            np.testing.assert_allclose(b - a, expected, rtol=0, atol=float(16 * rounding))
