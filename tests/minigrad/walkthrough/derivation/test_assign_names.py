"""What a derivation calls the values of a graph."""

import numpy as np
import pytest

import minigrad as mg
from minigrad.notation import bar
from tests.minigrad.walkthrough.derivation.test_derive import formulas, parameter, values

shadowed = mg.Tensor(7.0, requires_grad=True)
global_only = mg.Tensor(5.0, requires_grad=True)
global_alias = mg.Tensor(3.0, requires_grad=True)


def test_a_name_that_was_given_wins_over_the_variable():
    x = parameter(3.0).named("u")
    y = x * x
    assert formulas(mg.explain(y).forward) == {"y": "u u"}


def test_a_local_variable_wins_over_a_global_one():
    local_alias = global_alias
    y = local_alias * global_only
    assert formulas(mg.explain(y).forward) == {"y": "local_alias global_only"}


def test_a_hidden_global_does_not_lend_its_name():
    hidden = globals
    shadowed = parameter(2.0)
    L = (hidden()["shadowed"] * 2.0) * shadowed
    assert formulas(mg.explain(L).forward) == {"L": "2 v₁ shadowed"}


def test_unnamed_leaves_are_numbered():
    y = parameter(2.0) * parameter(3.0) + parameter(4.0)
    derivation = mg.explain(y)
    assert [step.variable for step in derivation.backward] == [bar(name) for name in ("y", "v_1", "v_2", "v_3")]
    assert formulas(derivation.forward)["y"] == "v₁ v₂ + v₃"


def test_elements_of_lists_and_dictionaries():
    w = [parameter(2.0), parameter(3.0)]
    theta = {"a": parameter(4.0), 7: parameter(5.0), "no name": parameter(6.0)}
    w_1 = parameter(7.0)
    L = w[0] * w[1] * theta["a"] * theta[7] * theta["no name"] * w_1
    assert formulas(mg.explain(L).forward) == {"L": "w₀ v₁ a v₂ v₃ w₁"}


def test_a_variable_wins_over_the_list_it_is_in():
    a, b = parameter(2.0), parameter(3.0)
    parameters = [a, b]
    L = parameters[0] * parameters[1]
    assert formulas(mg.explain(L).forward) == {"L": "a b"}


def test_names_with_a_leading_underscore_do_not_count():
    _p = parameter(2.0)
    L = _p * _p
    assert formulas(mg.explain(L).forward) == {"L": "v₁ v₁"}


def test_unnamed_leaves_and_the_loss_take_no_name_that_is_in_use():
    v1 = parameter(2.0)
    L = v1 * parameter(3.0)
    derivation = mg.explain(L + v1)
    assert formulas(derivation.forward) == {"L": "v₁ v₂", "L₂": "L + v₁"}


def test_an_unnamed_loss_is_called_L():
    x = parameter(2.0)
    assert formulas(mg.explain(x * x).forward) == {"L": "x x"}


def test_greek_names():
    lam, sigma_2, alpha = parameter(2.0), parameter(3.0), mg.Tensor(4.0)
    y = lam * sigma_2 * alpha
    derivation = mg.explain(y)
    assert formulas(derivation.forward) == {"y": "λ σ₂ α"}
    assert {bar("lam"), bar("sigma_2")} <= set(formulas(derivation.backward))


def test_arrays_are_called_as_their_variables_in_both_passes():
    A, M = parameter(np.ones((2, 3))), np.arange(6.0).reshape(3, 2)
    Y = A @ M
    L = (Y * Y).sum()
    derivation = mg.explain(L)
    assert formulas(derivation.forward)["Y"] == "A M"
    assert formulas(derivation.backward)[bar("A")] == f"{bar('Y')} Mᵀ"
    L.backward()
    np.testing.assert_allclose(values(derivation.backward)[bar("A")], A.grad)


