"""What a Tensor is to Python: a number, a sequence, a dictionary key, and never something to write into."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable

import numpy as np
import pytest

import minigrad as mg
from minigrad.tensor import Tensor


@pytest.mark.parametrize("data", [1, True, [1, 2], np.arange(3), np.array([1j]), np.uint8(3)], ids=repr)
def test_only_floating_types_require_gradients(data: object) -> None:
    with pytest.raises(TypeError, match=str(np.asarray(data).dtype)):
        Tensor(data, requires_grad=True)
    assert not Tensor(data).requires_grad


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_dtype_makes_integers_differentiable(dtype: type) -> None:
    x = Tensor([1, 2], requires_grad=True, dtype=dtype)
    x.sum().backward()
    assert x.grad.dtype == dtype


@pytest.mark.parametrize("data", ["ab", ["a"], None, [None], {}], ids=repr)
def test_data_must_be_numbers(data: object) -> None:
    with pytest.raises(TypeError, match="expected numbers"):
        Tensor(data)


def test_data_is_copied() -> None:
    a = np.ones(2)
    x = Tensor(a)
    a[:] = 5
    np.testing.assert_array_equal(x.data, [1, 1])


def test_attributes_are_those_of_the_array() -> None:
    x = Tensor(np.zeros((2, 3), dtype=np.float32))
    assert (x.shape, x.ndim, x.size, x.dtype, x.T.shape, len(x)) == ((2, 3), 2, 6, np.float32, (3, 2), 2)


def test_scalars_are_tensors_of_shape_nothing() -> None:
    x = Tensor(2.0)
    assert x.shape == ()
    assert (float(x), int(Tensor(2.7)), x.item(), bool(x), bool(Tensor(0.0))) == (2.0, 2, 2.0, True, False)
    assert f"{Tensor(1.25):.1f}" == "1.2"


def test_several_elements_are_not_one_number() -> None:
    x = Tensor([1.0, 2.0], name="w")
    for convert in (float, int, Tensor.item):
        with pytest.raises(ValueError, match=r"Tensor 'w' has 2 elements"):
            convert(x)
    with pytest.raises(ValueError, match="ambiguous"):
        bool(x)


def test_a_single_number_has_no_length() -> None:
    with pytest.raises(TypeError, match="no length"):
        len(Tensor(1.0))
    with pytest.raises(TypeError, match="no length"):
        iter(Tensor(1.0))


def test_rows_are_tensors_and_record() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    first, second = x
    (first * 10 + second).sum().backward()
    np.testing.assert_array_equal(x.grad, [[10, 10], [1, 1]])


def test_repr_tells_what_matters() -> None:
    w = Tensor([1.0, 2.0], requires_grad=True, name="w", dtype=np.float32)
    assert repr(w) == "Tensor([1., 2.], name='w', dtype=float32, requires_grad=True)"
    assert repr(w * 2) == "Tensor([2., 4.], dtype=float32, made by multiply)"
    assert repr(Tensor(3)) == str(Tensor(3)) == f"{Tensor(3)}" == "Tensor(3)"


def test_asarray_shares_memory_and_array_copies() -> None:
    x = Tensor([1.0, 2.0])
    assert np.shares_memory(np.asarray(x), x.data)
    assert np.shares_memory(x.numpy(), x.data)
    assert not np.shares_memory(np.array(x), x.data)
    assert np.asarray(x, dtype=np.float32).dtype == np.float32
    assert np.asarray(Tensor(2.0)).shape == ()


def test_detach_shares_the_value_and_cuts_the_graph() -> None:
    x = Tensor([1.0], requires_grad=True)
    y = (x * 2).detach()
    assert y.is_leaf
    assert not y.requires_grad
    (x * y).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0])


def test_named_returns_the_tensor() -> None:
    x = Tensor(1.0)
    assert x.named("x") is x
    assert x.name == "x"


def test_identity_makes_the_key_and_equality_compares_elements() -> None:
    a, b = Tensor([1.0, 2.0]), Tensor([1.0, 2.0])
    assert {a: "a", b: "b"}[a] == "a"
    assert len({a, b, a}) == 2
    assert isinstance(a == b, np.ndarray)
    np.testing.assert_array_equal(a == b, [True, True])


@pytest.mark.parametrize("compare", [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", [1.0, np.array([1.0, 3.0]), Tensor([0.0, 2.0], requires_grad=True)], ids=str)
def test_comparisons_give_plain_arrays(compare: Callable[..., object], other: object) -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    value = np.asarray(other)
    for found, expected in [
        (compare(x, other), compare(x.data, value)),
        (compare(other, x), compare(value, x.data)),
    ]:
        assert type(found) is np.ndarray
        np.testing.assert_array_equal(found, expected)


def test_writing_into_a_tensor_says_what_to_write_instead() -> None:
    t = Tensor([1.0, 2.0], name="t")
    with pytest.raises(TypeError, match=r"Tensor 't' cannot be written into.*mg\.where.*t\.data"):
        t[0] = 1
    np.testing.assert_array_equal(t.data, [1.0, 2.0])


def test_augmented_assignment_makes_a_new_tensor() -> None:
    x = y = Tensor([1.0], requires_grad=True)
    y += 1
    assert y is not x
    np.testing.assert_array_equal(x.data, [1.0])


def test_a_copy_of_a_leaf_is_a_leaf_of_its_own() -> None:
    x = Tensor([1.0], requires_grad=True)
    other = copy.deepcopy(x)
    (other * 3).sum().backward()
    assert x.grad is None
    np.testing.assert_array_equal(other.grad, [3.0])


def test_operators_take_numbers_and_arrays_on_either_side() -> None:
    x, a = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    t = Tensor(x)
    for other in (2, 0.5, a, Tensor(a)):
        v = np.asarray(other)
        for found, expected in [
            (t + other, x + v),
            (other + t, v + x),
            (t - other, x - v),
            (other - t, v - x),
            (t * other, x * v),
            (other * t, v * x),
            (t / other, x / v),
            (other / t, v / x),
            (t**other, x**v),
            (other**t, v**x),
        ]:
            assert isinstance(found, Tensor)
            np.testing.assert_array_equal(found.data, expected)
    assert isinstance(a @ t, Tensor)
    assert float(a @ t) == float(t @ a) == 13.0
    np.testing.assert_array_equal((-t).data, -x)


def test_python_numbers_leave_float32_alone() -> None:
    for t in (Tensor([1.0, 2.0], dtype=np.float32), Tensor(2.0, dtype=np.float32)):
        for y in (t + 1, 1.0 - t, t * 2, t / 3, 2 / t, t**2, 2.0**t, mg.maximum(t, 0), mg.where(t > 1, t, 0)):
            assert y.dtype == np.float32
