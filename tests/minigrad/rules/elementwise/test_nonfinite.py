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


def test_each_part_of_a_complex_number_by_itself() -> None:
    re, im = Tensor([1.0, nan, 2.0], requires_grad=True), Tensor([inf, 5.0, 6.0], requires_grad=True)
    with np.errstate(invalid="ignore"):
        y = mg.nan_to_num(mg.where([True] * 3, re, 0.0) + 1j * mg.where([True] * 3, im, 0.0), posinf=9.0)
    (mg.real(y) + 10 * mg.imag(y))[1:].sum().backward()
    np.testing.assert_array_equal(y.data[2], 2 + 6j)
    np.testing.assert_array_equal(re.grad, [0, 0, 1])
    assert im.grad[2] == 10


def test_a_replacement_with_a_gradient_is_refused() -> None:
    for key in ("nan", "posinf", "neginf"):
        with pytest.raises(TypeError, match=rf"^nan_to_num: {key}= requires gradients.*mg\.where"):
            mg.nan_to_num([nan], **{key: Tensor(1.0, requires_grad=True)})
