"""Copies and casts: error signals come back in the type of the argument."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor


@pytest.mark.parametrize("value", [1.5, [1.5, 2.5]], ids=["number", "vector"])
def test_an_error_signal_is_cast_back(value: Any) -> None:
    x = Tensor(value, requires_grad=True)
    y = x.astype(np.float32)
    assert y.dtype == np.float32
    (y * np.float32(3)).sum().backward()
    assert x.grad.dtype == np.float64
    np.testing.assert_array_equal(x.grad, np.full(x.shape, 3.0))


def test_half_precision_inside_a_network_and_back() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True, dtype=np.float32)
    y = (x.astype("float16") * 2).astype(np.float32) * x
    y.sum().backward(create_graph=True)
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad.data, [4, 8])
    x.grad = None
    mg.check_grads(lambda x: x.astype(np.longdouble) ** 3, [0.5, 1.5], order=2)


@pytest.mark.parametrize("dtype", [int, bool, np.int8, "uint8"])
def test_types_without_derivative_give_plain_arrays(dtype: Any) -> None:
    x = np.array([0.0, 1.7])
    found = Tensor(x, requires_grad=True).astype(dtype)
    assert type(found) is np.ndarray
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, x.astype(dtype))


@pytest.mark.parametrize("value", [1.5, [1.5, -2.5]], ids=["number", "vector"])
def test_a_real_number_becomes_a_complex_one(value: Any) -> None:
    """Its error signal is real."""
    x = Tensor(value, requires_grad=True)
    for dtype, like in ((np.complex64, np.float32), (complex, float)):
        z = x.astype(dtype)
        assert z.dtype == dtype
        np.testing.assert_array_equal(z.data, x.data.astype(dtype))
        mg.sum(mg.imag(z * z * (3 + 2j))).backward()
        assert x.grad.dtype == float
        np.testing.assert_allclose(x.grad, (4 * x.data).astype(like), rtol=1e-6)
        x.zero_grad()
    mg.check_grads(lambda x: mg.exp(1j * x.astype(complex)), value)
    assert mg.jvp(lambda x: mg.real(x.astype(complex)), (2.0,), (3.0,))[1] == 3


def test_complex_numbers_of_another_precision() -> None:
    z = np.array([1 + 2j, -1j])
    for target in (np.complex64, np.complex128):
        value, pullback = mg.vjp(lambda z, target=target: z.astype(target) ** 2, z)
        assert value.dtype == target
        (z_bar,) = pullback(np.array([1j, 2]))
        assert z_bar.dtype == complex
        np.testing.assert_allclose(z_bar, 2 * z * [1j, 2])


def test_without_copy_the_same_type_is_the_same_tensor() -> None:
    x = Tensor([1.0], requires_grad=True)
    assert x.astype(float, copy=False) is x
    assert x.astype(float) is not x
    assert not np.shares_memory(x.astype(float).data, x.data)


def test_plain_values_become_plain_values() -> None:
    for found in (mg.astype([1, 2], float), mg.astype(np.array([1, 2]), float), mg.astype(1, float)):
        assert isinstance(found, np.ndarray | np.floating)
        assert found.dtype == float
    assert type(mg.copy([1.0])) is np.ndarray
    assert mg.copy(2.0) == 2.0


@pytest.mark.parametrize("value", [1.5, [1.5, 2.5]], ids=["number", "vector"])
def test_a_copy_is_part_of_the_graph_in_memory_of_its_own(value: Any) -> None:
    x = Tensor(value, requires_grad=True)
    for y in (x.copy(), mg.copy(x), np.copy(x)):
        assert not y.is_leaf
        assert not np.shares_memory(y.data, x.data)
        assert type(y.data) is type(x.data)
        x.zero_grad()
        (y * y).sum().backward()
        np.testing.assert_array_equal(x.grad, 2 * x.data)


def test_numpys_function_casts_too() -> None:
    astype = getattr(np, "astype", None)
    if astype is None:
        pytest.skip("NumPy 2.0 has no np.astype")
    assert astype(Tensor([1.0], requires_grad=True), np.float32)._primitive.name == "astype"


def test_a_derivation_writes_the_type() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    walkthrough = str(mg.explain((2 * x.astype(np.float32)).sum()))
    assert "float32(x)" in walkthrough
    assert "x̄ = float64(2 L̄ 𝟏)" in walkthrough


def test_what_is_there_already_is_not_moved() -> None:
    x = Tensor([1.0], requires_grad=True)
    assert mg.to(x, "cpu") is x
    assert mg.to(x.data, "cpu") is x.data


def test_objects_are_tensors() -> None:
    """NumPy computes with objects one by one: their gradients are not lost."""
    x = Tensor([1.0, 2.0], requires_grad=True)
    first, second = x.astype(object)
    (first * second).backward()
    np.testing.assert_array_equal(x.grad, [2, 1])
