"""The perceptron: a threshold, and Rosenblatt's rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
AND, OR, XOR = [0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0]


def test_a_filter_of_3x3_is_a_perceptron_with_ten_parameters() -> None:
    assert nn.summary(nn.Perceptron(9), (9,)).total == 10
    assert nn.summary(nn.Perceptron(1), (1,)).total == 2


def test_it_compares_the_weighted_sum_with_a_threshold() -> None:
    """The lecture: o = 1 if Σ w x ≥ T, and 0 otherwise; T = −b."""
    model = nn.Perceptron(2, dtype=np.float64)
    model.weight.data, model.bias.data = np.array([1.0, 2.0]), np.array(-2.0)
    assert model(X).tolist() == [0, 1, 0, 1]
    assert model([0.0, 1.0]) == 1  # the sum is the threshold
    assert model(mg.Tensor(np.ones((3, 5, 2)))).shape == (3, 5)


@pytest.mark.parametrize("targets", [AND, OR])
@pytest.mark.parametrize("seed", range(5))
def test_it_learns_what_a_line_separates(targets: list[int], seed: int) -> None:
    model = nn.Perceptron(2, rng=seed)
    while model.learn(X, targets):
        pass
    assert model(X).tolist() == targets


def test_it_never_learns_xor() -> None:
    model = nn.Perceptron(2, rng=0)
    assert min(model.learn(X, XOR) for _ in range(50)) > 0


def test_one_step_of_the_rule() -> None:
    model = nn.Perceptron(2, dtype=np.float64)
    model.weight.data, model.bias.data = np.array([1.0, 1.0]), np.array(0.0)
    assert model.learn([[2.0, 3.0]], [0], lr=0.5) == 1
    assert (model.weight.data.tolist(), model.bias.data.item()) == ([0.0, -0.5], -0.5)


@pytest.mark.parametrize(
    ("x", "t"), [(X, [1, 2, 0, 1]), (X, [[0], [1], [1], [1]]), (X[0], [1]), (X, [1, 0]), (X[:, :1], AND)]
)
def test_what_does_not_fit_is_refused(x: Any, t: Any) -> None:
    with pytest.raises(ValueError, match=r"Perceptron.learn: got inputs of shape .*, with 0 and 1 as the targets"):
        nn.Perceptron(2).learn(x, t)


def test_gradient_descent_is_told_that_there_is_no_slope() -> None:
    model = nn.Perceptron(2)
    with pytest.raises(TypeError, match="does not depend on the model's parameters"):
        nn.fit(model, (X, np.array(OR)), optimizer=nn.optim.SGD(model.parameters(), 0.1), loss=nn.MSELoss())
