"""What `fit` and `evaluate` take as metrics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from nn.metrics.by_name import as_metrics


@pytest.mark.parametrize(
    ("name", "kind"),
    {
        "accuracy": nn.metrics.Accuracy,
        "acc": nn.metrics.Accuracy,
        "binary_accuracy": nn.metrics.Accuracy,
        "categorical_accuracy": nn.metrics.Accuracy,
        "sparse_categorical_accuracy": nn.metrics.Accuracy,
        "top_5_accuracy": nn.metrics.TopKAccuracy,
        "top_k_categorical_accuracy": nn.metrics.TopKAccuracy,
        "sparse_top_k_categorical_accuracy": nn.metrics.TopKAccuracy,
        "precision": nn.metrics.Precision,
        "recall": nn.metrics.Recall,
        "f1": nn.metrics.F1,
        "f1_score": nn.metrics.F1,
        "confusion_matrix": nn.metrics.ConfusionMatrix,
        "mse": nn.metrics.MeanSquaredError,
        "mean_squared_error": nn.metrics.MeanSquaredError,
        "mae": nn.metrics.MeanAbsoluteError,
        "mean_absolute_error": nn.metrics.MeanAbsoluteError,
    }.items(),
)
def test_a_name_stands_for_a_metric_and_is_its_name_in_the_history(name: str, kind: type) -> None:
    for given in (name, [name], (name,), {name: kind() if kind is not nn.metrics.TopKAccuracy else kind(5)}):
        ((found, metric),) = as_metrics(given).items()
        assert (found, type(metric)) == (name, kind)


def test_top_k_has_k_in_its_name() -> None:
    for name, k in {"top_2_accuracy": 2, "top_10_accuracy": 10, "top_k_categorical_accuracy": 5}.items():
        metric: Any = as_metrics(name)[name]
        assert metric.k == k
    assert list(as_metrics([nn.metrics.TopKAccuracy(3)])) == ["top_3_accuracy"]


def test_functions_metrics_and_names_of_ones_own() -> None:
    def margin(y: Any, t: Any) -> Any:  # noqa: ARG001
        return y[:, 0]

    named = as_metrics([margin, nn.metrics.F1(), "acc"])
    assert [type(metric).__name__ for metric in named.values()] == ["Mean", "F1", "Accuracy"]
    assert list(named) == ["margin", "f1", "acc"]
    assert list(as_metrics({"a": margin, "b": "accuracy"})) == ["a", "b"]
    assert as_metrics([]) == {}


def test_a_metric_is_copied_and_begins_anew() -> None:
    own = nn.metrics.Accuracy(ignore_index=1)
    own.update(np.eye(2), np.array([0, 0]))
    (copied,) = as_metrics([own], nn.BCELoss()).values()
    copied.update(np.eye(2), np.array([0, 1]))
    assert (own.compute(), copied.compute()) == (0.5, 1.0)


def test_metrics_learn_from_the_loss() -> None:
    (metric,) = as_metrics("accuracy", nn.CrossEntropyLoss(ignore_index=7)).values()
    metric.update(np.eye(2), np.array([7, 1]))
    assert metric.compute() == 1
    (metric,) = as_metrics("precision", nn.BCEWithLogitsLoss()).values()
    metric.update(np.array([-0.1, 0.1]), np.array([0, 1]))
    assert metric.compute() == 1


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ("acuracy", ValueError, "no metric 'acuracy'; did you mean 'accuracy'?"),
        ("Accuracy", ValueError, "did you mean 'accuracy'?"),
        ("top_0_accuracy", ValueError, "no metric 'top_0_accuracy'"),
        ("speed", ValueError, "the names are 'accuracy', 'acc', .*'mae'"),
        ([nn.metrics.F1], TypeError, r"the class F1, which has to be constructed: F1\(\)"),
        ([3], TypeError, "got 3, expected a name"),
        (3, TypeError, "expected a list such as"),
        (["f1", nn.metrics.F1(None)], ValueError, "two are named 'f1'; give them names of your own"),
        ([lambda y, t: 0.0, lambda y, t: 1.0], ValueError, "two are named 'lambda'"),
        ({"loss": "mse"}, ValueError, "'loss' is the loss, which is always measured; give the metric another name"),
        ({"lr": "mse"}, ValueError, "'lr' is the learning rate"),
        ({"val_mse": "mse"}, ValueError, "'val_mse' is that of the validation data"),
        ({3: "mse"}, TypeError, "the name 3 is not a text"),
    ],
)
def test_what_is_not_a_metric_is_an_error(given: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        as_metrics(given)
