"""NumPy's keywords of reductions, dtype, where, initial and mean: values, and error signals of what is left out."""

from __future__ import annotations

import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.for_each import for_each

VALUE = np.random.default_rng(0).permutation(np.linspace(-2, 3, 12)).reshape(3, 4)
MASK = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 1, 1]], bool)
WITH_NAN = VALUE.copy()
WITH_NAN[1, 0] = np.nan
NAMES = ("sum", "prod", "max", "min", "amax", "amin", "mean", "var", "std")
NAN_NAMES = ("nansum", "nanprod", "nanmean", "nanmax", "nanmin", "nanvar", "nanstd")
WITH_INITIAL = ("sum", "prod", "max", "min", "amax", "amin", "nansum", "nanprod", "nanmax", "nanmin")


def settings(name: str) -> list[dict[str, Any]]:
    """Keywords of the function, one by one and together."""
    initial = {"initial": 0.5} if name in WITH_INITIAL else {}
    needed = initial if "max" in name or "min" in name else {}
    return [
        {**initial},
        {"where": MASK, **needed},
        {"where": MASK[0], "keepdims": True, **needed},
        {"where": MASK[:, :1].tolist(), **initial, "axis": 0},
        {"where": True, "axis": (0, 1)},
        *([{"dtype": np.float32}, {"dtype": np.float32, "where": MASK, **initial, "axis": 1}] if not needed else []),
        *(
            [{"mean": np.full((3, 1), 0.3), "axis": 1}, {"mean": 0.1, "where": MASK, "ddof": 1}]
            if name.endswith(("var", "std"))
            else []
        ),
    ]


@pytest.mark.parametrize("name", [*NAMES, *NAN_NAMES])
def test_values_are_numpys_and_slopes_those_of_differences(name: str) -> None:
    value, theirs = WITH_NAN if name.startswith("nan") else VALUE, getattr(np, name)
    for how in settings(name):
        x = Tensor(value, requires_grad=True)
        y = theirs(x, **how)
        expected = theirs(value, **how)
        assert isinstance(y, Tensor)
        assert y.dtype == expected.dtype
        np.testing.assert_allclose(y.data, expected, rtol=1e-5 if "dtype" in how else 1e-12)
        if "dtype" not in how:
            mg.check_grads(lambda x: theirs(np.where(np.isnan(value), np.nan, x), **how), np.nan_to_num(value), order=2)  # noqa: B023
        y.sum().backward()
        assert x.grad.dtype == value.dtype
        np.testing.assert_array_equal(x.grad[np.isnan(value)], 0)
        if "where" in how and how["where"] is not True and how.get("mean") is None:
            mask = np.broadcast_to(how["where"], value.shape)
            np.testing.assert_array_equal(x.grad[~mask], 0)


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "var", "std"])
def test_methods_take_them_too(name: str) -> None:
    how = {"where": MASK, "axis": 1} | (
        {"initial": -9.0} if name == "max" else {"initial": 9.0} if name == "min" else {}
    )
    np.testing.assert_allclose(getattr(Tensor(VALUE), name)(**how).data, getattr(VALUE, name)(**how), rtol=1e-12)


def test_questions_take_where() -> None:
    x = Tensor(VALUE)
    for name in ("any", "all"):
        ours = getattr(x > 0, name)(axis=1, where=MASK, keepdims=True)
        np.testing.assert_array_equal(ours, getattr(np, name)(VALUE > 0, axis=1, where=MASK, keepdims=True))
        np.testing.assert_array_equal(getattr(np, name)(x, where=MASK), getattr(np, name)(VALUE, where=MASK))


def test_what_is_left_out_may_be_anything() -> None:
    x = Tensor([1.0, np.nan, np.inf, 2.0], requires_grad=True)
    mask = [True, False, False, True]
    for f in (mg.sum, mg.mean, mg.prod, mg.var, mg.std):
        x.zero_grad()
        y = f(x, where=mask)
        assert np.isfinite(y.data)
        y.backward()
        assert np.isfinite(x.grad).all()


def test_an_empty_array_has_its_initial_value() -> None:
    for shape, axis in [((0,), None), ((0, 3), 0), ((2, 0), (0, 1))]:
        x = Tensor(np.ones(shape), requires_grad=True)
        for f, initial in [(np.max, 2.0), (np.min, -1.0), (np.sum, 3.0), (np.prod, 4.0)]:
            y = f(x, axis=axis, initial=initial)
            np.testing.assert_array_equal(y.data, f(x.data, axis=axis, initial=initial))
            y.sum().backward()


def test_the_initial_value_may_be_a_tensor() -> None:
    for f, expected in [(mg.sum, 1), (mg.prod, 6), (mg.max, 1), (mg.min, 0)]:
        initial = Tensor(5.0, requires_grad=True)
        f(Tensor([2.0, 3.0]), initial=initial).backward()
        np.testing.assert_array_equal(initial.grad, expected)


def test_a_known_mean_has_its_own_slope() -> None:
    """d Σ (x − m)² / dm is 0 at the mean, and nowhere else."""
    for m, expected in [(2.0, 0), (1.0, -2)]:
        mean = Tensor(m, requires_grad=True)
        mg.var(Tensor([1.0, 3.0]), mean=mean).backward()
        np.testing.assert_array_equal(mean.grad, expected)


def test_nothing_left_is_nan_with_a_warning() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    mask = [[False, False], [True, True]]
    for f, words in [(mg.mean, "mean: where leaves out every element"), (mg.var, "var: ddof=0 leaves no degrees")]:
        with pytest.warns(RuntimeWarning, match=words):
            y = f(x, axis=1, where=mask)
        np.testing.assert_array_equal(np.isnan(y.data), [True, False])


