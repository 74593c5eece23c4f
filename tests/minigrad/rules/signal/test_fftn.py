"""Fourier transforms along several axes: NumPy's values, for all lengths, axes and norms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor

values = st.floats(-10, 10)
norms = st.sampled_from([None, "backward", "ortho", "forward"])
REAL, COMPLEX = ("rfftn", "rfft2"), ("fftn", "ifftn", "irfftn", "fft2", "ifft2", "irfft2")


def leaf(value: Any, dtype: Any = None) -> Tensor:
    return Tensor(value, requires_grad=True, dtype=dtype)


@pytest.mark.parametrize("name", REAL + COMPLEX)
@given(
    x=arrays(np.float64, array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=4), elements=values),
    norm=norms,
    data=st.data(),
)
def test_transforms_are_numpys(name: str, x: Any, norm: Any, data: Any) -> None:
    numpys = getattr(np.fft, name)
    axes = data.draw(st.permutations(range(-x.ndim, 0)))[: data.draw(st.integers(1, x.ndim))]
    s = data.draw(st.none() | st.just([data.draw(st.sampled_from([-1, 1, 2, 5])) for _ in axes]))
    z = x if name in REAL else x + 1j * x[::-1]
    for params in ({}, {"s": s, "axes": axes, "norm": norm}):
        expected = numpys(z, **params)
        np.testing.assert_array_equal(getattr(mg, name)(z, **params), expected)
        np.testing.assert_array_equal(numpys(Tensor(z), **params).data, expected)
    if name in REAL:
        inverse = getattr(np.fft, f"i{name}")
        back = inverse(numpys(leaf(x), axes=axes, norm=norm), s=[x.shape[i] for i in axes], axes=axes, norm=norm)
        np.testing.assert_allclose(back.data, x, atol=1e-12)
        assert back.requires_grad


def test_single_precision_stays_single_precision() -> None:
    x = leaf([[1.0, 2.0, 3.0]], np.float32)
    z = mg.rfft2(x)
    assert z.dtype == np.complex64
    assert mg.irfft2(z, (1, 3)).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: mg.fft2(x, s=(1,)), ValueError, r"fftn: got s=\(1,\).*axes \(-2, -1\)"),
        (lambda x: mg.irfftn(x, s=(1, 2), axes=(0,)), ValueError, r"irfftn: got s=\(1, 2\).*axes \(0,\)"),
        (lambda x: mg.rfftn(x, axes=()), ValueError, "rfftn: got no axes"),
        (lambda x: mg.irfftn(x, axes=()), ValueError, "irfftn: got no axes"),
        (lambda x: mg.rfft2(x * 1j), TypeError, "rfft: .*complex128.*fft"),
        (lambda x: mg.irfft2(x), ValueError, r"irfft: got n = 0.*irfft\(z, n\)"),
    ],
)
def test_errors(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call(leaf([[1.0], [2.0]]))
