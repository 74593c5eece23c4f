"""Error signals that a user gives, by `t.grad = g`, `t.backward(g)` and hooks, have the shape and dtype of t."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg

DTYPES = [np.float16, np.float32, np.float64]


def leaf(dtype: Any = float, shape: Any = (3,)) -> mg.Tensor:
    return mg.Tensor(np.ones(shape, dtype), requires_grad=True)


def by_assignment(t: mg.Tensor, g: Any) -> Any:
    t.grad = g
    return t.grad


def by_backward(t: mg.Tensor, g: Any) -> Any:
    (1 * t).backward(g)
    return t.grad


def by_a_hook(t: mg.Tensor, g: Any) -> Any:
    y = 1 * t
    y.register_hook(lambda y_bar: g)
    y.backward(np.ones(t.shape))
    return t.grad


every_way = pytest.mark.parametrize("give", [by_assignment, by_backward, by_a_hook])


@every_way
@pytest.mark.parametrize("shape", [(), (1,), (3, 1), (1, 3), (2, 3), (4,), (0,)])
def test_another_shape_is_refused_and_changes_nothing(give: Any, shape: Any) -> None:
    """An optimizer would broadcast it into the parameter."""
    t = leaf()
    t.grad = before = np.full(3, 7.0)
    for g in (np.ones(shape), mg.Tensor(np.ones(shape)), np.ones(shape).tolist()):
        with pytest.raises(ValueError, match=r"the error signal has shape .*, but this Tensor has \(3,\)"):
            give(t, g)
        assert t.grad is before


@every_way
@pytest.mark.parametrize(
    "g",
    [
        "abc",
        ["1", "2", "3"],
        np.array([1j, 2, 3]),
        np.array([1, 2, None]),
        {"a": 1},
        {1.0, 2.0},
        object(),
        len,
        np.array(["2020-01-01"] * 3, "datetime64[D]"),
        np.ones(3, "timedelta64[s]"),
    ],
    ids=lambda g: type(g).__name__,
)
def test_what_is_not_real_numbers_is_refused(give: Any, g: Any) -> None:
    with pytest.raises(TypeError, match=r"expected an error signal of real numbers for this Tensor, of shape \(3,\)"):
        give(leaf(), g)


@every_way
def test_what_makes_no_array_is_refused(give: Any) -> None:
    with pytest.raises(ValueError, match="got a list that makes no array"):
        give(leaf(), [[1.0, 2.0], [3.0]])


@every_way
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("given", [*DTYPES, np.int64, np.bool_, list, mg.Tensor])
def test_it_gets_the_dtype_of_its_tensor(give: Any, dtype: Any, given: Any) -> None:
    g = {list: [1, 0, 1], mg.Tensor: mg.Tensor([1.0, 0.0, 1.0])}.get(given)
    found = give(leaf(dtype), np.array([1, 0, 1], given) if g is None else g)
    assert found.dtype == dtype
    assert np.array_equal(np.asarray(found), [1, 0, 1])


def test_assignments_that_are_meant() -> None:
    t, g = leaf(), np.ones(3)
    t.grad = g
    assert t.grad is g
    t.grad *= 2
    assert t.grad.tolist() == [2, 2, 2]
    t.grad = None
    assert t.grad is None
    number = leaf(np.float32, ())
    number.grad = np.array(3)
    assert type(number.grad) is np.float32


def test_a_value_of_another_shape_has_no_gradient_yet() -> None:
    t = leaf()
    t.grad = np.ones(3)
    t.data = np.ones((3, 1))
    assert t.grad is None
    t.grad = np.ones((3, 1))
    t.data = np.zeros((3, 1))
    assert t.grad is not None


@pytest.mark.parametrize("change", ["in place", "rebound"])
def test_a_forgotten_zero_grad_warns(change: str) -> None:
    t = leaf()
    for step in range(2):
        if step:
            with pytest.warns(RuntimeWarning, match=r"backward: adds to the grad of a Tensor"):
                mg.sum(t * t).backward()
        else:
            mg.sum(t * t).backward()
        if change == "in place":
            t.data -= 0.1 * t.grad
        else:
            t.data = t.data - 0.1 * t.grad


@pytest.mark.filterwarnings("error")
def test_gradients_of_a_value_of_another_shape_add_up_without_a_warning() -> None:
    """Its old gradient is gone, so none is from before the value changed."""
    x = leaf()
    mg.sum(x * x).backward()
    x.data -= 0.1 * x.grad
    x.data = np.ones(4)
    assert x.grad is None
    for _ in range(2):
        mg.sum(x * x).backward()
    np.testing.assert_array_equal(x.grad, np.full(4, 4.0))


def test_a_forgotten_zero_grad_of_several_leaves_warns_once() -> None:
    leaves = [leaf() for _ in range(3)]
    mg.sum(leaves[0] * leaves[1] * leaves[2]).backward()
    for t in leaves:
        t.data -= 0.1 * t.grad
    with pytest.warns(RuntimeWarning, match=r"of a Tensor \(shape \(.*\)\) and of 2 others from before") as warned:
        mg.sum(leaves[0] * leaves[1] * leaves[2]).backward()
    assert len(warned) == 1


def test_gradients_that_are_meant_to_add_up_do_not_warn() -> None:
    t = leaf()
    for _ in range(2):
        mg.sum(t * t).backward()
    for reset in (lambda: setattr(t, "grad", None), t.zero_grad, lambda: t.grad.fill(0)):
        t.data -= 0.1 * t.grad
        reset()
        mg.sum(t * t).backward()
