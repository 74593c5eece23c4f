"""Copies and pickles of Tensors: of their own class, with all that they hold, and nothing of their graphs."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.copies import every_copy, every_deep_copy


def leaf() -> Tensor:
    x = Tensor([1.0, 2.0], requires_grad=True, name="w", dtype=np.float32)
    (x * x).sum().backward()
    return x


@every_copy
def test_a_copy_of_a_leaf_is_a_leaf_of_its_own(copied: Any) -> None:
    x = leaf()
    y = copied(x)
    assert (y.name, y.requires_grad, y.is_leaf, y.dtype) == ("w", True, True, np.float32)
    np.testing.assert_array_equal(y.data, x.data)
    np.testing.assert_array_equal(y.grad, x.grad)
    assert not np.shares_memory(y.data, x.data)
    assert not np.shares_memory(y.grad, x.grad)
    (y * 3).sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 4])
    np.testing.assert_array_equal(y.grad, [5, 7])
    assert {x: 1, y: 2}[y] == 2


@every_copy
def test_a_copy_of_a_number_is_one(copied: Any) -> None:
    x = Tensor(2.0, requires_grad=True)
    y = copied(x)
    assert type(y.data) is np.float64
    (y * y).backward()
    assert (y.grad, x.grad) == (4.0, None)


@every_copy
def test_constants_of_every_dtype_are_copied(copied: Any) -> None:
    for value in (True, 3, 2.5, 1j, np.ones((2, 0)), np.arange(6, dtype=np.int8).reshape(2, 3), np.float16(2)):
        y = copied(x := Tensor(value))
        np.testing.assert_array_equal(y.data, x.data, strict=True)
        assert not y.requires_grad


# ---------------------------------------------------------------- subclasses


class Labelled(Tensor):
    """With attributes, one of which is itself, and another constructor."""

    def __init__(self, label: Any, data: Any) -> None:
        super().__init__(data, requires_grad=True)
        self.label = label
        self.twin = self


class Masked(Tensor):
    """With slots: set, private and unset."""

    __slots__ = ("__secret", "later", "mask")

    def __init__(self, data: Any, mask: Any) -> None:
        super().__init__(data, requires_grad=True)
        self.mask = mask
        self.__secret = "kept"

    def secret(self) -> str:
        return self.__secret


class Careful(Tensor):
    """Which says itself what pickle stores."""

    def __getstate__(self) -> Any:
        return super().__getstate__(), "more"

    def __setstate__(self, state: Any) -> None:
        super().__setstate__(state[0])
        self.more = state[1]


@every_copy
def test_a_subclass_keeps_its_class_its_attributes_and_its_slots(copied: Any) -> None:
    labelled = copied(Labelled({"a": [1]}, [1.0, 2.0]))
    assert type(labelled) is Labelled
    assert labelled.label == {"a": [1]}
    masked = copied(Masked([1.0, 2.0], np.array([0, 1])))
    assert type(masked) is Masked
    assert masked.mask.tolist() == [0, 1]
    assert masked.secret() == "kept"
    assert not hasattr(masked, "later")
    careful = copied(Careful([1.0], requires_grad=True))
    assert (type(careful), careful.more) == (Careful, "more")
    for x in (labelled, masked, careful):
        (x * x).sum().backward()
        np.testing.assert_array_equal(x.grad, 2 * x.data)


@every_deep_copy
def test_what_holds_itself_holds_its_copy(copied: Any) -> None:
    x = copied(Labelled("x", [1.0]))
    assert x.twin is x


def test_a_shallow_copy_shares_further_attributes() -> None:
    x = Labelled([1], [1.0])
    y = copy.copy(x)
    assert y.label is x.label
    assert y.twin is x


# ---------------------------------------------------------------- graphs, hooks, ties


@every_deep_copy
def test_a_computed_tensor_is_no_half_of_a_graph(copied: Any) -> None:
    x = leaf()
    y = (x * 2).named("y")
    with pytest.raises(TypeError, match=r"Tensor 'y' was made by multiply.*t\.copy\(\).*t\.detach\(\)"):
        copied(y)
    assert not copied(y.detach()).requires_grad
    with mg.no_grad():
        constant = x * 2
    np.testing.assert_array_equal(copied(constant).data, constant.data)


def test_a_shallow_copy_of_a_computed_tensor_goes_on_with_its_graph() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    z = copy.copy(y)
    assert not np.shares_memory(z.data, y.data)
    z.sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 4])


@every_copy
def test_a_recorded_error_signal_is_copied_by_its_value(copied: Any) -> None:
    x = Tensor(3.0, requires_grad=True)
    (x * x).backward(create_graph=True)
    assert isinstance(x.grad, Tensor)
    y = copied(x)
    assert y.grad == 6.0
    assert not isinstance(y.grad, Tensor)


@every_copy
def test_a_copy_is_new_to_the_graphs_of_the_original(copied: Any) -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    x.data -= 1.0
    loss = (x * x).sum()
    y = copied(x)
    y.data -= 1.0  # a write into the copy, which the graph of x does not need
    loss.backward()
    np.testing.assert_array_equal(x.grad, [0, 2])
    assert y.grad is None


@every_copy
def test_a_copy_of_a_gradient_from_before_a_step_is_one(copied: Any) -> None:
    x = leaf()
    x.data = x.data - 1
    with pytest.warns(RuntimeWarning, match="from before the value changed"):
        copied(x).sum().backward()


@every_copy
def test_hooks_are_not_copied_and_a_warning_says_so(copied: Any) -> None:
    x = Tensor([1.0], requires_grad=True, name="x")
    hook = x.register_hook(lambda x_bar: 10 * x_bar)
    with pytest.warns(RuntimeWarning, match="a copy of Tensor 'x' has none of its hooks") as caught:
        y = copied(x)
    assert {Path(warning.filename).name for warning in caught} <= {"test_tensor_copies.py", "copies.py"}
    (2 * y).sum().backward()
    assert y.grad == 2
    hook.remove()
    copied(x)  # without a warning
    copied(hook).remove()


@every_deep_copy
def test_what_is_one_object_stays_one(copied: Any) -> None:
    x = leaf()
    first, second, (third,) = copied([x, x, [x]])
    assert first is second is third
    assert first is not x
    shared, other = leaf(), leaf()
    other.data = shared.data
    shared, other = copied([shared, other])
    assert shared.data is other.data


# ---------------------------------------------------------------- within functions that are differentiated

TRANSFORMS = {
    "grad": lambda f, x: mg.grad(f)(x),
    "value_and_grad": lambda f, x: mg.value_and_grad(f)(x)[1],
    "vjp": lambda f, x: mg.vjp(f, x)[1](1.0)[0],
    "jvp": lambda f, x: [mg.jvp(f, (x,), (e,))[1] for e in np.eye(2)],
    "jacobian": lambda f, x: mg.jacobian(f)(x),
    "hessian": lambda f, x: mg.hessian(f)(x).sum(axis=0) * x / 2,
    "checkpoint": lambda f, x: mg.grad(mg.checkpoint(f))(x),
}


def sum_of_cubes(copied: Any) -> Any:
    def f(x: Any) -> Any:
        y = copied(x)
        assert not np.shares_memory(y.data, x.data)
        return mg.sum(y**3)

    return f


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("given", [np.array, lambda a: Tensor(a, requires_grad=True)], ids=["array", "Tensor"])
def test_a_shallow_copy_of_an_argument_has_its_gradient(given: Any, transform: str) -> None:
    found = TRANSFORMS[transform](sum_of_cubes(copy.copy), given([1.0, 2.0]))
    np.testing.assert_allclose([float(part) for part in found], [3, 12])


@every_deep_copy
@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("given", [np.array, lambda a: Tensor(a, requires_grad=True)], ids=["array", "Tensor"])
def test_a_deep_copy_of_an_argument_is_refused(given: Any, transform: str, copied: Any) -> None:
    for f in (sum_of_cubes(copied), lambda x: mg.sum(copied({"w": [x]})["w"][0])):
        with pytest.raises(TypeError, match=r"is an argument being differentiated; a deep copy .*t\.copy\(\)"):
            TRANSFORMS[transform](f, given([1.0, 2.0]))
