"""A tree as a vector and back, with derivatives through both."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.optimize import minimize

import minigrad as mg
from minigrad.pytree import tree_leaves
from tests.helpers.growth import check_linear


class Layer(NamedTuple):
    weight: Any
    bias: Any


def model() -> Any:
    return {"layers": [Layer([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], np.array([7.0, 8.0])), ()], "scale": 9.0}


def test_the_vector_holds_the_leaves_in_order_and_the_tree_comes_back() -> None:
    vector, unravel = mg.ravel_pytree(model())
    np.testing.assert_array_equal(vector, np.arange(1.0, 10.0))
    tree = unravel(vector * 2)
    assert isinstance(tree["layers"][0], Layer)
    assert tree["layers"][1] == ()
    assert [np.shape(leaf) for leaf in tree_leaves(tree)] == [(2, 3), (2,), ()]
    for found, given in zip(tree_leaves(tree), tree_leaves(model()), strict=True):
        np.testing.assert_array_equal(found, 2 * np.array(given))
    assert isinstance(tree["scale"], np.float64)


@pytest.mark.parametrize("tree", [[], {}, (), {"a": []}])
def test_a_tree_without_arrays(tree: Any) -> None:
    vector, unravel = mg.ravel_pytree(tree)
    assert vector.shape == (0,)
    assert unravel(vector) == tree


def test_a_single_array_and_arrays_without_elements() -> None:
    vector, unravel = mg.ravel_pytree(np.ones((2, 2)))
    assert unravel(vector).shape == (2, 2)
    vector, unravel = mg.ravel_pytree([np.zeros((0, 3)), 1.0])
    assert [np.shape(leaf) for leaf in unravel(vector)] == [(0, 3), ()]


def test_each_leaf_keeps_its_dtype_and_the_vector_has_the_widest() -> None:
    vector, unravel = mg.ravel_pytree([np.float32(1.0), np.ones(2, np.float16)])
    assert vector.dtype == np.float32
    assert [leaf.dtype for leaf in unravel(vector)] == [np.float32, np.float16]
    assert [leaf.dtype for leaf in unravel(vector.astype(float))] == [np.float32, np.float16]
    assert mg.grad(lambda vector: mg.sum(unravel(vector)[1]))(vector.astype(float)).dtype == np.float64


def test_what_unravel_returns_is_its_own() -> None:
    """An optimizer writes into its vector, and a user changes the tree."""
    tree = {"w": np.ones(2)}
    vector, unravel = mg.ravel_pytree(tree)
    tree["w"][:] = 5.0
    tree["b"] = np.ones(3)
    found = unravel(vector)
    vector[:] = 7.0
    np.testing.assert_array_equal(found["w"], [1.0, 1.0])
    assert set(found) == {"w"}


def loss(tree: Any) -> Any:
    layer = tree["layers"][0]
    return mg.sum(mg.tanh(mg.matmul(layer.weight, np.array([0.3, -0.2, 0.1])) + layer.bias) * tree["scale"])


def test_derivatives_flow_through_both() -> None:
    vector, unravel = mg.ravel_pytree(model())
    value, gradient = mg.value_and_grad(lambda vector: loss(unravel(vector)))(vector)
    assert value == loss(unravel(vector))
    of_tree = mg.grad(loss)(model())
    np.testing.assert_allclose(gradient, mg.ravel_pytree(of_tree)[0], rtol=1e-15)
    mg.check_grads(lambda vector: loss(unravel(vector)), 0.1 * vector, order=3)
    assert isinstance(mg.ravel_pytree([mg.Tensor(1.0), 2.0])[0], mg.Tensor)
    mg.check_grads(lambda w, b: mg.ravel_pytree({"w": w, "b": [b]})[0] ** 2, [[1.0, 2.0]], 3.0, order=2)


def test_many_leaves_take_steps_in_proportion() -> None:
    def run(leaves: Any) -> None:
        vector, unravel = mg.ravel_pytree(leaves)
        mg.grad(lambda vector: mg.sum(mg.stack(unravel(vector)) ** 2))(vector)

    check_linear(lambda n: list(np.ones((n, 3))), run)


def test_scipy_fits_a_model() -> None:
    """The same minimum as the normal equations of least squares."""
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(20, 3)), rng.normal(size=20)

    def error(model: Any) -> Any:
        return mg.mean((x @ model["w"] + model["b"] - t) ** 2)

    vector, unravel = mg.ravel_pytree({"w": np.zeros(3), "b": 0.0})
    found = minimize(mg.value_and_grad(lambda vector: error(unravel(vector))), vector, jac=True, tol=1e-10)
    expected = np.linalg.lstsq(np.column_stack([x, np.ones(20)]), t)[0]
    np.testing.assert_allclose(found.x, expected, rtol=1e-6)
    np.testing.assert_allclose(unravel(found.x)["w"], expected[:3], rtol=1e-6)


def test_compiled_as_one_program() -> None:
    vector, unravel = mg.ravel_pytree(model())
    f = mg.value_and_grad(lambda vector: loss(unravel(vector)))
    compiled = mg.compile(f)
    for scale in (1.0, 0.1):
        for found, expected in zip(compiled(vector * scale), f(vector * scale), strict=True):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"w": 1.0, "steps": 3}, r"^ravel_pytree: the tree is or holds an array of dtype int64.*2\.0 instead of 2"),
        ([np.ones(2), None], r"^ravel_pytree: the tree is or holds None, expected floating arrays"),
        ([1j, 2.0], r"dtype complex128.*two leaves"),
        (["a"], r"holds a str"),
        ([np.ma.array([1.0]), 2.0], r"masked array"),
    ],
)
def test_anything_but_floating_numbers_is_refused(tree: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        mg.ravel_pytree(tree)


def test_a_vector_of_another_length_is_refused() -> None:
    _, unravel = mg.ravel_pytree(model())
    for wrong in (np.ones(8), np.ones((9, 1)), 1.0):
        with pytest.raises(ValueError, match=r"^unravel: got an array of shape .*expected a vector of length 9"):
            unravel(wrong)
    with pytest.raises(TypeError, match=r"^unravel: the vector is or holds an array of dtype int64"):
        unravel(np.ones(9, int))
