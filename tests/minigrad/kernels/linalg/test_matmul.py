"""Products of large matrices, some rows in each thread."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.kernels.elementwise import activations as activation
from minigrad.kernels.linalg import matmul as linalg
from tests.helpers.threads.blas import allow

RNG = np.random.default_rng(0)
DTYPES = [np.float32, np.float64, np.complex64, np.int32]


def matrix(rows: int, columns: int, dtype: Any, transposed: bool) -> Any:
    shape = (columns, rows) if transposed else (rows, columns)
    a = (RNG.normal(size=shape) * 9).astype(dtype)
    if a.dtype.kind == "c":
        a += (1j * RNG.normal(size=shape)).astype(dtype)
    a.flags.writeable = False
    return a.T if transposed else a


@pytest.fixture(params=[1, 2, 3])
def threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, request.param)
    monkeypatch.setattr(linalg, "LARGE", 0)
    monkeypatch.setattr(linalg, "_WORTH", 0)


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("second", DTYPES)
@pytest.mark.parametrize("first", DTYPES)
@pytest.mark.parametrize("transposed", [(False, False), (True, False), (False, True), (True, True)])
def test_products_are_those_of_numpy(transposed: Any, first: Any, second: Any) -> None:
    for rows, inner, columns in [(7, 5, 9), (1, 40, 3), (2, 1, 1), (33, 20, 1)]:
        x, y = matrix(rows, inner, first, transposed[0]), matrix(inner, columns, second, transposed[1])
        expected = np.matmul(x, y)
        single = np.dtype(np.result_type(first, second)).char in "fF"
        for product in (linalg.times(x, y), linalg.in_threads(x, y), linalg.matmul(x, y), linalg.linear(x, y.T)):
            assert product.dtype == expected.dtype
            np.testing.assert_allclose(product, expected, rtol=1e-5 if single else 1e-12, atol=1e-3 if single else 1e-9)
            np.testing.assert_array_equal(linalg.times(x, y), linalg.times(x, y))


@pytest.mark.usefixtures("threads")
def test_the_last_rows_and_empty_matrices() -> None:
    for rows, inner, columns in [(0, 3, 2), (3, 0, 2), (3, 2, 0)]:
        product = linalg.in_threads(np.ones((rows, inner)), np.ones((inner, columns)))
        np.testing.assert_array_equal(product, np.zeros((rows, columns)))


@pytest.mark.usefixtures("threads")
def test_lengths_that_do_not_agree() -> None:
    with pytest.raises(ValueError, match=r"^matmul: x @ y has shapes \(2, 3\) and \(2, 3\)"):
        linalg.matmul(np.ones((2, 3)), np.ones((2, 3)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_x_times_its_transpose_is_symmetric_to_the_last_digit(dtype: Any) -> None:
    for n in (129, 200, 333):
        x = RNG.normal(size=(n, 150)).astype(dtype)
        product = mg.matmul(x, x.T)
        np.testing.assert_array_equal(product, product.T)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.float16, np.float32, np.float64])
def test_relu_of_many(dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 2)
    x = (RNG.normal(size=(6, 5)) * 9).astype(dtype)
    expected = activation.relu(x)
    monkeypatch.setattr(activation, "_MANY", 1)
    for a, b in [(x, expected), (x.T, expected.T), (x[::-2], expected[::-2]), (x[:0], expected[:0])]:
        np.testing.assert_array_equal(activation.relu(a), b, strict=True)