@for_each("how", list(product([*product([False, True], repeat=3)], (0, 1, 2, 3))))
def test_as_many_numbers_as_the_mask_leaves(how: Any) -> None:
    """The statistics of the numbers that are left, beside those of a row that has all; NaN where there are too few."""
    mask, ddof = how
    row = np.array([1.0, 2.5, 6.0])
    chosen = row[np.array(mask)]
    x = Tensor(np.stack([row, row]))
    for f in (mg.mean, mg.var, mg.std):
        params: Any = {} if f is mg.mean else {"ddof": ddof}
        defined = [len(numbers) > params.get("ddof", 0) for numbers in (chosen, row)]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = f(x, axis=1, where=np.array([mask, [True] * 3]), **params)
        assert bool(caught) is not all(defined)
        numpys = getattr(np, f.__name__)
        expected = [numpys(a, **params) if known else np.nan for a, known in zip((chosen, row), defined, strict=True)]
        np.testing.assert_allclose(found.data, expected, rtol=1e-14)


def test_a_mean_is_a_number_or_an_array_of_the_same_kind() -> None:
    x = np.array([1.0, 2.0], np.float32)
    assert mg.var(Tensor(x), mean=1.5).dtype == np.var(x, mean=1.5).dtype == np.float32
    np.testing.assert_array_equal(mg.var(Tensor(x), mean=np.array([1.5])).data, np.var(x, mean=np.array([1.5])))
    with pytest.raises(TypeError, match="var: takes real numbers only"):
        mg.var(Tensor(x), mean=1.5 + 1j)  # type: ignore[arg-type]


def test_complex_numbers() -> None:
    z = VALUE + 1j * VALUE[::-1]
    for f in (np.sum, np.mean, np.var, np.std, np.prod):
        np.testing.assert_allclose(f(Tensor(z), where=MASK, axis=1).data, f(z, where=MASK, axis=1), rtol=1e-12)


@pytest.mark.parametrize("x", [np.zeros((2, 0)), np.zeros((2, 0), int), np.zeros((2, 0), bool), np.eye(2) > 0])
def test_of_nothing_the_number_to_start_with_is_left(x: Any) -> None:
    for f, start in ((np.max, 0), (np.min, 1)):
        for how in ({}, {"where": np.zeros(x.shape, bool)}, {"where": np.ones(x.shape, bool)}):
            given: Any = {"axis": 1, "initial": x.dtype.type(start), **how}
            np.testing.assert_array_equal(f(Tensor(x), **given).data, f(x, **given), strict=True)


def test_integers_and_truth_values() -> None:
    whole = np.arange(12).reshape(3, 4)
    for f in (np.sum, np.prod, np.max, np.min, np.mean):
        how: Any = {"where": MASK, "axis": 0} | ({"initial": 5} if f in (np.max, np.min) else {})
        for value in (whole, whole > 4):
            if value.dtype == bool and "initial" in how:
                how["initial"] = True
            np.testing.assert_array_equal(np.asarray(f(Tensor(value), **how)), f(value, **how), strict=True)


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, np.int64, bool])
def test_sums_and_products_in_whole_numbers_are_numpys(dtype: type) -> None:
    """In the dtype that is asked for, which the results may exceed, and without a derivative."""
    value = np.array([[7.7, 2.0, 3.0], [90.0, 5.2, 2.0]])
    names = ("sum", "prod", "nansum", "nanprod", "cumsum", "cumprod", "nancumsum", "nancumprod", "trace")
    sums: list[Any] = [getattr(np, name) for name in names]
    for f in [*sums, np.add.reduce, np.multiply.reduce, np.add.accumulate, np.multiply.accumulate]:
        ours, theirs = f(Tensor(value, requires_grad=True), dtype=dtype), f(value, dtype=dtype)
        np.testing.assert_array_equal(ours, theirs, strict=True)
    for f in (np.mean, np.var, np.std, np.nanmean, np.nanvar, np.nanstd):
        with pytest.raises(TypeError, match=rf"{f.__name__}: got dtype={np.dtype(dtype)}, .*expected a floating dtype"):
            f(Tensor(value), dtype=dtype)


X = Tensor(VALUE, requires_grad=True)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mg.sum(X, where=MASK.astype(int)), TypeError, "sum: where has dtype int64, expected truth values"),
        (lambda: mg.sum(X, where=np.ones((2, 3, 4), bool)), ValueError, r"shape \(2, 3, 4\), which does not broadcast"),
        (lambda: mg.sum(X[:1], where=np.ones((3, 4), bool)), ValueError, "does not broadcast"),
        (lambda: mg.max(X, where=MASK), ValueError, "max: where may leave out every element.*give initial="),
        (lambda: mg.nanmin(X, where=MASK), ValueError, "give initial="),
        (lambda: mg.sum(X, initial=[1.0, 2.0]), ValueError, r"sum: initial has shape \(2,\), expected a number"),
        (lambda: mg.sum(X, initial=1j), TypeError, "complex"),
        (lambda: mg.sum(X, 0, True), TypeError, "sum: got dtype=True, expected a dtype.*keepdims=True"),
        (lambda: X.mean(0, True), TypeError, "mean: got dtype=True.*by name: keepdims=True"),
        (lambda: mg.var(X, 0, 1), TypeError, "var: got dtype=1.*ddof=1"),
        (lambda: mg.max(X, 0, True), TypeError, "max.. takes 2 arguments by position, got 3"),
        (lambda: mg.var(X, mean=[1.0, 2.0, 3.0]), ValueError, "broadcast"),
        (lambda: mg.var(X, mean=np.ones((2, 3, 4))), ValueError, "mean has shape .*keepdims=True"),
        (lambda: mg.average(X, weights=np.ones(3)), ValueError, r"weights have shape \(3,\)"),
    ],
)
def test_errors(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()
