"""``walkthrough.check()``: what is wrong is found, and what is a matter of convention is not called wrong."""

from dataclasses import replace

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.memory.peak import peak_bytes
from tests.helpers.walkthrough.lecture_graphs import convolution, logistic, mlp_vectorised


def tampered(walkthrough, target, **changes):
    backward = [replace(step, **changes) if step.target == target else step for step in walkthrough.backward]
    return replace(walkthrough, backward=tuple(backward))


@pytest.mark.parametrize("target", ["R", "y", "z", "w", "b"])
def test_a_value_that_does_not_follow_from_its_formula(target):
    walkthrough = logistic()
    (step,) = [step for step in walkthrough.backward if step.target == target]
    with pytest.raises(AssertionError, match=r"check: .̄?̄? is shown as .*, but its formula gives"):
        tampered(walkthrough, target, value=step.value * (1 + 1e-6)).check()


def test_a_contribution_that_does_not_follow():
    walkthrough = logistic()
    (step,) = [step for step in walkthrough.backward if step.target == "w"]
    first, second = step.contributions
    for wrong, message in [
        ((replace(first, value=np.float64(0.1)), second), "w̄ from R is shown as 0.1"),
        ((first, replace(second, running_sum=np.float64(0.1))), "w̄ so far is shown as 0.1"),
        ((first,), "w̄, all contributions is shown as"),
    ]:
        with pytest.raises(AssertionError, match=message):
            tampered(walkthrough, "w", contributions=wrong).check()


def test_nan_is_no_agreement():
    walkthrough = mlp_vectorised()
    (step,) = [step for step in walkthrough.backward if step.target == "h"]
    with pytest.raises(AssertionError, match="h̄ is shown as"):
        tampered(walkthrough, "h", value=step.value * np.nan).check()


def test_a_wrong_rule_is_found_by_finite_differences():
    doubled = mg.Unary("doubled_wrongly", lambda x: 2 * x, lambda y_bar, y, x: 3 * y_bar)
    for values in (1.0, np.ones(3), np.ones(20), 0.0, np.zeros(3), np.zeros(20), [0.0, 1e6]):
        w = mg.Tensor(values, requires_grad=True)
        L = mg.sum(doubled(w) * mg.cos(w))
        with pytest.raises(AssertionError, match="check: w̄ predicts that the loss changes by"):
            mg.explain(L).check()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
def test_other_precisions_are_held_to_what_they_can_do(dtype):
    w = mg.Tensor(np.linspace(-1, 1, 50), dtype=dtype, requires_grad=True)
    L = mg.sum(mg.tanh(w * 3.0) ** 2) / 7.0
    assert mg.explain(L).check().endswith("all agree")


@pytest.mark.parametrize("function", [mg.relu, lambda x: mg.maximum(x, -x), lambda x: mg.max(x * np.ones(3))])
def test_a_kink_is_no_mistake(function):
    w = mg.Tensor(0.0, requires_grad=True)
    L = mg.sum(function(w)) + w * w
    assert mg.explain(L).check().endswith("all agree")


def test_images():
    assert convolution().check() == "8 lines recomputed, 2 error signals compared with finite differences: all agree"


@pytest.mark.parametrize("x", [1e-7, [1000.0, 1e-4], [1e-300, 1.0], np.geomspace(1e-6, 1e6, 30)])
def test_steps_stay_where_the_function_is_at_home(x):
    x = mg.Tensor(x, requires_grad=True)
    L = mg.sum(mg.log(x))
    assert mg.explain(L).check().endswith("all agree")


def test_nan_and_infinity_are_what_they_are():
    x = mg.Tensor([np.inf, 5.0, np.nan], requires_grad=True)
    walkthrough = mg.explain(mg.sum(x * 2.0))
    (step,) = [step for step in walkthrough.backward if step.target == "x"]
    with pytest.raises(AssertionError, match="x̄ is shown as"):
        tampered(walkthrough, "x", value=step.value * np.array([1.0, 1.5, 1.0])).check()


def test_a_large_array_needs_no_square_of_its_size():
    walkthrough = mg.explain(mg.sum(mg.tanh(mg.Tensor(np.ones(4000), requires_grad=True))))
    assert peak_bytes(walkthrough.check) < 10e6  # the square is 128 MB


def test_whole_numbers_stay_what_they_are():
    """Class numbers and indices choose; as floating-point numbers they would not."""
    z = mg.Tensor([[0.5, -1.0, 2.0], [0.25, 1.0, 0.0]], requires_grad=True)
    L = mg.cross_entropy(z, np.array([0, 2])) + mg.sum(mg.take_along_axis(z, np.array([[1], [0]]), axis=1))
    assert mg.explain(L).check().endswith("all agree")


def test_an_operation_in_the_precision_of_its_data():
    """The loss is recomputed in double precision: next to 1000, single precision has no small steps."""
    shifted = mg.Binary(
        "shifted",
        lambda x, w: (x + w).astype(x.dtype),
        lambda z_bar, z, x, w: z_bar,
        lambda z_bar, z, x, w: z_bar,
    )
    w = mg.Tensor([0.25, 0.5], dtype=np.float32, requires_grad=True)
    L = mg.sum(shifted(np.float32([1000.0, 2000.0]), w))
    assert mg.explain(L).check().endswith("all agree")