def test_arrays_without_a_variable_are_numbered():
    a = parameter([1.0, 2.0])
    L = (a * np.array([3.0, 4.0]) + np.array([5.0, 6.0])).sum()
    assert formulas(mg.explain(L).forward) == {"L": "Σ (a ∘ c₁ + c₂)"}
    assert "  a = [1, 2], c₁ = [3, 4], c₂ = [5, 6]" in str(mg.explain(L))


@pytest.mark.parametrize("name", ["exp", "sum", "np", "x²", "ℓ", "lambda", "_0", "slice"])
def test_a_variable_may_have_any_name(name):
    x, y = parameter([1.0, 2.0]).named(name), parameter([3.0, 4.0]).named(f"{name}_bar")
    L = mg.sum(mg.exp(x) * y[0:1])
    assert mg.explain(L).check().endswith("all agree")


def test_a_variable_beside_the_graph_lends_no_name_that_is_in_use():
    W, x, t = parameter(np.eye(2)), mg.Tensor([1.0, 2.0]), mg.Tensor([0.0, 1.0])
    z = W @ x
    y = mg.softmax(z).named("W")
    L = mg.cross_entropy(z, t)
    assert y.name == "W"
    derivation = mg.explain(L)
    assert [step.variable for step in derivation.forward] == ["z", "L"]
    assert formulas(derivation.backward)[bar("z")] == f"{bar('L')} (softmax(z) − t)"


def explained(t):
    return mg.explain(t)


def explained_with_an_alias(cost):
    alias = cost
    return mg.explain(alias)


def explained_by_another(inner, *, keyword):
    return explained(inner) if keyword is None else explained(keyword)


class Teacher:
    def explained(self, t):
        return mg.explain(t)


@pytest.mark.parametrize(
    "helper",
    [
        explained,
        explained_with_an_alias,
        lambda value: explained_by_another(value, keyword=None),
        lambda value: explained_by_another(value, keyword=value),
        Teacher().explained,
        lambda value: mg.explain(value),
        lambda value: max([mg.explain(each) for each in [value, value]], key=len),
        lambda value: next(mg.explain(each) for each in [value]),
        lambda value: (lambda: mg.explain(value))(),
    ],
)
def test_a_helper_shows_the_names_of_the_code_that_calls_it(helper):
    w, x = mg.Tensor(2.0, requires_grad=True), mg.Tensor(1.5)
    z = w * x
    loss = z**2
    walkthrough = helper(loss)
    assert [step.target for step in walkthrough.forward] == ["z", "loss"]
    assert [step.target for step in walkthrough.given] == ["w", "x"]
    assert [step.source_line.partition(": ")[2] for step in walkthrough.forward] == ["z = w * x", "loss = z**2"]


def test_a_helper_lends_the_name_of_its_argument_to_what_has_no_other():
    w = mg.Tensor(2.0, requires_grad=True)
    assert explained(w**2).forward[-1].target == "t"


def test_a_variable_of_the_helper_itself_keeps_its_name():
    def halved(loss):
        half = loss / 2
        return mg.explain(half)

    w = mg.Tensor(2.0, requires_grad=True)
    total = w**2
    assert [step.target for step in halved(total).forward] == ["total", "half"]


def test_drawings_show_the_names_of_the_code_that_calls_the_helper():
    def drawn(t):
        return str(mg.draw(t))

    w = mg.Tensor(2.0, requires_grad=True)
    cost = w**2
    assert "cost" in drawn(cost)


class Owner:
    """A label of a scope that knows parameters, as modules do."""

    def __init__(self):
        self.weight, self.kept = mg.Tensor(2.0, requires_grad=True), mg.Tensor([3.0, 4.0])

    def named_parameters(self):
        yield "gain", self.weight


class OwnerOfBuffers(Owner):
    def named_buffers(self):
        yield "running", self.kept


@pytest.mark.parametrize(("owner", "names"), [(Owner(), ["gain", "c_1"]), (OwnerOfBuffers(), ["gain", "running"])])
def test_parameters_and_buffers_have_the_names_that_their_scope_knows(owner, names):
    with mg.scope(owner):
        loss = mg.sum(owner.weight * owner.kept)
    assert [step.target for step in mg.explain(loss).given] == names
