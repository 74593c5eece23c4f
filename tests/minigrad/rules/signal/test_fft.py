"""Fourier transforms, convolution and correlation of sequences, interpolation."""

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
MODES = ["full", "same", "valid"]


def leaf(value: Any, dtype: Any = None) -> Tensor:
    return Tensor(value, requires_grad=True, dtype=dtype)


# ---------------------------------------------------------------- Fourier transforms


@given(arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=5), elements=values), norms, st.data())
def test_transforms_are_numpys(x: Any, norm: Any, data: Any) -> None:
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    n = data.draw(st.none() | st.integers(1, 7))
    for name in ("fft", "ifft", "rfft", "irfft"):
        mine, numpys = getattr(mg, name), getattr(np.fft, name)
        if name == "irfft" and n is None and x.shape[axis] == 1:
            continue
        expected = numpys(x, n, axis, norm)
        for found in (mine(x, n, axis, norm), mine(leaf(x), n, axis, norm).data, numpys(leaf(x), n, axis, norm).data):
            np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(mg.fft(x.tolist()), np.fft.fft(x))


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=3, max_side=4), elements=values), norms, st.data())
def test_transforms_along_several_axes_are_numpys(x: Any, norm: Any, data: Any) -> None:
    axes = data.draw(st.permutations(range(x.ndim)))[: data.draw(st.integers(1, x.ndim))]
    s = [data.draw(st.integers(1, 5)) for _ in axes]
    for name in ("fftn", "ifftn"):
        numpys = getattr(np.fft, name)
        np.testing.assert_array_equal(numpys(leaf(x), s, axes, norm).data, numpys(x, s, axes, norm))
        np.testing.assert_array_equal(numpys(leaf(x)).data, numpys(x))
    np.testing.assert_array_equal(np.fft.fft2(leaf(x)).data, np.fft.fft2(x))
    np.testing.assert_array_equal(np.fft.ifft2(leaf(x)).data, np.fft.ifft2(x))


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
        (lambda x: mg.fft(x, 0), ValueError, r"fft: a transform of 0 values along axis 1 of shape \(2, 1\)"),
        (lambda x: mg.irfft(x), ValueError, r"irfft: a transform of 0 values.*irfft\(z, n\)"),
        (lambda x: mg.rfft(x, axis=2), ValueError, "axis 2 is out of bounds"),
        (lambda x: mg.fft(x, norm="none"), ValueError, "ortho"),
        (lambda x: mg.fft(x[0, 0]), ValueError, "out of bounds"),
        (lambda x: mg.rfft(x * 1j), TypeError, "rfft: .*complex128.*fft"),
        (lambda x: mg.fft2(x, s=(1,)), ValueError, r"fft.*1 lengths.*axes \(-2, -1\)"),
        (lambda x: mg.fft(x[:, :0]), ValueError, "expected at least 1"),
    ],
)
def test_errors_of_transforms(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call(leaf([[1.0], [2.0]]))


# ---------------------------------------------------------------- convolution of sequences

sequences = arrays(np.float64, st.integers(1, 6), elements=values)


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
        (np.ones(0), np.ones(2), "full", "0 and 2 numbers"),
        (np.ones(3), np.ones(2), "middle", '"full", "same" or "valid", got \'middle\''),
    ],
)
def test_errors_of_convolutions(f: Any, a: Any, v: Any, mode: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        f(leaf(a), v, mode)


# ---------------------------------------------------------------- interpolation

halves = st.integers(-50, 50).map(lambda i: i / 2)  # every other one may be a knot


@given(
    st.lists(st.integers(-20, 20), min_size=1, max_size=6, unique=True).map(sorted),
    arrays(
        np.float64, array_shapes(min_dims=0, max_dims=2, max_side=4), elements=st.integers(-50, 50).map(lambda i: i / 2)
    ),
    st.none() | values,
    st.none() | values,
    st.data(),
)
def test_interpolation_is_numpys(knots: Any, x: Any, left: Any, right: Any, data: Any) -> None:
    """At knots, between them, outside; with any ends; and the heights get what the matrix of hats says."""
    xp = np.array(knots, dtype=float)
    fp = data.draw(arrays(np.float64, len(knots), elements=values))
    heights = leaf(fp)
    y = np.interp(x, xp, heights, left, right)
    np.testing.assert_allclose(y.data, np.interp(x, xp, fp, left, right), rtol=1e-12, atol=1e-12)
    y_bar = np.cos(np.arange(float(x.size))).reshape(x.shape)
    y.backward(y_bar)
    ends = {"left": None if left is None else 0, "right": None if right is None else 0}
    hats = [np.sum(np.interp(x, xp, hat, **ends) * y_bar) for hat in np.eye(len(xp))]
    np.testing.assert_allclose(heights.grad, hats, atol=1e-12)


def test_at_a_knot_the_line_to_its_right_counts() -> None:
    x = leaf([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
    np.interp(x, [0.0, 1.0, 2.0], [0.0, 10.0, 40.0]).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 10, 10, 30, 0, 0])


def test_what_is_outside_or_infinite_passes_nothing_on() -> None:
    x, fp = leaf([-np.inf, 0.5, np.inf]), leaf([1.0, 2.0])
    with np.errstate(invalid="ignore"):
        y = mg.interp(x, [0.0, 1.0], fp)
        y.sum().backward()
    np.testing.assert_array_equal(y.data, [1, 1.5, 2])
    np.testing.assert_array_equal(x.grad, [0, 1, 0])
    np.testing.assert_array_equal(fp.grad, [1.5, 1.5])


def test_a_knot_that_moves_takes_its_line_along() -> None:
    xp = leaf([0.0, 1.0])
    mg.interp(0.25, xp, [0.0, 8.0]).backward()
    np.testing.assert_allclose(xp.grad, [-6, -2])


def test_the_ends_have_derivatives_too() -> None:
    left, right = leaf(5.0), leaf(6.0)
    y = mg.interp([-1.0, 0.5, 2.0, 3.0], [0.0, 1.0], [0.0, 8.0], left, right)
    y.sum().backward()
    np.testing.assert_array_equal(y.data, [5, 4, 6, 6])
    assert (left.grad, right.grad) == (1, 2)


def test_whole_numbers_and_single_precision() -> None:
    assert mg.interp([1, 2], [0, 4], [0, 1]).dtype == np.float64
    single = [np.array(part, dtype=np.float32) for part in ([1.5], [0, 4], [0, 1])]
    assert mg.interp(*map(leaf, single)).dtype == np.float32
    assert np.isnan(mg.interp(np.nan, [0.0, 1.0], [1.0, 2.0]))


@pytest.mark.parametrize(
    ("xp", "fp", "words"),
    [
        ([0.0, 2.0, 1.0], [0.0, 0.0, 0.0], r"must increase, but 2\.0 is followed by 1\.0 \(at 2\)"),
        ([0.0, 0.0], [0.0, 0.0], "must increase"),
        ([0.0, 1.0], [0.0], r"\(2,\) and values of shape \(1,\)"),
        ([], [], "n ≥ 1"),
        ([[0.0]], [[0.0]], r"\(1, 1\)"),
    ],
)
def test_errors_of_interpolation(xp: Any, fp: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mg.interp(leaf(0.5), xp, fp)
