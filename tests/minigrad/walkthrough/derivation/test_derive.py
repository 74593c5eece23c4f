"""``mg.explain``: the lecture's derivations line for line, with the numbers that ``backward()`` computes."""

import unicodedata

import numpy as np
import pytest

import minigrad as mg
from minigrad.notation import bar
from tests.helpers.walkthrough.python_namespace import namespace


def parameter(data, name=None):
    return mg.Tensor(data, requires_grad=True, name=name)


def formulas(steps):
    return {step.variable: step.formula for step in steps}


def values(steps):
    return {step.variable: step.value for step in steps}


def logistic():
    """Univariate logistic least squares regression with L2, as in the lecture."""
    x, t, lam = mg.Tensor(2.0), mg.Tensor(1.0), mg.Tensor(0.1)
    w, b = parameter(0.5), parameter(-1.5)
    z = w * x + b
    y = mg.sigmoid(z)
    L = 0.5 * (y - t) ** 2
    R = 0.5 * w**2
    L_reg = L + lam * R
    return mg.explain(L_reg), L_reg, w, b


def mlp():
    """The lecture's multilayer perceptron, vectorised."""
    rng = np.random.default_rng(0)
    x, t = mg.Tensor(rng.normal(size=2)), mg.Tensor(rng.normal(size=2))
    W1, b1 = parameter(rng.normal(size=(3, 2))), parameter(rng.normal(size=3))
    W2, b2 = parameter(rng.normal(size=(2, 3))), parameter(rng.normal(size=2))
    z = W1 @ x + b1
    h = mg.sigmoid(z)
    y = W2 @ h + b2
    L = 0.5 * ((y - t) ** 2).sum()
    return mg.explain(L), L, {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


# ---------------------------------------------------------------- the lecture's examples


def test_each_contribution_has_a_formula_and_for_scalars_a_local_derivative():
    w = next(step for step in logistic()[0].backward if step.target == "w")
    assert [(part.source, part.formula, part.local_derivative) for part in w.contributions] == [
        ("R", "R̄ w", "w"),
        ("z", "z̄ x", "x"),
    ]
    assert [part.numbers for part in w.contributions] == ["0.1 · 0.5", "−0.1463 · 2"]
    W = parameter(np.ones((2, 2)), "W")
    step = mg.explain(mg.sum((W @ W).named("A"))).backward[-1]
    assert [(part.local_derivative, part.numbers) for part in step.contributions] == [("", ""), ("", "")]


def test_backward_pass_of_the_lecture_line_for_line():
    derivation, *_ = logistic()
    expected = [
        ("L̄_reg", "1"),
        ("R̄", "L̄_reg λ"),
        ("L̄", "L̄_reg"),
        ("ȳ", "L̄ (y − t)"),
        ("z̄", "ȳ σ′(z)"),
        ("w̄", "z̄ x + R̄ w"),
        ("b̄", "z̄"),
    ]
    expected = [tuple(unicodedata.normalize("NFC", text) for text in line) for line in expected]
    assert [(step.variable, step.formula) for step in derivation.backward] == expected
    assert [step.numbers for step in derivation.backward] == [
        *("", "1 · 0.1", "", "1 · (0.3775 − 1)"),
        *("−0.6225 · 0.235", "−0.1463 · 2 + 0.1 · 0.5", ""),
    ]


def test_forward_pass_of_the_lecture():
    derivation, *_ = logistic()
    assert [(step.variable, step.formula) for step in derivation.forward] == [
        ("z", "w x + b"),
        ("y", "σ(z)"),
        ("L", "½ (y − t)²"),
        ("R", "½ w²"),
        ("L_reg", "L + λ R"),
    ]
    assert [step.numbers for step in derivation.forward] == [
        "0.5 · 2 + (−1.5)",
        "σ(−0.5)",
        "½ · (0.3775 − 1)²",
        "½ · 0.5²",
        "0.1937 + 0.1 · 0.125",
    ]


def test_values_are_those_of_the_lecture_and_of_backward():
    derivation, loss, w, b = logistic()
    y = 1 / (1 + np.exp(0.5))
    z_bar = (y - 1) * y * (1 - y)
    backward = values(derivation.backward)
    assert backward[bar("z")] == pytest.approx(z_bar, rel=1e-12)
    assert backward[bar("y")] == pytest.approx(y - 1, rel=1e-12)
    assert backward[bar("R")] == 0.1
    assert values(derivation.forward)["L_reg"] == loss.data
    loss.backward()
    assert backward[bar("w")] == pytest.approx(w.grad, rel=1e-12)
    assert w.grad == pytest.approx(z_bar * 2 + 0.1 * 0.5, rel=1e-12)
    assert backward[bar("b")] == pytest.approx(b.grad, rel=1e-12)


def test_the_steps_are_a_program():
    derivation, loss, w, b = logistic()
    scope = namespace() | {step.name.python: step.value for step in derivation.given}
    for step in derivation:
        exec(step.python, scope)
    loss.backward()
    assert (scope["w_bar"], scope["b_bar"]) == pytest.approx((w.grad, b.grad), rel=1e-12)
    assert derivation[-3].python == "z_bar = y_bar * (y * (1 - y))"


def columns(text):
    """Width in a terminal: combining marks take no column."""
    return sum(not unicodedata.combining(c) for c in text)


@pytest.mark.parametrize("example", [logistic, mlp])
def test_table_is_aligned_and_fits_a_terminal(example):
    derivation, *_ = example()
    text = str(derivation)
    given, forward, backward, where = text.split("\n\n")
    assert [section.splitlines()[0] for section in (given, forward, backward)] == [
        *("Given", "Forward pass", "Backward pass"),
    ]
    assert where.startswith("where σ′(z) = ")
    assert all(columns(line) <= 80 and line == line.rstrip() for line in text.splitlines())
    starts = tuple(f"  {step.variable} " for step in (*derivation.forward, *derivation.backward))
    rows = [line for line in (forward + "\n" + backward).splitlines() if line.startswith(starts)]
    assert len(rows) == len(starts)
    assert len({columns(row[: row.index(" = ")]) for row in rows}) == 1
    assert len({columns(row[: row.rindex(" = ")]) for row in rows if row.count(" = ") > 1}) == 1
    assert repr(derivation) == text


def test_vectorised_mlp_of_the_lecture():
    derivation, loss, parameters = mlp()
    assert formulas(derivation.forward) == {
        "z": "W⁽¹⁾ x + b⁽¹⁾",
        "h": "σ(z)",
        "y": "W⁽²⁾ h + b⁽²⁾",
        "L": "½ ‖y − t‖²",
    }
    expected = {
        "L": "1",
        "y": "L̄ (y − t)",
        "h": "W⁽²⁾ᵀ ȳ",
        "z": "h̄ ∘ σ′(z)",
        "W1": "z̄ xᵀ",
        "b1": "z̄",
        "W2": "ȳ hᵀ",
        "b2": "ȳ",
    }
    assert formulas(derivation.backward) == {
        bar(name, ndim=name[-1].isdigit()): unicodedata.normalize("NFC", formula) for name, formula in expected.items()
    }
    assert all(not step.numbers for step in derivation.forward)  # arrays are not written into a formula
    loss.backward()
    for name, tensor in parameters.items():
        np.testing.assert_allclose(values(derivation.backward)[bar(name, ndim=1)], tensor.grad, rtol=1e-12)


# ---------------------------------------------------------------- the graph


def test_fan_out_adds_one_term_for_each_use():
    x = parameter(3.0)
    y = x * x + x
    derivation = mg.explain(y)
    assert formulas(derivation.forward) == {"y": "x x + x"}
    assert formulas(derivation.backward) == {"ȳ": "1", bar("x"): "ȳ x + ȳ x + ȳ"}
    assert values(derivation.backward)[bar("x")] == 7


def test_explaining_leaves_the_graph_and_the_gradients_alone():
    x = parameter(3.0)
    y = x * x + x
    first = str(mg.explain(y))
    assert x.grad is None
    assert x.name is None
    assert str(mg.explain(y)) == first
    y.backward()
    assert x.grad == 7


def test_gradients_of_earlier_passes_are_not_in_the_values():
    x = parameter(3.0)
    (x * x).backward()
    y = x * x + x
    assert values(mg.explain(y).backward)[bar("x")] == 7
    assert x.grad == 6


def test_unnamed_values_are_folded_into_the_next_formula():
    x = parameter(3.0)
    L = (x * x + 1.0) / 2.0
    assert formulas(mg.explain(L).forward) == {"L": "(x x + 1) / 2"}


def test_power_of_two_variables():
    x, y = parameter(2.0), parameter(3.0)
    L = x**y
    derivation = mg.explain(L)
    assert formulas(derivation.backward)[bar("x")] == "L̄ y x^(y − 1)"
    assert values(derivation.backward)[bar("x")] == 12


def test_the_rounds_of_a_loop_are_told_apart():
    W, x, h = parameter([[0.5, -0.2], [0.1, 0.3]]), mg.Tensor([1.0, 2.0]), mg.Tensor([0.0, 0.0])
    for _ in range(3):
        h = mg.tanh(W @ h + x)
    L = mg.sum(h**2)
    assert list(formulas(mg.explain(L).forward).values())[1:] == ["tanh(W v₁ + x)", "tanh(W v₂ + x)", "‖h‖²"]


@pytest.mark.parametrize("operation", [mg.sin, lambda y: y + y * 1e-3])
def test_long_chains(operation):
    y = x = parameter(1.0)
    for _ in range(1000):
        y = operation(y)
    derivation = mg.explain(y)
    assert all(columns(line) <= 80 for line in str(derivation).splitlines())
    assert derivation.check().endswith("all agree")
    y.backward()
    assert values(derivation.backward)[bar("x")] == pytest.approx(x.grad, rel=1e-12)


def test_many_uses():
    y = x = parameter(1.0)
    for i in range(500):
        y = y + x * float(i)
    assert mg.explain(y).check().endswith("all agree")


def test_what_was_given_is_kept_as_it_was():
    w, c = parameter([1.0, 2.0]), np.array([3.0, 4.0])
    y = mg.exp(w * c / 10.0)
    L = mg.sum(y * w)
    derivation = mg.explain(L)
    before, order = str(derivation), str(derivation.wrong_order())
    c *= 2
    w.data -= 0.5
    assert str(derivation) == before
    assert derivation.check().endswith("all agree")
    assert str(derivation.wrong_order()) == order
    assert derivation.wrong_order().parts_at is None


def test_the_values_are_those_that_the_forward_pass_saw():
    w, x = parameter(3.0), mg.Tensor(2.0)
    L = (w * x) ** 2
    w.data = np.float64(100.0)
    derivation = mg.explain(L)
    L.backward()
    assert values(derivation.backward)[bar("w")] == w.grad == 24
    assert "w = 3, x = 2" in str(derivation)
    assert derivation.check().endswith("all agree")


def test_a_leaf_alone():
    derivation = mg.explain(parameter(2.0).named("x"))
    assert str(derivation) == f"Backward pass\n  {bar('x')} = 1"
    assert all("Forward" not in text for text in derivation._repr_mimebundle_().values())
    assert "Forward" not in derivation.html()
    assert derivation.check() == "1 lines recomputed, 1 error signal compared with finite differences: all agree"


def test_a_loss_of_one_element():
    x = parameter([2.0])
    derivation = mg.explain(x * x * 3.0)
    assert derivation.check().endswith("all agree")


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize("wrong", [1.0, np.ones(2), None])
def test_only_tensors_can_be_explained(wrong):
    with pytest.raises(TypeError, match=f"explain: expected a Tensor, .* got {type(wrong).__name__}"):
        mg.explain(wrong)


def test_something_has_to_require_gradients():
    y = mg.Tensor(1.0, name="c") * 2.0
    with pytest.raises(RuntimeError, match=r"explain: .* requires_grad=True"):
        mg.explain(y)


def test_of_an_array_its_sum_is_explained():
    """In a line of its own, so that every element has the error signal 1; the array has a line without a name, too."""
    x, w = parameter([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]), parameter([[[[1.0, -1.0]]]])
    walkthrough = mg.explain(mg.conv2d(x, w))
    assert [step.variable for step in walkthrough.forward] == ["v₁", "L"]
    assert [step.formula for step in walkthrough.forward] == ["conv2d(x, w)", "Σ v₁"]
    by_name = {step.variable: step.value for step in walkthrough.backward}
    np.testing.assert_array_equal(by_name["w̄"], [[[[12.0, 16.0]]]])
    np.testing.assert_array_equal(by_name["v̄₁"], np.ones((1, 1, 2, 2)))
    walkthrough.check()
    L = (x * 2.0).named("L")
    assert [step.variable for step in mg.explain(L).forward] == ["L", "L₂"]


def test_of_nothing_there_is_no_derivation():
    with pytest.raises(ValueError, match=r"explain: Tensor 'y' has shape \(0,\), without any element"):
        mg.explain((parameter(np.zeros(0)) * 2.0).named("y"))


def test_a_freed_graph_is_named_as_such():
    x = parameter(2.0)
    y = x * x
    y.backward()
    with pytest.raises(RuntimeError, match=r"freed by an earlier backward\(\).*explain it before"):
        mg.explain(y)


def test_an_operation_on_any_number_of_arguments():
    a, b = mg.Tensor([1.0, 2.0], requires_grad=True), mg.Tensor([3.0], requires_grad=True)
    y = mg.concatenate([a, b, a])
    L = mg.sum(y**2)
    lines = [" ".join(line.split()) for line in str(mg.explain(L)).splitlines()]
    assert "y = concatenate(a, b, a) = [1, 2, 3, 1, 2]" in lines
    assert "b̄ = ȳ[2:3] = [6]" in lines
    assert "ā = ȳ[3:5] + ȳ[0:2] = [4, 8]" in lines


def test_an_array_is_explained_within_no_grad_as_a_number_is():
    x = mg.Tensor([1.0, 2.0], requires_grad=True, name="x")
    y = (x * x).named("y")
    outside = str(mg.explain(y))
    with mg.no_grad():
        assert str(mg.explain(y)) == outside
