"""`t.dtype = …` converts a leaf in place, and its error signal with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg


def test_a_leaf_its_grad_and_its_name_stay() -> None:
    w = mg.Tensor([1.0, 2.0], requires_grad=True, name="w", dtype=np.float32)
    mg.sum(w * w).backward()
    w.dtype = "float64"
    assert (w.dtype, w.grad.dtype, w.name, w.requires_grad) == (np.float64, np.float64, "w", True)
    assert (w.data.tolist(), w.grad.tolist()) == ([1, 2], [2, 4])
    mg.sum(w * w).backward()
    assert w.grad.tolist() == [4, 8]


def test_a_scalar_stays_one_and_a_recorded_grad_too() -> None:
    w = mg.Tensor(3.0, requires_grad=True)
    (w**3).backward(create_graph=True)
    w.dtype = np.float32
    assert isinstance(w.data, np.float32)
    assert (w.grad.dtype, w.grad.item()) == (np.float32, 27)


def test_graphs_from_before_give_the_error_signal_of_the_values_they_saw() -> None:
    w = mg.Tensor([1.0, 2.0], requires_grad=True, dtype=np.float32)
    loss = mg.sum(w * w)
    w.dtype = np.float64
    loss.backward()
    assert (w.grad.tolist(), w.grad.dtype) == ([2, 4], np.float64)


@pytest.mark.parametrize(
    ("make", "dtype", "error", "said"),
    [
        (lambda: mg.Tensor([1.0], requires_grad=True), int, TypeError, "only floating types may require gradients"),
        (lambda: mg.Tensor([1j]), float, TypeError, "is complex128, which cannot be converted to float64"),
        (lambda: mg.Tensor([1.0]), object, TypeError, "cannot be converted to object"),
        (lambda: mg.Tensor([1.0], requires_grad=True) * 2, np.float32, RuntimeError, r"write t\.astype\(dtype\)"),
    ],
)
def test_what_cannot_be_converted_stays(make: Any, dtype: Any, error: type[Exception], said: str) -> None:
    t = make()
    before = t.dtype
    with pytest.raises(error, match=said):
        t.dtype = dtype
    assert t.dtype == before


def test_an_argument_of_a_function_that_is_differentiated_keeps_its_dtype() -> None:
    def f(x: mg.Tensor) -> mg.Tensor:
        x.dtype = np.float32
        return x

    with pytest.raises(RuntimeError, match="is in a graph"):
        mg.grad(f)(1.0)


def test_whole_numbers_and_complex_ones() -> None:
    t = mg.Tensor([1, 2])
    t.dtype = bool
    assert t.data.tolist() == [True, True]
    t.dtype = complex
    assert t.dtype == np.complex128
