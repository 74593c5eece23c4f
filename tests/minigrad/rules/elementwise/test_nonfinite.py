"""NaN and infinities are replaced, and stop the error signal where they stood."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

nan, inf = np.nan, np.inf


@pytest.mark.parametrize("params", [{}, {"nan": 1.5}, {"posinf": 2.0, "neginf": -3.0}, {"copy": False}])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_values_are_numpys(params: Any, dtype: Any) -> None:
    x = np.array([1.0, nan, inf, -inf], dtype)
    y = np.nan_to_num(Tensor(x), **params)
    np.testing.assert_array_equal(y.data, np.nan_to_num(x.copy(), **params))
    assert y.dtype == dtype
    assert np.isnan(x[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_replaced_gets_no_error_signal(dtype: Any) -> None:
    x = Tensor(np.array([1.0, nan, inf, -inf], dtype), requires_grad=True)
    (3 * mg.nan_to_num(x, posinf=9.0, neginf=-9.0)).sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 0, 0, 0])


def test_each_part_of_a_complex_number_by_itself() -> None:
    z = np.array([1 + 2j, complex(nan, 5), complex(6, inf), complex(-inf, nan)])
    limits = {"posinf": 9.0, "neginf": -9.0}
    y = mg.nan_to_num(z, **limits)
    np.testing.assert_array_equal(y, np.nan_to_num(z, **limits))
    slope = mg.grad(lambda z: mg.sum(mg.real(w := mg.nan_to_num(z, **limits)) + 10 * mg.imag(w)))(z)
    np.testing.assert_array_equal(slope, [1 - 10j, -10j, 1, 0])


def test_a_replacement_with_a_gradient_is_refused() -> None:
    for key in ("nan", "posinf", "neginf"):
        with pytest.raises(TypeError, match=rf"^nan_to_num: {key}= requires gradients.*mg\.where"):
            mg.nan_to_num([nan], **{key: Tensor(1.0, requires_grad=True)})
