"""NumPy's functions that become complex outside of the domain of real numbers: values, and slopes of both parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

OUTSIDE = np.array([-2.5, -0.4, 0.3, 1.7])
FUNCTIONS: dict[str, Any] = {
    **{f.__name__: f for f in (np.emath.sqrt, np.emath.log, np.emath.log2, np.emath.log10)},
    **{f.__name__: f for f in (np.emath.arccos, np.emath.arcsin, np.emath.arctanh)},
    "logn": lambda x: np.emath.logn(3, x),
    "logn of the base": lambda x: np.emath.logn(x + 0.1, 5.0),
    "power": lambda x: np.emath.power(x, 0.5),
    "power of several": lambda x: np.emath.power(x, [2, -1, 0.5, 3]),
    "power to x": lambda x: np.emath.power(-1.5, x),
}


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_values_are_numpys_and_both_parts_have_slopes(f: Any, dtype: type) -> None:
    for value in (OUTSIDE.astype(dtype), np.abs(OUTSIDE[1:3].astype(dtype)), dtype(-0.3)):
        if f is FUNCTIONS["power of several"] and np.shape(value) != (4,):
            continue
        y = f(Tensor(value, requires_grad=True))
        assert isinstance(y, Tensor)
        assert y.dtype == f(value).dtype
        np.testing.assert_allclose(y.data, f(value), rtol=1e-12 if dtype is np.float64 else 1e-5)
        if dtype is np.float64:
            mg.check_grads(lambda x: mg.sum(mg.real(f(x)) + 2 * mg.imag(f(x) ** 2)), value, order=2)


def test_whole_numbers() -> None:
    for f in (np.emath.sqrt, np.emath.arccos):
        np.testing.assert_array_equal(f(Tensor([-2, 4])), f([-2, 4]))
    np.testing.assert_array_equal(np.emath.power(Tensor([-2, 4]), -2), np.emath.power([-2, 4], -2))


@pytest.mark.parametrize("value", [[0.0, 2.0], [1.0, -1.0], [1.5, 0.5], [-1.5, 0.5], [0.0]])
def test_numbers_stay_real_up_to_the_limit(value: list[float]) -> None:
    x = np.array(value)
    for name in ("sqrt", "log", "log2", "log10", "arccos", "arcsin", "arctanh"):
        with np.errstate(divide="ignore"):
            np.testing.assert_array_equal(FUNCTIONS[name](Tensor(x)).data, FUNCTIONS[name](x), strict=True)


@pytest.mark.parametrize("p", [0, 1, -1, -2, [0, 3], [-1, 2], 0.5, -0.5, 1j])
@pytest.mark.parametrize("x", [[2, 4], [-2, 4], [2.0, 4.0], [-2.0, 4.0]])
def test_powers_have_the_dtypes_of_numpys(x: list[float], p: Any) -> None:
    expected = np.emath.power(x, p)
    np.testing.assert_allclose(np.asarray(np.emath.power(Tensor(x), p)), expected, rtol=1e-14, strict=True)
