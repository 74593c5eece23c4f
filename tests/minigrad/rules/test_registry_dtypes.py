"""The dtypes of results, for arguments of every dtype and of any two: NumPy's."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from minigrad.core.tensor import Tensor
from tests.samples import SAMPLES, Sample

DTYPES: list[Any] = [
    *(np.float16, np.float32, np.float64, np.complex64, np.complex128),
    *(np.int8, np.int64, np.uint8, np.bool_),
]

#: Operations whose results have the precision of their first argument, where NumPy's are float64.
KEPT = {"corrcoef", "cov", "geomspace", "interp", "nanpercentile", "nanquantile", "percentile", "polyfit", "quantile"}
KEPT |= {"vander"}
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
