"""PyTorch's opinion on complex arguments: its error signals are the conjugates of ours."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.parametrized.for_each import naming
from tests.oracles import PYTORCH
from tests.samples import SAMPLES, Sample

pytestmark = pytest.mark.oracle

if not PYTORCH.installed:
    pytest.skip("PyTorch is not installed: make test-oracle installs it", allow_module_level=True)


def seed(shape: tuple[int, ...]) -> Any:
    real, imaginary = np.random.default_rng(0).normal(size=(2, *shape))
    return real + 1j * imaginary


def turned(sample: Sample) -> list[Any]:
    rng = np.random.default_rng(1)
    return [np.asarray(a + 0.3j * rng.normal(size=a.shape)) for a in sample.arrays]


#: What PyTorch says of operations that it has for real numbers only, and of the phases of singular vectors.
ITS_REFUSALS = "ComplexDouble|complex|must be either float or double"


@pytest.mark.parametrize("operation", [operation for operation in SAMPLES if PYTORCH.compares(operation)])
def test_error_signals_are_the_conjugates_of_pytorchs(operation: str) -> None:
    compared = 0
    for sample in SAMPLES[operation]:
        with naming(sample):
            compared += compare(sample)
    if not compared:
        pytest.skip(f"{operation} takes real numbers only, here or in PyTorch")


def compare(sample: Sample) -> int:
    """In how many forms both libraries have the sample's function of complex numbers, and agree."""
    arrays, compared = turned(sample), 0
    try:
        y, pullback = mg.vjp(sample.f, *arrays)
    except TypeError as error:
        assert "real" in str(error) or "complex" in str(error)  # noqa: PT017
        return 0
    y_bar = seed(y.shape) if np.iscomplexobj(y) else seed(y.shape).real
    for f, whole in PYTORCH.forms(sample):
        try:
            value, signals = PYTORCH.run(f, whole, arrays, lambda shape: np.conj(y_bar))
        except (RuntimeError, NotImplementedError) as error:
            if re.search(ITS_REFUSALS, str(error)) is None:
                raise
            continue
        np.testing.assert_allclose(value, y, rtol=1e-10, atol=1e-12)
        for found, expected in zip(pullback(y_bar), signals, strict=True):
            np.testing.assert_allclose(found, np.conj(expected), rtol=1e-10, atol=1e-12)
        compared += 1
    return compared
