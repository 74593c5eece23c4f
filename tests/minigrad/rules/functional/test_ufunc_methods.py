"""Methods of ufuncs: NumPy's values, and slopes for every ufunc that has rules."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.dispatch import numpy_functions
from minigrad.core.tensor import Tensor
from minigrad.rules.nondifferentiable import NondifferentiableFunction
from tests.helpers.parametrized.ids import shown

X = np.random.default_rng(0).permutation(np.linspace(0.5, 2.0, 12)).reshape(3, 4)
BINARY = [f for f in numpy_functions if isinstance(f, np.ufunc) and (f.nin, f.nout, f.signature) == (2, 1, None)]
RECORDED = [f for f in BINARY if not isinstance(numpy_functions[f], NondifferentiableFunction) and f is not np.ldexp]
PLAIN = [
    f
    for f in BINARY
    if f not in RECORDED
    and f not in (np.ldexp, np.gcd, np.lcm)
    and "bitwise" not in f.__name__
    and "shift" not in f.__name__
]


@pytest.mark.parametrize("ufunc", RECORDED, ids=shown)
def test_every_ufunc_with_rules(ufunc: np.ufunc) -> None:
    smooth = ufunc not in (np.floor_divide, np.remainder, np.fmod)
    for call in [
        lambda x: ufunc.reduce(x),
        lambda x: ufunc.reduce(x, axis=1, keepdims=True),
        lambda x: ufunc.reduce(x, axis=-1, initial=1.5, where=X > 1),
        lambda x: ufunc.accumulate(x, axis=1),
        lambda x: ufunc.reduceat(x, [0, 2, 2, 1], axis=1),
        lambda x: ufunc.outer(x[0], x),
    ]:
        y = call(Tensor(X, requires_grad=True))
        assert y.requires_grad
        if ufunc not in (np.power, np.arctan2):  # NumPy on some processors leaves elements out
            np.testing.assert_allclose(y.data, call(X), rtol=1e-12)
        if smooth:
            mg.check_grads(call, X)
    for axis in (0, 1):
        one_by_one = functools.reduce(ufunc, np.moveaxis(X, axis, 0))
        np.testing.assert_allclose(ufunc.reduce(Tensor(X), axis=axis).data, one_by_one, rtol=1e-12)
        np.testing.assert_allclose(
            np.take(ufunc.accumulate(Tensor(X), axis=axis).data, -1, axis), one_by_one, rtol=1e-12
        )


@pytest.mark.parametrize("ufunc", PLAIN, ids=shown)
def test_ufuncs_without_a_derivative_give_plain_arrays(ufunc: np.ufunc) -> None:
    t = Tensor(X > 1)
    for call in [lambda x: ufunc.outer(x, x), lambda x: ufunc.reduce(x, axis=1), lambda x: ufunc.accumulate(x)]:
        try:
            expected = call(t.data)
        except TypeError:  # np.arctan2 of truth values
            continue
        found = call(t)
        assert not isinstance(found, Tensor)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("ufunc", [np.add, np.maximum, np.fmax, np.logaddexp, np.hypot, np.multiply], ids=shown)
def test_several_axes_and_all(ufunc: np.ufunc) -> None:
    for axis in (None, (0, 1), (1,)):
        for keepdims in (False, True):
            found = ufunc.reduce(Tensor(X), axis=axis, keepdims=keepdims)
            np.testing.assert_allclose(
                found.data, ufunc.reduce(X, axis=axis, keepdims=keepdims), rtol=1e-12, strict=True
            )


def test_nothing_and_one_number() -> None:
    for ufunc in (np.add, np.multiply, np.hypot, np.logaddexp):
        np.testing.assert_array_equal(np.asarray(ufunc.reduce(Tensor(np.ones((0, 2))))), ufunc.reduce(np.ones((0, 2))))
        np.testing.assert_array_equal(ufunc.reduce(Tensor([-3.0])).data, ufunc.reduce([-3.0]))
    np.testing.assert_array_equal(np.subtract.accumulate(Tensor(np.ones((0, 2)))).data, np.ones((0, 2)))
    np.testing.assert_array_equal(np.add.reduceat(Tensor([1.0, 2.0]), []).data, [])
    np.testing.assert_array_equal(np.subtract.reduce(Tensor(3.0)).data, 3)


@pytest.mark.parametrize("ufunc", [np.add, np.hypot, np.logaddexp, np.fmax, np.logical_and, np.logical_or], ids=shown)
@pytest.mark.parametrize("shape", [(2, 3), (2, 0), (0,), (0, 2), (2, 3, 0)])
def test_what_a_reduction_starts_with(ufunc: np.ufunc, shape: tuple[int, ...]) -> None:
    x = np.zeros(shape)
    for axis in (None, 0, -1):
        for more in ({}, {"where": False}):
            found = ufunc.reduce(Tensor(x), axis, initial=2.0, **more)
            np.testing.assert_allclose(np.asarray(found), ufunc.reduce(x, axis, initial=2.0, **more), strict=True)


@pytest.mark.parametrize("ufunc", [np.add, np.hypot, np.logaddexp, np.logical_and], ids=shown)
def test_what_is_left_out(ufunc: np.ufunc) -> None:
    where = np.arange(6).reshape(2, 3) % 2 == 1
    found = ufunc.reduce(Tensor(X[:2, :3]), 1, where=where)
    np.testing.assert_allclose(np.asarray(found), ufunc.reduce(X[:2, :3], 1, where=where), rtol=1e-12)


def test_outer_of_a_ufunc_with_two_results() -> None:
    for found, expected in zip(np.divmod.outer(Tensor(X), Tensor(X)), np.divmod.outer(X, X), strict=True):
        np.testing.assert_allclose(found.data, expected, rtol=1e-12)


def test_of_nothing_every_result_is_what_the_reduction_starts_with() -> None:
    start = Tensor(2.0, requires_grad=True)
    y = np.hypot.reduce(Tensor(np.zeros((3, 0))), axis=1, initial=start)
    np.testing.assert_array_equal(y.data, [2, 2, 2])
    y.sum().backward()
    assert start.grad == 3


def test_an_axis_may_be_an_integer_of_numpy() -> None:
    for axis in np.arange(-2, 2):
        np.testing.assert_array_equal(np.add.accumulate(Tensor(X), axis).data, np.add.accumulate(X, axis))


def test_other_dtypes() -> None:
    for call in [
        lambda x: np.add.reduce(x, dtype=np.float32),
        lambda x: np.subtract.accumulate(x, dtype=np.float32),
        lambda x: np.hypot.reduceat(x, [0], dtype=np.float32),
        lambda x: np.maximum.reduce(x, dtype=np.float32),
    ]:
        y = call(Tensor(X, requires_grad=True))
        assert y.dtype == np.float32
        np.testing.assert_allclose(y.data, call(X), rtol=1e-6)


def test_the_way_out_of_at_is_what_at_computes() -> None:
    z, t, indices = np.arange(4.0), Tensor([1.0, 10.0, 100.0], requires_grad=True), [1, 1, 3]
    for ufunc in (np.add, np.subtract):
        with pytest.raises(TypeError, match=r"\.at writes into its first argument") as raised:
            ufunc.at(z, indices, t)
        advice = str(raised.value).partition("; write ")[2].partition(" for ")[0]
        found = eval(advice, {"np": np, "z": z, "t": t, "indices": indices})
        expected = z.copy()
        ufunc.at(expected, indices, t.data)
        np.testing.assert_array_equal(found.data, expected)


T = Tensor(X, requires_grad=True)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: np.subtract.reduce(T, axis=None), ValueError, r"np\.subtract\.reduce: got 2 axes, expected one"),
        (lambda: np.subtract.reduce(T[:0]), ValueError, "length 0 has no first element; give initial="),
        (lambda: np.subtract.reduce(T, where=X > 1), ValueError, "where may leave out every element"),
        (lambda: np.maximum.reduce(T, where=X > 1), ValueError, "give initial="),
        (lambda: np.add.reduce(T, out=np.ones(4)), TypeError, r"np\.add\.reduce does not take out="),
        (lambda: np.add.accumulate(T, out=np.ones((3, 4))), TypeError, r"np\.add\.accumulate does not take out="),
        (lambda: np.less.reduce(T, out=np.ones(4)), TypeError, r"np\.less\.reduce does not take out="),
        (lambda: np.add.accumulate(Tensor(1.0)), ValueError, r"got shape \(\)"),
        (lambda: np.add.reduceat(T, [0, 3]), IndexError, "index 3 is out of range for an axis of length 3"),
        (lambda: np.add.reduceat(T, [-1]), IndexError, "index -1"),
        (lambda: np.nextafter.reduce(T), TypeError, "np.nextafter has no derivative"),
    ],
)
def test_errors(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.float32])
def test_whole_numbers_have_the_dtype_that_is_asked_for(dtype: Any) -> None:
    x = np.array([1, 2, 3])
    for f in (np.add, np.multiply, np.maximum):
        np.testing.assert_array_equal(f.reduce(Tensor(x), dtype=dtype).data, f.reduce(x, dtype=dtype), strict=True)
