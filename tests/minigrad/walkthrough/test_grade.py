"""``mg.grade``: right answers pass, the first wrong one is named, and the usual mistakes are recognised."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import minigrad as mg
from tests.helpers.walkthrough.derived_graphs import Plain, recipes, tensors

_MISTAKES = {
    "sign": lambda value: -value,
    "twice": lambda value: 2 * value,
    "half": lambda value: value / 2,
    "off": lambda value: value + 0.1 * (1 + abs(value)),
}


@given(recipes(), st.data())
def test_a_drawn_graph(recipe, data):
    loss = tensors(recipe)[-1]
    right = {f"n_{i}": signal for i, signal in Plain(recipe).topological().items()}
    assert mg.grade(loss, right).correct

    order = [step.target for step in mg.explain(loss).backward]
    asked = [name for name in order if data.draw(st.booleans())] or order[:1]
    planted = data.draw(st.sets(st.sampled_from(asked), min_size=1))
    assume(all(abs(right[name]) > 1e-6 for name in planted))
    answers = {name: right[name] for name in data.draw(st.permutations(asked))}
    for name in planted:
        answers[name] = _MISTAKES[data.draw(st.sampled_from(sorted(_MISTAKES)))](answers[name])
    graded = mg.grade(loss, answers)
    assert not graded
    assert graded.wrong == next(name for name in order if name in planted)
    step = next(step for step in mg.explain(loss).backward if step.target == graded.wrong)
    assert graded.formula == f"{step.variable} = {step.formula}"
    assert graded.graded == tuple(name for name in order if name in asked)


def parameter(data):
    return mg.Tensor(data, requires_grad=True)


@pytest.fixture
def logistic():
    x, t, lam = mg.Tensor(2.0), mg.Tensor(1.0), mg.Tensor(0.1)
    w, b = parameter(0.5), parameter(-1.5)
    z = (w * x + b).named("z")
    y = mg.sigmoid(z).named("y")
    L = (0.5 * (y - t.named("t")) ** 2).named("L")
    R = (0.5 * w.named("w") ** 2).named("R")
    b.named("b")
    x.named("x")
    return (L + lam.named("lam") * R).named("L_reg")


_Y = 1 / (1 + np.exp(0.5))
_Z_BAR = (_Y - 1) * _Y * (1 - _Y)


@pytest.mark.parametrize(
    ("answers", "wrong", "hint"),
    [
        ({"y": 1 - _Y}, "y", "the sign is wrong"),
        ({"y": 2 * (_Y - 1)}, "y", "a factor 2 too much"),
        ({"y": 0.5 * (_Y - 1)}, "y", "a factor ½ too much"),
        ({"y": _Y - 1, "z": _Y - 1}, "z", "σ′(z) is missing"),
        ({"z": _Y * (1 - _Y)}, "z", "ȳ is missing"),
        ({"w": _Z_BAR * 2}, "w", "w is used 2 times, and every use adds its share; what comes from R is missing: R̄ w"),
        ({"w": 0.05}, "w", "w is used 2 times, and every use adds its share; you have only what comes from R: R̄ w"),
        ({"w": _Z_BAR + 0.05}, "w", "x is missing"),
        ({"w": _Z_BAR * 2 - 0.05}, "w", "the sign of R̄ w is wrong"),
        ({"R": 1.0}, "R", "λ is missing"),
    ],
)
def test_usual_mistakes(logistic, answers, wrong, hint):
    graded = mg.grade(logistic, answers)
    assert graded.wrong == wrong
    assert hint in graded.hint
    assert f"  hint: {graded.hint}" in str(graded)


def test_variables_outside_the_function_have_their_names():
    program = """
x, w = mg.Tensor(2.0), mg.Tensor(0.5, requires_grad=True)
def graded(answer):
    return mg.grade(mg.sigmoid(w * x), {"w": answer})
