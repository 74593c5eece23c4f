"""Convolution and correlation of sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    arrays,
)

import minigrad as mg
from minigrad.core.tensor import Tensor

values = st.floats(-10, 10)
sequences = arrays(np.float64, st.integers(1, 6), elements=values)
MODES = ["full", "same", "valid"]


def leaf(value: Any) -> Tensor:
    return Tensor(value, requires_grad=True)


@given(sequences, sequences, st.sampled_from(MODES))
def test_convolutions_are_numpys(a: Any, v: Any, mode: Any) -> None:
    for f in (np.convolve, np.correlate):
        for x, y in [(a, v), (a * (1 + 2j), v - 1j)]:
            expected = f(x, y, mode)
            for found in (
                f(Tensor(x), y, mode),
                f(x, Tensor(y), mode),
                getattr(mg, f.__name__)(Tensor(x), y.tolist(), mode),
            ):
                np.testing.assert_allclose(found.data, expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(f(Tensor(a), v).data, f(a, v), rtol=1e-12, atol=1e-12)  # the defaults differ


@given(sequences, sequences, st.sampled_from(MODES))
def test_error_signals_are_the_transposed_matrices(a: Any, v: Any, mode: Any) -> None:
    for f in (np.convolve, np.correlate):
        x, y = leaf(a), leaf(v)
        z = f(x, y, mode)
        z_bar = np.cos(np.arange(z.size))
        z.backward(z_bar)
        np.testing.assert_allclose(x.grad, [f(e, v, mode) @ z_bar for e in np.eye(len(a))], atol=1e-9)
        np.testing.assert_allclose(y.grad, [f(a, e, mode) @ z_bar for e in np.eye(len(v))], atol=1e-9)


def test_a_number_is_a_sequence_of_one() -> None:
    a = leaf(2.0)
    np.convolve(a, [1.0, 3.0]).sum().backward()
    assert a.grad == 4


@pytest.mark.parametrize("f", [mg.convolve, mg.correlate])
@pytest.mark.parametrize(
    ("a", "v", "mode", "words"),
    [
        (np.ones((2, 2)), np.ones(2), "full", r"shapes \(2, 2\) and \(2,\).*mg\.conv2d"),
        (np.ones(0), np.ones(2), "full", "length 0 and 2"),
        (np.ones(3), np.ones(2), "middle", "got mode='middle', expected .full., .same. or .valid."),
    ],
)
def test_errors_of_convolutions(f: Any, a: Any, v: Any, mode: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        f(leaf(a), v, mode)
