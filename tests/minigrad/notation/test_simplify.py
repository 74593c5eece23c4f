"""The simplifier never changes a value, and the sweep of a derivation is the sweep that trains."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.graph import sweep
from minigrad.notation import Symbolic, bar, write
from minigrad.notation.expression import Call, Constant, Derivative, Product, Sum, Symbol
from minigrad.notation.simplify import with_powers
from minigrad.notation.symbolic import rules_with_named_derivatives
from minigrad.walkthrough import check

# A recipe is a number, the index of a variable, or (function, *recipes); every value is positive.
_OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: (a + b + 0.5) - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b + 0.5),
    "-/": lambda a, b: -(-a / (1.0 + b)),
    "**": lambda a, b: (0.5 + mg.sigmoid(a)) ** mg.sigmoid(b),
    "**1": lambda a: a**1,
    "**2": lambda a: mg.tanh(a) ** 2 + 0.5,
    "**-0.5": lambda a: (a + 0.5) ** -0.5,
    "*0": lambda a: a * 0.0 + a,
    "2-": lambda a: 2.0 - -a,
    "exp": lambda a: mg.exp(mg.tanh(a)),
    "tanh": lambda a: mg.tanh(a) + 0.1,
    "sigmoid": lambda a: mg.sigmoid(-a),
    "log": lambda a: mg.log(1.0 + a),
}
_TWO = ["+", "-", "*", "/", "-/", "**"]
_ONE = [name for name in _OPERATORS if name not in _TWO]

_leaves = st.integers(0, 2)
_numbers = st.sampled_from([0.5, 1.0, 2.0, 3.5])
recipes = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(_TWO), inner, st.one_of(inner, _numbers)),
        st.tuples(st.sampled_from(_ONE), inner),
    ),
    max_leaves=8,
)
inputs = st.lists(st.sampled_from([0.25, 0.5, 1.0, 1.5, 2.0]), min_size=3, max_size=3)


def compute(recipe, variables):
    if isinstance(recipe, int):
        return variables[recipe]
    if isinstance(recipe, float):
        return recipe
    name, *parts = recipe
    return _OPERATORS[name](*[compute(part, variables) for part in parts])


def evaluate(e):
    """The value of an expression, from the values of its symbols: what a reader would compute."""
    match e:
        case Symbol() | Constant() | Derivative():
            return e.value
        case Sum():
            return sum(evaluate(term) for term in e.terms)
        case Product():
            return e.coefficient * math.prod(evaluate(factor) for factor in e.factors)
        case Call():
            arguments = [evaluate(arg) for arg in e.args]
            function = e.operation if isinstance(e.operation, np.ufunc) else e.operation.forward
            return function(*arguments, **e.params)


@given(recipes, inputs)
def test_simplified_formulas_have_the_value_of_the_computation(recipe, numbers):
    variables = [Symbolic.symbol(name, number) for name, number in zip("xyz", numbers, strict=True)]
    result = compute(recipe, variables)
    assert evaluate(result.expression) == pytest.approx(float(result.data), rel=1e-9, abs=1e-12)


@given(recipes, inputs)
def test_simplified_error_signals_have_the_value_of_the_sweep(recipe, numbers):
    variables = [mg.Tensor(n, requires_grad=True, name=name) for name, n in zip("xyz", numbers, strict=True)]
    loss = compute(recipe, variables) * 1.0
    signals = {}
    sweep(loss, np.float64(1), visit=lambda t, t_bar: signals.setdefault(t, t_bar))
    met = []

    def visit(t, t_bar):
        assert float(t_bar.data) == pytest.approx(float(signals[t]), rel=1e-9, abs=1e-12)
        assert evaluate(t_bar.expression) == pytest.approx(float(signals[t]), rel=1e-9, abs=1e-12)
        met.append(t)
        return t_bar  # nothing is replaced by a symbol: formulas grow as long as they can

    seed = Symbolic.symbol("L_bar", 1.0)
    sweep(
        loss,
        seed,
        lift=lambda t: Symbolic.symbol(t.name or "a", t.data),
        rules=rules_with_named_derivatives,
        visit=visit,
    )
    assert met == list(signals)


@settings(max_examples=25)
@given(recipes, inputs)
def test_steps_have_the_error_signals_of_the_sweep(recipe, numbers):
    variables = [mg.Tensor(n, requires_grad=True, name=name) for name, n in zip("xyz", numbers, strict=True)]
    loss = (compute(recipe, variables) * 1.0).named("L")
    signals = {}
    sweep(loss, np.float64(1), visit=lambda t, t_bar: signals.setdefault(t, t_bar))
    expected = {bar(t.name): float(t_bar) for t, t_bar in signals.items() if t.name}
    steps = {step.variable: float(step.value) for step in mg.explain(loss).backward}  # v₁ … among them
    assert {name: steps[name] for name in expected} == pytest.approx(expected, rel=1e-9, abs=1e-12)


# ---------------------------------------------------------------- single simplifications

x, y = Symbolic.symbol("x", 2.0), Symbolic.symbol("y", 3.0)
a, b, A = (Symbolic.symbol(n, np.ones(s)) for n, s in (("a", 3), ("b", 3), ("A", (2, 3))))


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (x * 1.0, "x"),
        (x * 0.0, "0"),
        (x * 0.0 + y, "y"),
        (2.0 * (0.5 * x), "x"),
        ((2.0 * x) * (3.0 * y), "6 x y"),
        (-1.0 * -x, "x"),
        (x - -y, "x + y"),
        (x - (y - x), "x − y + x"),
        (x / 1.0, "x"),
        (x**1, "x"),
        (x**0, "1"),
        ((-x) / y, "−x / y"),
        (A.T.T, "A"),
        (a.T, "a"),
        (A.transpose(0, 1), "A"),  # no axis moves
    ],
)
def test_simplified(made, text):
    assert write(made.expression) == text


def test_zero_over_zero_is_left_to_the_reader():
    with np.errstate(all="ignore"):
        made = (x * 0.0) / 0.0
    assert write(made.expression) == "0 / 0"


def test_repetition_disappears_where_the_other_factor_brings_it_about():
    repeated = np.broadcast_to(x, (3,))
    assert write((repeated * a).expression) == "x a"


def test_one_of_two_repetitions_stays():
    product = np.broadcast_to(x, (3,)) * np.broadcast_to(y, (3,))
    assert write(product.expression) == "x y 𝟏"  # Σ of it is 3 x y, not x y


def test_two_conditions_at_once_are_plain():
    assert ((x > 0) & (y > 0)) == True  # noqa: E712
    assert ((x > 0) & False) == False  # noqa: E712


@pytest.mark.parametrize(
    ("written", "formula"),
    [
        (lambda y, z: 1 - y * y, "1 − y²"),
        (lambda y, z: 2 * y * z * y, "2 y² z"),
        (lambda y, z: mg.log(y * y * y) / (z * z), "log(y³) / (z²)"),
        (lambda y, z: y * z, "y z"),
        (lambda y, z: (y + 1) * (y + 1), "(y + 1) (y + 1)"),
    ],
)
def test_repeated_variables_are_written_as_powers(written, formula):
    y, z = Symbolic.symbol("y", 0.5), Symbolic.symbol("z", 2.0)
    e = with_powers(written(y, z).expression)
    assert write(e) == formula
    assert check.compute(e, {y.expression.name: 0.5, z.expression.name: 2.0}) == pytest.approx(written(0.5, 2.0))


@pytest.mark.parametrize("f", [mg.tanh, mg.sigmoid, mg.exp, mg.gelu, mg.silu, mg.erf, mg.arctan])
def test_no_derivative_repeats_a_variable(f):
    u = mg.Tensor(0.3, requires_grad=True, name="u")
    where = str(mg.explain(f(u).named("s"))).partition("where ")[2]
    words = where.replace("(", " ").replace(")", " ").split()
    assert not any(a == b for a, b in itertools.pairwise(words) if a.isalpha())
