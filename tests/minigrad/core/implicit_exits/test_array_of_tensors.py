"""Outside of mg.grad, an array of Tensors that require gradients warns; one Tensor as an array or a number is free."""

from __future__ import annotations

import gc
import math
import statistics
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor

s, t = Tensor(0.5, requires_grad=True), Tensor(1.5, requires_grad=True)
v, w = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0, 4.0], requires_grad=True)
m = Tensor(np.ones((2, 3)), requires_grad=True)
constant, numbers = Tensor([1.0, 2.0]), [s, t]


def vectors() -> list[Tensor]:
    return [v, w]


def warnings_of(run: Callable[[], Any]) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run()
    return [warning for warning in caught if "array of Tensors" in str(warning.message)]


WARNED: dict[str, Callable[[], Any]] = {
    "numbers": lambda: np.array([s, t]),
    "one number": lambda: np.array([s]),
    "vectors": lambda: np.array([v, w]),
    "one vector": lambda: np.array([v]),
    "matrices": lambda: np.array([m, m]),
    "transposed": lambda: np.asarray([m.T, m.T]),
    "a tuple": lambda: np.asarray((v, w)),
    "a variable": lambda: np.asarray(numbers),
    "a result": lambda: np.asarray(vectors()),
    "a comprehension": lambda: np.array([2 * x for x in vectors()]),
    "the elements": lambda: np.array(list(v)),
    "nested": lambda: np.array([[s, 1.0], [0.0, t]]),
    "mixed": lambda: np.array([v, [1.0, 2.0]]),
    "with a constant": lambda: np.array([constant, v]),
    "of a dtype": lambda: np.array(vectors(), dtype=np.float32),
    "numbers of a dtype": lambda: np.asarray([s, t], dtype=np.float32),
    "no copy": lambda: np.array([s, t], copy=None),
    "norm": lambda: np.linalg.norm([s, t]),
    "mean of numbers": lambda: np.mean([s, t]),
    "mean of vectors": lambda: np.mean([v, w]),
    "sum": lambda: np.sum([v, w], axis=0),
    "exp": lambda: np.exp([s, t]),
    "operator": lambda: np.ones(2) - [s, t],
    "operator of vectors": lambda: np.ones((2, 2)) * [v, w],
}


@pytest.mark.parametrize("array", WARNED.values(), ids=WARNED)
def test_an_array_of_tensors_warns_once_and_names_the_line(array: Callable[[], Any]) -> None:
    for _ in range(2):
        (caught,) = warnings_of(array)
        assert caught.category is RuntimeWarning
        assert (caught.filename, caught.lineno) == (__file__, array.__code__.co_firstlineno)
        assert "mg.stack([…])" in str(caught.message)


def one_after_the_other() -> None:
    sum(np.asarray(x).sum() for x in vectors())
    for x in vectors():
        array = np.asarray(x)
        np.float32(x)
    assert array[0] == 3
    list(map(np.asarray, vectors())), list(map(np.array, vectors())), list(map(float, numbers))


def without_recording() -> None:
    with mg.no_grad():
        np.array([s, t]), np.array([v, w])


def what_has_no_gradient() -> None:
    np.array([constant, constant]), np.array([Tensor(1.0), Tensor(2.0)]), np.array([x.detach() for x in vectors()])
    np.array([x.data for x in vectors()]), np.array([x.item() for x in numbers])
    np.array([float(x) for x in numbers])


def pictures() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        plt.plot(v), plt.plot(v, w), plt.plot(numbers), plt.plot(vectors()), plt.scatter(v, w), plt.bar([1, 2], v)
        plt.hist(v), plt.imshow(m), plt.axhline(float(s)), plt.title(f"{s:.2f}")
    plt.close("all")


def models() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    [np.asarray(p) for p in model.parameters()]
    model.load_state_dict(model.state_dict())
    nn.Linear(2, 2).load_state_dict({"weight": Tensor(np.ones((2, 2)), requires_grad=True), "bias": v})


FREE: dict[str, Callable[[], Any]] = {
    "numbers": lambda: (float(s), int(s), complex(s), math.exp(s), np.float64(s), np.float32(s)),
    "array": lambda: (np.array(v), np.array(s), np.array(v, dtype=np.float32), np.array(v, ndmin=2)),
    "asarray": lambda: (np.asarray(v), np.asarray(s), np.asarray(2 * v), np.asarray(v, dtype=np.float32)),
    "contiguous": lambda: (np.ascontiguousarray(v), np.ascontiguousarray(m.T), np.asfortranarray(m)),
    "number types": lambda: (np.float32(v), np.float64(v)),
    "objects": lambda: (np.array([s, t], dtype=object), np.array([v, w], dtype=object)),
    "comparisons": lambda: (max(numbers), sorted(numbers), s > 0, np.allclose(v, w), np.unique(v)),
    "other libraries": lambda: statistics.fmean(numbers),
    "testing": lambda: np.testing.assert_allclose([s, t], [0.5, 1.5]),
    **{f.__name__: f for f in (one_after_the_other, without_recording, what_has_no_gradient, pictures, models)},
}


@pytest.mark.parametrize("free", FREE.values(), ids=FREE)
def test_what_is_free(free: Callable[[], Any]) -> None:
    assert warnings_of(free) == []


# ---------------------------------------------------------------- assignments
def _number() -> None:
    history = np.zeros((2, 2))
    history[0, 0] = s


def _everywhere() -> None:
    history = np.zeros((2, 2))
    history[...] = s


def _row() -> None:
    history = np.zeros((2, 2))
    history[0] = v


def _numbers() -> None:
    history = np.zeros((2, 2))
    history[0] = [s, t]


def _rows() -> None:
    history = np.zeros((2, 2))
    history[:] = [v, w]


def _flat() -> None:
    history = np.zeros(2)
    history.flat[:] = v


def _all_flat() -> None:
    history = np.zeros(2)
    history.flat = v


def _real_part() -> None:
    history = np.zeros(2, complex)
    history.real = v


ASSIGNMENTS = [_number, _everywhere, _row, _numbers, _rows, _flat, _all_flat, _real_part]


@pytest.mark.parametrize("assign", ASSIGNMENTS)
def test_an_assignment_into_a_plain_array_warns_and_names_the_line(assign: Callable[[], Any]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assign()
    (warning,) = caught
    assert "assignment copies the numbers of a Tensor that requires gradients" in str(warning.message)
    assert "if a record is meant, write t.item() or t.numpy()" in str(warning.message)
    assert (warning.filename, warning.lineno) == (__file__, assign.__code__.co_firstlineno + 2)


def test_a_record_of_numbers_is_free() -> None:
    history = np.zeros((2, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history[0, 0] = s.item()
        history[0] = v.numpy()
        history[1] = constant
        history[1, 0] = v.detach()[0]
        with mg.no_grad():
            history[0] = v
            history[1, 1] = s
    np.testing.assert_array_equal(history, [[1, 2], [1, 0.5]])


def test_asarray_keeps_neither_the_tensor_nor_the_callers_variables() -> None:
    def array() -> tuple[Any, Any]:
        x = Tensor([1.0, 2.0], requires_grad=True)
        return np.asarray(x), weakref.ref(x)

    values, tensor = array()
    gc.collect()
    assert tensor() is None
    np.testing.assert_array_equal(values, [1, 2])


def test_within_a_differentiated_function_other_tensors_count_as_outside() -> None:
    (caught,) = warnings_of(lambda: mg.grad(lambda x: mg.sum(x * np.array([s, t])))(np.ones(2)))
    assert caught.filename == __file__
