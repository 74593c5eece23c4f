"""Differences along an axis, and areas under curves: NumPy's values on any axis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_values_agree_with_numpy(value: Any, data: Any) -> None:
    axis = data.draw(st.integers(-value.ndim, value.ndim - 1))
    x = Tensor(value)
    np.testing.assert_array_equal(np.diff(x, 2, axis).data, np.diff(value, 2, axis))
    np.testing.assert_array_equal(np.trapezoid(x, dx=2.0, axis=axis).data, np.trapezoid(value, dx=2.0, axis=axis))


def test_what_comes_before_and_after_is_joined() -> None:
    """Numbers in every place across the axis, arrays of another dtype, and nothing where no differences are taken."""
    x = np.arange(6, dtype=np.float32).reshape(2, 3) ** 2
    ends = {"prepend": 5.0, "append": np.ones((2, 2))}
    for n in range(3):
        found, expected = np.diff(Tensor(x), n, **ends), np.diff(x, n, **ends)
        np.testing.assert_array_equal(found.data, expected)
        assert found.dtype == expected.dtype
    volume = np.arange(24.0).reshape(2, 3, 4) ** 2
    for axis in range(3):
        np.testing.assert_array_equal(np.diff(Tensor(volume), 1, axis, 5.0).data, np.diff(volume, 1, axis, 5.0))
    with pytest.raises(ValueError, match=r"prepend has shape \(1,\)"):
        mg.diff(Tensor(x), prepend=[1.0])


def test_differences_of_booleans() -> None:
    np.testing.assert_array_equal(mg.diff([True, False, False]), [True, False])


def test_differences_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="single number"):
        mg.diff(Tensor(1.0))
    with pytest.raises(ValueError, match="got -1"):
        mg.diff(Tensor([1.0]), n=-1)
    assert mg.diff(Tensor([1.0]), n=3).shape == (0,)


def test_slopes_are_numpys() -> None:
    rng = np.random.default_rng(0)
    f = rng.normal(size=(3, 4, 5))
    x, y, z = (np.sort(rng.normal(size=n)) for n in f.shape)
    for spacing, params in [
        ((), {}),
        ((0.5,), {"edge_order": 2}),
        ((0.5, 2.0, 3.0), {}),
        ((x, y, z), {"edge_order": 2}),
        ((z, 2.0), {"axis": (-1, 0)}),
        ((y,), {"axis": 1}),
    ]:
        found, expected = np.gradient(mg.Tensor(f), *spacing, **params), np.gradient(f, *spacing, **params)
        assert isinstance(found, tuple) == isinstance(expected, tuple)
        for ours, theirs in zip(
            *[part if isinstance(part, tuple) else (part,) for part in (found, expected)], strict=True
        ):
            np.testing.assert_allclose(ours.data, theirs, rtol=1e-12, atol=1e-13)
    np.testing.assert_array_equal(mg.gradient([1, 4, 9], [0, 1, 3]), np.gradient([1, 4, 9], [0, 1, 3]))
    assert mg.gradient(np.ones(3, np.float32), x).dtype == np.float32


def test_slopes_of_a_parabola_are_exact_with_edges_of_second_order() -> None:
    """Also between positions that are not evenly spaced, which receive error signals, too."""
    x = mg.Tensor([0.0, 0.5, 2.0, 3.0], requires_grad=True)
    np.testing.assert_allclose(mg.gradient(x**2, x, edge_order=2).data, 2 * x.data, rtol=1e-12)
    mg.check_grads(lambda x: mg.gradient(np.array([1.0, 2.0, 0.0, 5.0]), x, edge_order=2), x.data, order=2)


def test_errors_of_slopes_and_differences() -> None:
    f = np.ones((2, 3))
    for call, error, words in [
        (lambda: mg.gradient(f, 1.0, 2.0, 3.0), TypeError, "^gradient: got 3 spacings for 2 axes"),
        (lambda: mg.gradient(f, np.ones(2)), TypeError, "^gradient: got 1 spacings for 2 axes"),
        (lambda: mg.gradient(f, np.ones(3), axis=0), ValueError, r"positions of shape \(3,\) for axis 0"),
        (lambda: mg.gradient(f, edge_order=3), ValueError, "edge_order is 1 or 2, got 3"),
        (
            lambda: mg.gradient(f, edge_order=2),
            ValueError,
            r"axis 0 of shape \(2, 3\) has 2 samples, expected at least 3",
        ),
        (lambda: mg.gradient(f, 1j, axis=0), TypeError, "^gradient: takes real numbers only"),
        (lambda: mg.ediff1d(f, to_end=1j), TypeError, "^ediff1d: takes real numbers only"),
        (lambda: mg.ediff1d([1, 2], to_end=0.5), TypeError, "^ediff1d: got float64 beside differences of dtype int64"),
    ]:
        with pytest.raises(error, match=words):
            call()
