"""Fourier transforms: values, and error signals against the matrix of the transform."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    arrays,
)

import minigrad as mg
from minigrad.core.tensor import Tensor

values = st.floats(-10, 10)
norms = st.sampled_from([None, "backward", "ortho", "forward"])


def leaf(value: Any, dtype: Any = None) -> Tensor:
    return Tensor(value, requires_grad=True, dtype=dtype)


@given(arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=5), elements=values), norms, st.data())
def test_transforms_are_numpys(x: Any, norm: Any, data: Any) -> None:
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    n = data.draw(st.none() | st.integers(1, 7))
    for name in ("fft", "ifft", "rfft", "irfft"):
        ours, numpys = getattr(mg, name), getattr(np.fft, name)
        if name == "irfft" and n is None and x.shape[axis] == 1:
            continue
        expected = numpys(x, n, axis, norm)
        for found in (ours(x, n, axis, norm), ours(leaf(x), n, axis, norm).data, numpys(leaf(x), n, axis, norm).data):
            np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(mg.fft(x.tolist()), np.fft.fft(x))


@given(arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=5), elements=values), norms, st.data())
def test_transforms_of_hermitian_signals_are_numpys(x: Any, norm: Any, data: Any) -> None:
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    n = data.draw(st.integers(1, 7))
    for name in ("hfft", "ihfft"):
        numpys = getattr(np.fft, name)
        for z in (x, x * (1 + 2j)) if name == "hfft" else (x,):
            np.testing.assert_allclose(getattr(mg, name)(z, n, axis, norm), numpys(z, n, axis, norm), atol=1e-13)
            np.testing.assert_allclose(numpys(Tensor(z), n, axis, norm).data, numpys(z, n, axis, norm), atol=1e-13)
    np.testing.assert_allclose(mg.hfft(mg.ihfft(x, axis=axis), x.shape[axis], axis), x, atol=1e-13)


@given(arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=5), elements=values), st.data())
def test_each_shift_undoes_the_other(x: Any, data: Any) -> None:
    axes = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    for there, back in [(np.fft.fftshift, np.fft.ifftshift), (np.fft.ifftshift, np.fft.fftshift)]:
        t = leaf(x)
        y = there(t, axes)
        np.testing.assert_array_equal(y.data, there(x, axes))
        np.testing.assert_array_equal(back(y, axes).data, x)
        y.backward(y.data)
        np.testing.assert_array_equal(t.grad, x)


@given(arrays(np.float64, st.integers(1, 9), elements=values), norms, st.integers(1, 9))
def test_the_error_signal_is_the_transposed_matrix(x: Any, norm: Any, n: int) -> None:
    """Against the matrix of the transform, found by transforming every unit vector."""
    rng = np.random.default_rng(0)
    for name in ("fft", "ifft", "rfft", "irfft"):
        f, t = getattr(np.fft, name), leaf(x)
        matrix = f(np.eye(len(x)), n, 1, norm)  # row i: what sample i does
        y_bar = rng.normal(size=matrix.shape[1])
        f(t, n, -1, norm).backward(y_bar)
        np.testing.assert_allclose(t.grad, np.real(matrix @ y_bar), atol=1e-12)


def test_parseval() -> None:
    """The power of the samples is that of the frequencies, so both have the same derivative."""
    x = leaf(np.random.default_rng(0).normal(size=6))
    z = mg.fft(x, norm="ortho")
    mg.real(z * mg.conj(z)).sum().backward()
    np.testing.assert_allclose(x.grad, 2 * x.data)


def test_single_precision_stays_single_precision() -> None:
    x = leaf([1.0, 2.0, 3.0], np.float32)
    for name in ("fft", "ifft", "rfft"):
        z = getattr(mg, name)(x, 4)
        assert z.dtype == np.complex64
        assert mg.irfft(z, 5).dtype == np.float32
    np.abs(mg.rfft(x)).sum().backward()
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: mg.fft(x, 0), ValueError, r"fft: got n = 0 along axis 1 of shape \(2, 1\)"),
        (lambda x: mg.irfft(x), ValueError, r"irfft: got n = 0.*irfft\(z, n\)"),
        (lambda x: mg.rfft(x, axis=2), ValueError, "axis 2 is out of bounds"),
        (lambda x: mg.fft(x, norm="none"), ValueError, "ortho"),
        (lambda x: mg.fft(x[0, 0]), ValueError, "out of bounds"),
        (lambda x: mg.rfft(x * 1j), TypeError, "rfft: .*complex128.*fft"),
        (lambda x: mg.hfft(x, 3, norm="none"), ValueError, "hfft: got norm='none'.*ortho"),
        (lambda x: mg.ihfft(x * 1j), TypeError, "rfft: .*complex128.*fft"),
        (lambda x: mg.fft(x[:, :0]), ValueError, "expected at least 1"),
        (lambda x: mg.fft(x, n=2.5), TypeError, "fft: n: expected a whole number, got 2.5"),
        (lambda x: mg.fft(x, n=(2,)), TypeError, r"fft: n: expected a whole number, got \(2,\)"),
    ],
)
def test_errors_of_transforms(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call(leaf([[1.0], [2.0]]))
