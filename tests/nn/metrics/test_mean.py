"""The mean of any function, over samples and not over batches."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

rng = np.random.default_rng(4)
Y, T = rng.normal(size=(10, 3)), rng.normal(size=(10, 3))


def measured(function: Any, dtype: Any = np.float64) -> float:
    metric = nn.metrics.Mean(function)
    for i in range(0, 10, 4):  # batches of 4, 4 and 2
        metric.update(Y[i : i + 4].astype(dtype), T[i : i + 4].astype(dtype))
    return metric.compute()


def test_one_value_for_each_sample() -> None:
    assert measured(lambda y, t: abs(y - t).max(axis=1)) == pytest.approx(abs(Y - T).max(axis=1).mean())
    assert measured(lambda y, t: (y > t)[:, 0]) == np.mean(Y[:, 0] > T[:, 0])
    assert measured(lambda y, t: y > t) == pytest.approx(np.mean(Y > T))  # one for each number
    assert measured(lambda y, t: list(y[:, 0])) == pytest.approx(Y[:, 0].mean())


@pytest.mark.parametrize("number", [float, np.float64, np.asarray, mg.Tensor, lambda m: np.asarray([m])])
def test_the_mean_of_a_batch_counts_as_often_as_it_has_samples(number: Any) -> None:
    assert measured(lambda y, t: number(((y - t) ** 2).mean())) == pytest.approx(((Y - T) ** 2).mean())


def test_losses_are_functions_too() -> None:
    assert measured(nn.MSELoss()) == pytest.approx(((Y - T) ** 2).mean())
    assert nn.metrics.Mean(nn.MSELoss()).name == "MSELoss"


def test_values_in_float16_are_summed_in_float64() -> None:
    metric = nn.metrics.Mean(lambda y, t: y)
    metric.update(np.full(5000, 60000, np.float16), np.zeros(5000))
    assert metric.compute() == 60000


def test_the_function_gets_arrays() -> None:
    given: list[type] = []

    def kind(y: Any, t: Any) -> float:
        given.extend([type(y), type(t)])
        return 0.0

    nn.metrics.Mean(kind).update(mg.Tensor(Y, requires_grad=True), mg.Tensor(T))
    assert given == [np.ndarray, np.ndarray]


def test_its_name() -> None:
    def top_margin(y: Any, t: Any) -> Any:  # noqa: ARG001
        return y[:, 0]

    assert nn.metrics.Mean(top_margin).name == "top_margin"
    assert nn.metrics.Mean(partial(top_margin)).name == "top_margin"
    assert nn.metrics.Mean(lambda y, t: 0.0).name == "lambda"
    assert nn.metrics.Mean(top_margin, name="margin").name == "margin"


def test_what_does_not_fit_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"metric lambda: expected one number .* got None; does it lack a return\?"):
        measured(lambda y, t: None)
    with pytest.raises(ValueError, match=r"got values of shape \(3,\) for 4 samples"):
        measured(lambda y, t: y.mean(axis=0))
    with pytest.raises(TypeError, match="got 'good'"):
        measured(lambda y, t: "good")
    with pytest.raises(TypeError, match=r"Mean: expected a function .* got <class 'nn\.losses"):
        nn.metrics.Mean(nn.MSELoss)
