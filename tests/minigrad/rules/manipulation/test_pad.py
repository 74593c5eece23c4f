"""Padding, of every form and mode."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.adjoint import assert_moves_elements_as_numpy


@given(array_shapes(min_dims=1, max_dims=3, max_side=3), st.data())
def test_pad(shape: Any, data: Any) -> None:
    """All modes, with borders that may be several times as wide as the array."""
    mode = data.draw(st.sampled_from(["constant", "edge", "reflect", "symmetric", "wrap"]))
    pair = st.tuples(st.integers(0, 7 // len(shape)), st.integers(0, 7 // len(shape)))
    width = data.draw(st.integers(0, 3) | pair | st.tuples(*[pair] * len(shape)))
    assert_moves_elements_as_numpy(lambda x: np.pad(x, width, mode), shape)


@pytest.mark.parametrize(
    "width",
    [{0: 1}, {1: (0, 2)}, {0: (1, 2), -1: 3}, {}, np.array([[1, 2], [3, 4]]), [[1], [2]], np.int64(2), ((1, 2),)],
    ids=repr,
)
def test_every_form_of_widths(width: Any) -> None:
    x = np.arange(6.0).reshape(2, 3)
    pairs = np.zeros((2, 2), dtype=int)
    if isinstance(width, dict):
        for axis, pair in width.items():
            pairs[axis] = pair
    else:
        pairs[:] = width
    np.testing.assert_array_equal(mg.pad(x, width, "edge"), np.pad(x, pairs, "edge"))


COMPUTED = [
    ("linear_ramp", {}),
    ("linear_ramp", {"end_values": (1.0, -2.0)}),
    ("maximum", {}),
    ("minimum", {"stat_length": (2, 1)}),
    ("mean", {"stat_length": 2}),
    ("mean", {"stat_length": ((1, 2), (9, 2))}),
    ("median", {"stat_length": (3, 2)}),
    ("reflect", {"reflect_type": "odd"}),
    ("symmetric", {"reflect_type": "odd"}),
]


@pytest.mark.parametrize(("mode", "how"), COMPUTED, ids=str)
@pytest.mark.parametrize("width", [1, ((2, 3), (0, 1)), ((0, 0), (7, 9))], ids=str)
def test_padding_that_is_computed(mode: str, how: Any, width: Any) -> None:
    value = np.random.default_rng(0).permutation(np.arange(12.0)).reshape(3, 4)
    for shape in [(3, 4), (1, 4)]:
        x = value[: shape[0]]
        found = mg.pad(Tensor(x, requires_grad=True), width, mode, **how)
        np.testing.assert_allclose(found.data, np.pad(x, width, mode, **how), atol=1e-14)
        mg.check_grads(lambda x: mg.pad(x, width, mode, **how), x, order=2)
        whole = mg.pad(Tensor(x.astype(int)), width, mode, **how)
        np.testing.assert_array_equal(whole, np.pad(x.astype(int), width, mode, **how), strict=True)
        half = mg.pad(Tensor(x.astype(np.float32)), width, mode, **how)
        assert half.dtype == np.float32


def test_a_statistic_of_all_elements_on_one_side() -> None:
    for x in (np.array([1.0, 2.0, 6.0]), np.array([1, 2, 6])):
        np.testing.assert_array_equal(mg.pad(x, 1, "mean", stat_length=(None, 2)), [3, 1, 2, 6, 4])


@pytest.mark.parametrize("values", [2, (1, 2), ((1, 2), (3, 4)), ((1,), (2,))], ids=str)
def test_constants_for_each_side(values: Any) -> None:
    value = np.ones((2, 3))
    expected = np.pad(value, 2, constant_values=values)
    np.testing.assert_array_equal(mg.pad(Tensor(value), 2, constant_values=values).data, expected)


def test_a_border_that_repeats_collects_the_error_signals() -> None:
    x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = mg.pad(x, 2, "reflect")
    y.backward([1.0, 10.0, 100.0, 1000.0, 10000.0, 100000.0, 1000000.0])
    np.testing.assert_array_equal(y.data, [3, 2, 1, 2, 3, 2, 1])
    np.testing.assert_array_equal(x.grad, [1000100, 101010, 10001])


def test_float32_borders_stay_float32() -> None:
    x = Tensor(np.ones(2, np.float32))
    assert mg.pad(x, 1, constant_values=np.float64(0.1)).dtype == np.float32


def test_a_list_will_do() -> None:
    for found, expected in [
        (mg.pad([1.0], 1), [0, 1, 0]),
    ]:
        assert type(found) is np.ndarray
        np.testing.assert_array_equal(found, expected)


x = Tensor(np.ones((2, 3)), requires_grad=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.pad(x, ((1, 1), (1, 1), (1, 1))), r"does not fit shape \(2, 3\), expected a number, a pair"),
        (lambda: mg.pad(x, -1), "negative.*slice"),
        (lambda: mg.pad(x, 1, "zeros"), "got mode='zeros', expected 'constant', 'edge'"),
        (lambda: mg.pad(x, 1, "empty"), "mode='empty' gives the padding no values; pad with zeros"),
        (lambda: mg.pad(x, 1, "reflect", reflect_type="both"), "reflect_type='both', expected 'even' or 'odd'"),
        (
            lambda: mg.pad(x, 1, "edge", constant_values=1),
            "constant_values belongs to the modes 'constant'; mode='edge'",
        ),
        (lambda: np.pad(x, 1, end_values=1), "end_values belongs to the modes 'linear_ramp'"),
        (lambda: mg.pad(x, 1, "mean", stat_length=-1), "stat_length is a number of elements, 0 or more; got -1"),
        (lambda: mg.pad(x, 1, "mean", stat_length=1.5), "stat_length is a number of elements, 0 or more; got 1.5"),
        (lambda: mg.pad(x, 1, "mean", stat_length=[1, 2, 3]), r"stat_length \[1, 2, 3\] does not fit 2 axes"),
        (lambda: mg.pad(x, 1, "maximum", stat_length=0), "no largest element"),
        (lambda: mg.pad(np.ones((0, 2)), 1, "mean"), "axis 0 .* is empty, and only constants"),
        (lambda: mg.pad(np.ones(0), 1, "edge"), "empty axis"),
    ],
)
def test_errors_of_value(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.pad(x, 1.5), "expected integers"),
        (lambda: mg.pad(x, 1, constant_values=Tensor(1.0, requires_grad=True)), "no error signal.*concatenate"),
        (lambda: mg.pad(x, 1, "linear_ramp", end_values=(0, Tensor(1.0, requires_grad=True))), "no error signal"),
        (lambda: np.pad(x, 1, lambda row, widths, axis, params: row), "a function as mode writes.*mg.concatenate"),
    ],
)
def test_errors_of_type(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()
