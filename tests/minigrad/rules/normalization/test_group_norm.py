"""Group and instance normalization: defaults, running values of instances, and errors that teach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.networks.standardized import standardized

DRAW = np.random.default_rng(0).normal
X = DRAW(size=(2, 4, 3, 5)) * 1e-2  # so small that ε counts


def test_by_default_epsilon_is_1e_minus_5_and_nothing_is_scaled() -> None:
    groups = standardized(X.reshape(2, 2, 2, 3, 5), axis=(2, 3, 4), eps=1e-5)
    np.testing.assert_allclose(mg.group_norm(X, 2), groups.reshape(X.shape), rtol=1e-12)
    np.testing.assert_allclose(mg.group_norm(X, 2, bias=np.ones(4)), 1 + groups.reshape(X.shape), rtol=1e-12)
    np.testing.assert_allclose(mg.instance_norm(X), standardized(X, axis=(2, 3), eps=1e-5), rtol=1e-12)


@pytest.mark.parametrize("of", [np.asarray, mg.Tensor])
@pytest.mark.parametrize(("weight", "bias"), [(None, None), (2.0, None), (None, 3.0), (2.0, 3.0)])
def test_running_values_of_instances_are_averages_over_the_samples(of: Any, weight: Any, bias: Any) -> None:
    old = np.arange(4.0), np.arange(1.0, 5.0)
    given = [None if a is None else np.full(4, a) for a in (weight, bias)]
    y, mean, var = mg.instance_norm(of(X), *old, *given, momentum=0.25)
    expected = standardized(X, weight or 1.0, bias or 0.0, axis=(2, 3), eps=1e-5)
    np.testing.assert_allclose(np.asarray(y), expected, rtol=1e-12)
    assert not getattr(y, "requires_grad", False)
    np.testing.assert_allclose(mean, 0.75 * old[0] + 0.25 * X.mean(axis=(0, 2, 3)), rtol=1e-12)
    np.testing.assert_allclose(var, 0.75 * old[1] + 0.25 * X.var(axis=(2, 3), ddof=1).mean(axis=0), rtol=1e-12)


def test_running_values_with_gradients() -> None:
    x, bias = mg.Tensor(X, requires_grad=True), mg.Tensor(np.ones(4), requires_grad=True)
    y, *_ = mg.instance_norm(x, np.zeros(4), np.ones(4), bias=bias)
    np.testing.assert_allclose(y.data, 1 + standardized(X, axis=(2, 3), eps=1e-5), rtol=1e-12)
    y.sum().backward()
    np.testing.assert_array_equal(bias.grad, np.full(4, 30.0))
    np.testing.assert_allclose(x.grad, 0, atol=1e-10)


def test_a_batch_without_samples_leaves_the_running_values() -> None:
    y, mean, var = mg.instance_norm(np.zeros((0, 2, 3)), [1.0, 2.0], [3.0, 4.0])
    assert y.shape == (0, 2, 3)
    assert (mean.tolist(), var.tolist()) == ([1, 2], [3, 4])


@pytest.mark.parametrize("momentum", [0, 1])
def test_the_ends_of_the_range_of_momentum(momentum: float) -> None:
    _, mean, _ = mg.instance_norm(X, np.ones(4), np.ones(4), momentum=momentum)
    np.testing.assert_allclose(mean, X.mean(axis=(0, 2, 3)) if momentum else 1, rtol=1e-12)


def test_two_positions_are_enough_and_so_are_two_channels_of_a_group() -> None:
    assert mg.instance_norm(np.ones((1, 3, 2))).shape == (1, 3, 2)
    assert mg.group_norm(np.ones((1, 2, 2)), 2).shape == (1, 2, 2)
    assert mg.group_norm(np.ones((1, 2)), 1).shape == (1, 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mg.group_norm(X, 3), ValueError, r"the 4 channels of the input .* numbers that do: 1, 2, 4$"),
        (lambda: mg.group_norm(X, 0), ValueError, "num_groups=0 does not divide"),
        (lambda: mg.group_norm(X, -2), ValueError, "num_groups=-2 does not divide"),
        (lambda: mg.group_norm(X, True), ValueError, "num_groups=True does not divide"),
        (lambda: mg.group_norm(X, 2.0), ValueError, r"num_groups=2\.0 does not divide"),
        (lambda: mg.group_norm(X[:, :, 0, 0], 4), ValueError, "4 groups .* have one value each"),
        (lambda: mg.group_norm(X[0, 0, 0], 1), ValueError, r"samples and channels first, got \(5,\); of one sample"),
        (lambda: mg.group_norm(X, 2, np.ones(2)), ValueError, r"weight has shape \(2,\), expected \(4,\)"),
        (lambda: mg.group_norm(X, 2, eps=np.inf), ValueError, "eps=inf, expected a small number"),
        (lambda: mg.instance_norm(X[:, :, :1, :1]), ValueError, "with several positions"),
        (lambda: mg.instance_norm(X, use_input_stats=False), ValueError, "needs running_mean and running_var"),
        (lambda: mg.instance_norm(X, momentum=1.5), ValueError, "momentum=1.5, expected .* from 0 to 1"),
        (lambda: mg.instance_norm(X, momentum=-0.5), ValueError, "momentum=-0.5, expected .* from 0 to 1"),
        (lambda: mg.instance_norm(X, momentum="x"), TypeError, "expected a number"),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()
