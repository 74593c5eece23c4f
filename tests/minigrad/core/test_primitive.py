"""Defining an operation, as a user would."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.primitive import primitives
from minigrad.core.tensor import Tensor

cube = mg.Unary("test_cube", lambda x: x * x * x, lambda y_bar, y, x: y_bar * 3 * x * x)
scaled_norm = mg.Primitive(
    "test_scaled_norm",
    lambda x, scale: (scale * (x * x).sum(), x.shape),
    lambda y_bar, y, x, scale, shape: np.broadcast_to(y_bar * 2 * scale, shape) * x,
    saves=("shape",),
)


def test_a_rule_is_enough_for_every_order() -> None:
    mg.check_grads(cube, [0.5, -1.5], order=3)


def test_what_the_forward_pass_keeps_reaches_the_rule() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = scaled_norm(x, scale=3.0)
    assert float(y) == 15
    assert scaled_norm(x.data, scale=3.0) == 15  # without what is kept
    y.backward()
    np.testing.assert_array_equal(x.grad, [6, 12])


def test_names_of_built_in_operations_are_unique() -> None:
    before = list(primitives())
    with pytest.raises(ValueError, match="'exp' already"):
        mg.Unary("exp", np.exp, lambda y_bar, y, x: y_bar * y, module="minigrad.rules.elementwise.exponential")
    assert list(primitives()) == before


def test_a_primitive_serves_as_method() -> None:
    class Volume(Tensor):
        cube = cube

    assert Volume([2.0]).cube().data == [8]
    assert Volume.cube is cube
    x = Tensor([0.5])
    for name in ("exp", "log", "sqrt", "tanh", "sigmoid", "relu"):
        np.testing.assert_array_equal(getattr(x, name)().data, getattr(mg, name)(x).data)
    assert repr(mg.exp) == "<primitive exp>"


def test_a_rule_is_asked_only_for_what_requires_gradients() -> None:
    asked: list[str] = []

    def tell(name: str) -> Any:
        return lambda z_bar, z, x, y: asked.append(name) or z_bar

    sum_of_two = mg.Binary("test_sum_of_two", np.add, tell("x"), tell("y"))
    sum_of_two(Tensor(1.0), Tensor(2.0, requires_grad=True)).backward()
    assert asked == ["y"]


def test_one_rule_serves_any_number_of_arguments() -> None:
    weighted = mg.Primitive(
        "test_weighted", lambda *xs: sum(i * x for i, x in enumerate(xs)), each=lambda i, y_bar, y, *xs: y_bar * i
    )
    xs = [Tensor(float(i), requires_grad=True) for i in range(4)]
    y = weighted(*xs)
    y.backward()
    assert float(y) == 0 + 1 + 4 + 9
    assert [float(x.grad) for x in xs] == [0, 1, 2, 3]


@pytest.mark.parametrize("call", [mg.exp, lambda x: 2.0 * mg.multiply(x, 1.0), lambda x: mg.sum(x)], ids=repr)
def test_a_list_that_holds_tensors_is_not_cut_from_its_graph(call: Any) -> None:
    with pytest.raises(TypeError, match=r"a list that holds Tensors.*mg\.stack"):
        call([Tensor(1.0, requires_grad=True), 2.0])


def test_a_decorated_function_is_an_operation_and_may_be_defined_again() -> None:
    for factor in (2.0, 3.0):

        @mg.primitive(lambda z_bar, z, x, y, f=factor: z_bar * f * y, lambda z_bar, z, x, y, f=factor: z_bar * f * x)
        def scaled_product(x: Any, y: Any, f: float = factor) -> Any:
            """A product."""
            return f * x * y

        assert mg.grad(scaled_product)(1.0, 5.0) == factor * 5
        mg.check_grads(scaled_product, [1.0, 2.0], 3.0)
    assert scaled_product.__doc__ == "A product."
    x = Tensor(2.0, requires_grad=True, name="x")
    assert "scaled_product(x, 3)" in str(mg.explain(scaled_product(x, 3.0).named("y")))


def test_a_wrong_rule_is_found() -> None:
    @mg.primitive(lambda y_bar, y, x: y_bar * 3 * x)
    def test_half_right(x: Any) -> Any:
        return x * x

    with pytest.raises(AssertionError, match="argument 0"):
        mg.check_grads(test_half_right, [1.0, 2.0])


def test_another_rule_for_a_ufunc_does_not_take_it_over() -> None:
    mg.Unary("test_other_exp", np.exp, lambda y_bar, y, x: y_bar * 0)
    assert np.exp(Tensor(1.0, requires_grad=True))._primitive is mg.exp
