"""Defining an operation, as a user would.

No gradient gets lost without a word: what is missing or wrong is an error, in both modes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.primitive import primitives
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.ids import shown

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


@pytest.mark.parametrize("call", [mg.exp, lambda x: 2.0 * mg.multiply(x, 1.0), lambda x: mg.sum(x)], ids=shown)
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


# ---------------------------------------------------------------- what is missing or wrong
X = np.array([1.0, 2.0])


def square(x: Any) -> Any:
    return x * x


def rule(y_bar: Any, _y: Any, x: Any) -> Any:
    return y_bar * 2 * x


def reverse(f: Callable[..., Any], x: Any) -> Any:
    return mg.vjp(f, x)[1](np.ones_like(x))[0]


def forward(f: Callable[..., Any], x: Any) -> Any:
    return mg.jvp(f, (x,), (np.ones_like(x),))[1]


def second(f: Callable[..., Any], x: Any) -> Any:
    return mg.hessian(lambda x: mg.sum(f(x)))(x)


def derivation(f: Callable[..., Any], x: Any) -> Any:
    return mg.explain(mg.sum(f(Tensor(x, requires_grad=True))))


BOTH = pytest.mark.parametrize("mode", [reverse, forward], ids=["reverse", "forward"])
MODES = pytest.mark.parametrize("mode", [reverse, forward, second, derivation])

WITHOUT_A_RULE = {
    "decorated": lambda: mg.primitive()(square),
    "Primitive": lambda: mg.Primitive("square", square),
    "Unary": lambda: mg.Unary("square", square),
    "a ufunc": lambda: mg.Primitive("square", np.square),
    "None": lambda: mg.primitive(None)(square),
    "the second": lambda: lambda x: mg.Binary("product", np.multiply, lambda z_bar, z, x, y: z_bar * y)(2.0, x),
    "the first": lambda: lambda x: mg.primitive(None, lambda z_bar, z, x, y: z_bar * x)(lambda x, y: x * y)(x, 2.0),
    "any number": lambda: lambda x: mg.primitive(rule)(lambda *xs: xs[0] * xs[1])(2.0, x),
}


@MODES
@pytest.mark.parametrize("define", WITHOUT_A_RULE.values(), ids=WITHOUT_A_RULE)
def test_an_argument_without_a_rule_has_no_gradient_that_is_0(mode: Any, define: Any) -> None:
    f = define()
    np.testing.assert_array_equal(f(X), f(Tensor(X)).data)  # the value needs no rule
    with pytest.raises(NotImplementedError, match=r"its argument \d requires gradients, but \S+ has no rule for it"):
        mode(f, X)


def test_an_argument_without_a_rule_may_be_a_constant() -> None:
    f = mg.primitive(lambda z_bar, z, x, w: z_bar * w)(lambda x, w: x * w)
    np.testing.assert_array_equal(reverse(lambda x: f(x, 3.0), X), [3, 3])
    np.testing.assert_array_equal(reverse(lambda x: f(x, mg.stop_gradient(x)), X), X)


RULES = {
    "None": (lambda y_bar, y, x: None, TypeError, "its rule gave None.*add a return"),
    "a tuple": (lambda y_bar, y, x: (y_bar, y_bar), TypeError, "gave a tuple.*one rule for each argument"),
    "text": (lambda y_bar, y, x: "2x", TypeError, "got a str"),
    "objects": (lambda y_bar, y, x: np.array([None, None]), TypeError, "dtype object"),
    "a number for an array": (
        lambda y_bar, y, x: np.float64(1.0),
        ValueError,
        r"shape \(\) for an argument of shape \(2,\)",
    ),
    "another length": (lambda y_bar, y, x: np.ones(3), ValueError, r"shape \(3,\) for an argument of shape \(2,\)"),
}


@BOTH
@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("make", [mg.Primitive, mg.Unary], ids=["Primitive", "Unary"])
def test_a_rule_that_gives_no_error_signal_is_refused(mode: Any, kind: str, make: Any) -> None:
    returns, error, message = RULES[kind]
    with pytest.raises(error, match=f"bad: its rule.*{message}|bad: .*{message}"):
        mode(make("bad", square, returns), X)
    with pytest.raises(error, match=f"bad: .*{message}"):
        mode(mg.Primitive("bad", square, each=lambda i, *args: returns(*args)), X)


OUT_OF_THE_GRAPH = {
    "float": lambda y_bar, y, x: np.array([float(v) for v in y_bar]) * 2 * x,
    "data": lambda y_bar, y, x: getattr(y_bar, "data", y_bar) * 2 * x if isinstance(y_bar, Tensor) else y_bar * 2 * x,
    "a mask": lambda y_bar, y, x: x > 0,
}


@pytest.mark.parametrize("kind", OUT_OF_THE_GRAPH)
def test_a_rule_that_loses_the_error_signal_in_forward_mode_is_refused_there(kind: str) -> None:
    f = mg.primitive(OUT_OF_THE_GRAPH[kind])(square)
    assert reverse(f, X).all()
    with pytest.raises(TypeError, match="its rule takes y_bar out of the graph"):
        forward(f, X)


def test_a_rule_that_is_0_is_a_constant_function() -> None:
    f = mg.primitive(lambda y_bar, y, x: np.zeros_like(x))(np.rint)
    for mode in (reverse, forward, second):
        assert not mode(f, X).any()


def test_error_signals_of_whole_numbers_do_not_add_up_as_such() -> None:
    """Two masks would add up to True."""
    step = mg.primitive(lambda y_bar, y, x: x > 0)(lambda x: np.maximum(x, 0))
    np.testing.assert_array_equal(reverse(lambda x: step(x) + step(x), X), [2, 2])
    assert reverse(step, X).dtype == float
    assert reverse(mg.primitive(lambda y_bar, y, x: [2, 3])(square), X.astype(np.float32)).dtype == np.float32


@BOTH
@pytest.mark.parametrize(
    ("returns", "message"),
    [
        (lambda x: None, "returned None.*add a return"),
        (lambda x: (x, x), r"returned a tuple.*saves="),
        (lambda x: {"y": x}, "returned a dict"),
        (lambda x: "y", "got a str"),
        (lambda x: x * Tensor([1.0, 1.0], requires_grad=True), "returned a Tensor.*pass it as an argument"),
    ],
)
def test_a_forward_function_that_gives_no_array_is_refused(mode: Any, returns: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        mode(mg.primitive(rule)(returns), X)


@BOTH
def test_numbers_lists_and_constant_tensors_become_arrays(mode: Any) -> None:
    for function in (lambda x: [v * v for v in x], lambda x: x * Tensor(x)):
        np.testing.assert_array_equal(mode(mg.primitive(rule)(function), X), 2 * X)
    total = mg.primitive(rule)(lambda x: float((x * x).sum()))
    assert total(Tensor(X)).dtype == np.float64
    np.testing.assert_array_equal(mg.grad(total)(X), 2 * X)


@BOTH
def test_what_is_saved_comes_in_a_tuple(mode: Any) -> None:
    """An array of two rows would be taken apart."""
    with pytest.raises(TypeError, match=r"returned a ndarray, expected the tuple \(output, mask\)"):
        mode(mg.primitive(rule, saves=("mask",))(square), X)


@BOTH
def test_a_tensor_that_is_passed_by_keyword_is_refused(mode: Any) -> None:
    scaled = mg.primitive(lambda y_bar, y, x, scale: y_bar * scale)(lambda x, scale: x * float(scale))
    with pytest.raises(TypeError, match=r"the parameter scale holds a Tensor.*by position"):
        mode(lambda x: scaled(X, scale=mg.sum(x)), X)
    np.testing.assert_array_equal(scaled(X, scale=3.0), 3 * X)


@pytest.mark.parametrize("mode", [reverse, second])
def test_what_is_shared_is_not_written_into(mode: Any) -> None:
    def in_place(y_bar: Any, _y: Any, x: Any) -> Any:
        y_bar *= 2
        return y_bar * x

    def relu(x: Any) -> Any:
        x[x < 0] = 0
        return x

    if mode is reverse:  # on Tensors, *= makes a new one
        with pytest.raises(ValueError, match=r"its rule writes into an argument.*y_bar \* s in place of y_bar \*= s"):
            mode(mg.primitive(in_place)(square), X)
    with pytest.raises(ValueError, match="its forward function writes into an argument"):
        mode(mg.primitive(rule)(relu), X)
    same = np.ones(2)
    assert mg.primitive(rule)(lambda x: x)(same) is same


def test_rules_that_would_never_be_used_are_refused() -> None:
    with pytest.raises(TypeError, match="got 2 rules, expected at most 1, one for each argument"):
        mg.primitive(rule, rule)(square)
    with pytest.raises(TypeError, match="got 2 rules, expected at most 1"):
        mg.Unary("twice", np.square, rule, rule)
    with pytest.raises(TypeError, match="got rules and each="):
        mg.primitive(rule, each=rule)(square)


def test_every_operation_of_minigrad_states_a_rule_for_each_argument() -> None:
    for operation in primitives():
        if operation._arguments is not None and operation.__module__.startswith("minigrad"):
            whole = operation is mg.ldexp  # its exponents are whole numbers, which have no slope
            assert operation.differentiable == operation._arguments - whole, operation
