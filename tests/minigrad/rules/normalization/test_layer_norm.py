"""Layer and root mean square normalization: defaults, and errors that name the lengths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.networks.standardized import standardized

X = np.random.default_rng(0).normal(size=(2, 3, 4)) * 1e-2  # so small that ε counts


@pytest.mark.parametrize("shape", [4, (4,), (3, 4), (2, 3, 4)])
def test_by_default_epsilon_is_1e_minus_5(shape: Any) -> None:
    axis = tuple(range(-np.size(shape), 0))
    np.testing.assert_allclose(mg.layer_norm(X, shape), standardized(X, axis=axis, eps=1e-5), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_epsilon_of_the_root_mean_square_is_the_rounding_error_of_the_dtype(dtype: Any) -> None:
    x = np.full((1, 2), 2.0**-8, dtype)
    expected = x / np.sqrt(2.0**-16 + float(np.finfo(dtype).eps))
    np.testing.assert_allclose(mg.rms_norm(x, 2), expected, rtol=4 * np.finfo(dtype).eps)


def test_without_samples_there_is_nothing_to_normalize() -> None:
    x = mg.Tensor(np.zeros((0, 4)), requires_grad=True)
    slope = mg.grad(lambda x: mg.sum(mg.layer_norm(x, 4) ** 2))
    assert mg.grad(lambda x: mg.sum(slope(x) ** 2))(x).shape == (0, 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.layer_norm(X, 3), r"layer_norm: got an input of shape \(2, 3, 4\) and .*last axis has length 4$"),
        (lambda: mg.rms_norm(X, (2, 4)), r"rms_norm: .*normalized_shape=\(2, 4\), .*last axis has length 4$"),
        (lambda: mg.layer_norm(X, ()), r"normalized_shape=\(\), expected the lengths"),
        (lambda: mg.layer_norm(1.0, 1), r"expected the lengths of the last axes of the input$"),
        (lambda: mg.layer_norm(X, 4, np.ones(3)), r"weight has shape \(3,\), expected \(4,\), the normalized_shape"),
        (lambda: mg.layer_norm(X, 4, bias=np.ones((3, 4))), r"bias has shape \(3, 4\), expected \(4,\)"),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