"""
    names = {"mg": mg}
    exec(program, names)
    y = 1 / (1 + np.exp(-1))
    assert names["graded"](2 * y * (1 - y)).correct
    assert names["graded"](y * (1 - y)).hint == "x is missing"


def layer(x, W):
    x, W = mg.Tensor(x).named("x"), parameter(W).named("W")
    b = parameter(np.zeros(len(W.data))).named("b")
    z = (x @ W.T + b).named("z")
    y = mg.sigmoid(z).named("y")
    return (0.5 * mg.sum(y**2)).named("L"), z.data, x.data


def test_mistakes_with_matrices():
    batch = np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]])
    loss, z, x = layer(batch, [[0.5, -1.0], [0.25, 2.0]])
    y = 1 / (1 + np.exp(-z))
    z_bar = y * y * (1 - y)
    right = {"y": y, "z": z_bar, "W": z_bar.T @ x, "b": z_bar.sum(axis=0)}
    assert mg.grade(loss, right).correct
    for name, mistaken, hint in [
        ("W", (z_bar.T @ x).T, "the transpose is missing"),
        ("b", z_bar, "the sum is missing: Σₙ z̄ₙ"),
        ("b", z_bar.mean(axis=0), "it is the sum, not the mean"),
        ("z", y, "σ′(z) is missing"),
        ("z", y[0], "an error signal has the shape of its variable, (3, 2); yours has (2,)"),
    ]:
        graded = mg.grade(loss, right | {name: mistaken})
        assert graded.wrong == name
        assert hint in graded.hint


def test_a_transpose_that_is_missing_in_a_square_formula():
    W2 = parameter([[1.0, 2.0], [3.0, 4.0]])
    x = mg.Tensor([1.0, -1.0])
    h = mg.sigmoid(parameter([0.5, 0.25]) * x)
    y = W2 @ h
    L = 0.5 * mg.sum(y**2)
    graded = mg.grade(L, {"y": y.data, "h": W2.data @ y.data})
    assert (graded.wrong, graded.formula) == ("h", "h̄ = W⁽²⁾ᵀ ȳ")
    assert graded.hint == "the transpose is missing: W⁽²⁾ᵀ"


def test_answers_rounded_by_hand_are_right(logistic):
    assert mg.grade(logistic, {"y": -0.622, "z": -0.146, "w": -0.243, "b": -0.1463})
    assert not mg.grade(logistic, {"y": -0.622}, tolerance=1e-6)


def test_every_spelling_of_a_name(logistic):
    for name in ("L_reg", "L_reg_bar", "L̄_reg"):
        assert mg.grade(logistic, {name: 1}).graded == ("L_reg",)
    assert mg.grade(logistic, {"z_bar": _Z_BAR, "ȳ": _Y - 1}).graded == ("y", "z")


def test_functions_may_answer(logistic):
    assert mg.grade(logistic, lambda: {"z": _Z_BAR})
    assert mg.grade(logistic, {"z": lambda: _Z_BAR, "y": mg.Tensor(_Y - 1)})


def test_what_it_says_of_right_answers(logistic):
    assert str(mg.grade(logistic, {"z": _Z_BAR})) == "✓ the error signal is right: z"
    assert str(mg.grade(logistic, {"z": _Z_BAR, "y": _Y - 1})) == "✓ all 2 error signals are right: y, z"
    assert str(mg.grade(logistic, {"y": _Y - 1, "z": 7.0})) == (
        "✓ right so far: y\n✗ the error signal of z is wrong; it should follow z̄ = ȳ σ′(z)"
    )


def test_nan_is_wrong(logistic):
    graded = mg.grade(logistic, {"z": float("nan")})
    assert (graded.wrong, graded.hint) == ("z", "your value is not a finite number")


def test_a_variable_called_like_an_error_signal():
    z, z_bar = parameter(2.0), parameter(3.0)
    L = z * z_bar * 2.0
    assert mg.grade(L, {"z_bar": 4.0, "z": 6.0})
    assert mg.grade(L, {"z_bar": 6.0}).wrong == "z_bar"


def test_what_cancels_is_zero():
    x = parameter(2.0)
    a = 0.1 * x
    b = 0.2 * x
    c = -0.3 * x
    L = a + (b + c)
    assert mg.grade(L, {"x": 0.0})
    assert not mg.grade(L, {"x": 0.01})
    assert mg.explain(L).wrong_order().parts_at is None


def test_any_wrong_answer_is_taken():
    a, x, b = parameter(2.0), parameter([1.0, 2.0]), parameter(3.0)
    L = (a * x)[0] * b
    assert mg.grade(L, {"b": 77.0}).wrong == "b"


def test_a_factor_of_two_where_nothing_is_squared():
    w = parameter(0.5)
    L = mg.sin(3.0 * w)
    graded = mg.grade(L, {"w": 6.0 * np.cos(1.5)})
    assert graded.hint == "there is a factor 2 too much"


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        ({"q": 1.0}, ValueError, "no variable 'q' .* it has L_reg, R, L, y, z, w, b"),
        ({"x": 1.0}, ValueError, "no variable 'x'"),
        ({}, ValueError, "no error signal was given"),
        ([0.1], TypeError, "expected error signals by name, .* got list"),
        ({"z": "a"}, TypeError, "expected numbers as the answer for z, got 'a'"),
        ({"z": "4"}, TypeError, "expected numbers as the answer for z, got '4'"),
        ({"z": None}, TypeError, "expected numbers as the answer for z, got None"),
        ({"z": True}, TypeError, "expected numbers as the answer for z, got True"),
        ({"z": 1.0, "z_bar": 2.0}, ValueError, "there are two answers for z"),
        ({"z": [[1.0], [1.0, 2.0]]}, TypeError, "expected numbers as the answer for z, got"),
    ],
)
def test_what_cannot_be_graded(logistic, answers, error, message):
    with pytest.raises(error, match=message):
        mg.grade(logistic, answers)


def test_what_cannot_be_explained_cannot_be_graded():
    with pytest.raises(RuntimeError, match="grade: this Tensor does not depend on"):
        mg.grade(mg.Tensor(1.0), {"z": 1.0})


def mean_of_squares(form: str) -> mg.Tensor:
    x, t = mg.Tensor([0.5, 1.0, -2.0, 0.25, 3.0], name="x"), mg.Tensor([1.0, 0.0, 1.0, 0.5, 1.0], name="t")
    y = mg.sigmoid(mg.Tensor(0.3, requires_grad=True, name="w") * x).named("y")
    forms = {
        "mean": lambda: mg.mean((y - t) ** 2),
        "sum / N": lambda: mg.sum((y - t) ** 2) / 5,
        "1 / N * sum": lambda: 1 / 5 * mg.sum((y - t) ** 2),
        "mse_loss": lambda: mg.mse_loss(y, t),
        "cross-entropy": lambda: -mg.mean(t * mg.log(y) + (1 - t) * mg.log(1 - y)),
        "mean of rows": lambda: mg.mean(mg.sum((y - t).reshape(5, 1) ** 2, axis=1)),
    }
    return forms[form]().named("L")


@pytest.mark.parametrize("form", ["mean", "sum / N", "1 / N * sum", "mse_loss", "cross-entropy", "mean of rows"])
def test_a_forgotten_1_over_n_has_a_hint(form):
    loss = mean_of_squares(form)
    y_bar = next(step.value for step in mg.explain(loss).backward if step.target == "y")
    assert mg.grade(loss, {"y": y_bar})
    assert mg.grade(loss, {"y": 5 * y_bar}).hint == "the factor 1/5 is missing: the loss is a mean of 5 numbers"
    assert mg.grade(loss, {"y": y_bar / 5}).hint == "there is a factor 1/5 too much: it comes from the mean, once"


def test_the_hint_of_the_mean_is_for_the_step_that_has_it():
    """An error signal further back contains the 1/N of an earlier one, which was right."""
    loss = mean_of_squares("mean")
    steps = {step.target: step.value for step in mg.explain(loss).backward}
    assert "mean" not in mg.grade(loss, {"y": steps["y"], "w": 5 * steps["w"]}).hint
