"""What a Tensor is to Python: a number, a sequence, a dictionary key, and never something to write into."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.ids import shown


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


def test_several_elements_are_not_one_number() -> None:
    x = Tensor([1.0, 2.0], name="w")
    for convert in (float, int, Tensor.item):
        with pytest.raises(ValueError, match=r"Tensor 'w' has 2 elements"):
            convert(x)
    with pytest.raises(ValueError, match=r"Tensor 'w' has 2 elements.*ambiguous; write t\.any\(\) or t\.all\(\)"):
        bool(x)
    with pytest.raises(ValueError, match="0 elements"):
        bool(Tensor([]))


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


@pytest.mark.parametrize("value", [[1.0, 2.0], 2.0], ids=["vector", "number"])
@pytest.mark.parametrize("other", [None, "a", object(), [1.0, 2.0], (3.0, 2.0)], ids=shown)
def test_comparisons_with_what_is_no_array_are_numpys(value: object, other: object) -> None:
    x = Tensor(value, requires_grad=True)
    for compare in (operator.eq, operator.ne):
        for found, expected in [
            (compare(x, other), compare(x.data, other)),
            (compare(other, x), compare(other, x.data)),
        ]:
            assert type(found) is type(expected)
            np.testing.assert_array_equal(found, expected)
    if other is None or isinstance(other, str):
        with pytest.raises(TypeError):
            assert x < other


def test_comparisons_of_other_shapes_are_refused_as_by_numpy() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        assert Tensor([1.0, 2.0]) == np.ones(3)


def test_in_asks_for_an_element() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    assert 3.0 in x
    assert Tensor(4.0) in x
    assert 5 not in x
    assert 1.0 in Tensor(1.0)


def test_numbers_become_pythons_numbers() -> None:
    x = Tensor(2.567, requires_grad=True)
    assert (math.floor(x), math.ceil(x), round(x), complex(x)) == (2, 3, 3, 2.567)
    assert round(x, 1) == 2.6
    np.testing.assert_array_equal(round(Tensor([1.26, 2.5]), 1), [1.3, 2.5])
    np.testing.assert_array_equal(round(Tensor([1.26, 2.5])), [1.0, 2.0])
    m = Tensor([[1.0, 2.0], [3.0, 4.0]])
    assert (m.item(3), m.item(0, 1)) == (4.0, 2.0)
    assert m.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert type(x.tolist()) is float
    assert (m.itemsize, m.nbytes) == (8, 32)


def test_a_whole_number_is_an_index() -> None:
    i = Tensor(2)
    assert [10, 20, 30][i] == 30
    assert np.arange(5)[i] == 2
    assert list(range(i)) == [0, 1]
    np.testing.assert_array_equal(Tensor([5.0, 6.0, 7.0])[i].data, 7)
    for x in (Tensor(2.0), Tensor([2]), Tensor(True)):
        with pytest.raises(TypeError, match=r"is not a whole number.*int\(t\)"):
            operator.index(x)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("fill", r"would write into a value.*mg\.where.*t\.data\.fill"),
        ("put", r"would write into a value"),
        ("strides", r"no gradient flows: t\.data\.strides"),
        ("flat", r"t\.reshape\(-1\)"),
        ("requires_grad_", r"t\.requires_grad = True"),
        ("unsqueeze", r"np\.expand_dims"),
    ],
)
def test_a_missing_attribute_says_what_to_write_instead(name: str, said: str) -> None:
    x = Tensor([1.0])
    assert not hasattr(x, name)
    assert name not in dir(x)
    with pytest.raises(AttributeError, match=said) as caught:
        getattr(x, name)
    assert (caught.value.name, caught.value.obj) == (name, x)


def test_writing_into_a_tensor_says_what_to_write_instead() -> None:
    t = Tensor([1.0, 2.0], name="t")
    with pytest.raises(TypeError, match=r"Tensor 't' cannot be written into.*mg\.where.*t\.data"):
        t[0] = 1
    np.testing.assert_array_equal(t.data, [1.0, 2.0])


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


def test_what_becomes_the_value_is_an_array_of_floats() -> None:
    w = Tensor([1.0, 2.0], requires_grad=True)
    w.data = w - 0.5
    assert type(w.data) is np.ndarray
    w.data = [3.0, 4.0]
    (w * w).sum().backward()
    np.testing.assert_array_equal(w.grad, [6, 8])
    w.data = 5.0
    assert w.shape == ()
    for value in (2, [1, 2], np.ones(2, dtype=int), True, np.array(["a"]), [1j]):
        with pytest.raises(TypeError, match="requires gradients and got a value of dtype"):
            w.data = value
    for value in ("a", ["a"], None):
        with pytest.raises(TypeError, match="data: this Tensor: expected numbers"):
            w.data = value
