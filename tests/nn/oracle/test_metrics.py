"""Metrics against scikit-learn's, in batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn

sklearn = pytest.importorskip("sklearn.metrics")
pytestmark = pytest.mark.oracle

OF_CLASSES = {
    nn.metrics.Precision: sklearn.precision_score,
    nn.metrics.Recall: sklearn.recall_score,
    nn.metrics.F1: sklearn.f1_score,
}
of_classes = pytest.mark.parametrize(("metric", "reference"), OF_CLASSES.items(), ids=lambda value: value.__name__)


def measured(metric: Any, output: Any, target: Any) -> Any:
    for i in range(0, len(target), 7):
        metric.update(output[i : i + 7], target[i : i + 7])
    return metric.compute()


def draw(seed: int, n_classes: int) -> tuple[Any, Any]:
    """Outputs and class numbers; some classes may neither occur nor be predicted."""
    rng = np.random.default_rng(seed)
    present = rng.choice(n_classes, size=max(1, n_classes - 2), replace=False)
    scores = rng.normal(size=(40, n_classes))
    scores[:, rng.integers(n_classes)] -= 5
    return scores, rng.choice(present, size=40)


@of_classes
@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
@pytest.mark.parametrize("n_classes", [2, 5, 9])
def test_averages_over_classes(metric: Any, reference: Any, average: Any, n_classes: int) -> None:
    for seed in range(5):
        y, t = draw(seed, n_classes)
        labels = range(n_classes) if average is None else None
        expected = reference(t, y.argmax(axis=1), labels=labels, average=average, zero_division=0)
        np.testing.assert_allclose(measured(metric(average), y, t), expected, rtol=1e-12)


@of_classes
@pytest.mark.parametrize("n", [1, 3, 50])
def test_binary_outputs(metric: Any, reference: Any, n: int) -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        p, t = rng.random((n, 1)), rng.integers(0, 2, size=n)
        expected = reference(t, p[:, 0] > 0.5, zero_division=0)
        assert measured(metric(), p, t) == pytest.approx(expected)
        decisions, many = rng.normal(size=(n, 4)), rng.integers(0, 2, size=(n, 4))
        counted = metric()
        counted.for_loss(nn.BCEWithLogitsLoss())
        expected = reference(many.ravel(), decisions.ravel() > 0, zero_division=0)
        assert measured(counted, decisions, many) == pytest.approx(expected)


@pytest.mark.parametrize("k", [1, 2, 4])
@pytest.mark.parametrize("levels", [2, 5, 1000])  # the fewer, the more ties
def test_top_k_with_ties(k: int, levels: int) -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        scores, t = rng.integers(0, levels, size=(30, 6)) / levels, rng.integers(0, 6, size=30)
        expected = sklearn.top_k_accuracy_score(t, scores, k=k, labels=range(6))
        assert measured(nn.metrics.TopKAccuracy(k), scores, t) == pytest.approx(expected)


def test_accuracy_and_the_confusion_matrix() -> None:
    for seed in range(5):
        y, t = draw(seed, 6)
        predicted = y.argmax(axis=1)
        assert measured(nn.metrics.Accuracy(), y, t) == pytest.approx(sklearn.accuracy_score(t, predicted))
        expected = sklearn.confusion_matrix(t, predicted, labels=range(6))
        np.testing.assert_array_equal(measured(nn.metrics.ConfusionMatrix(), y, t), expected)


def test_errors_of_regression() -> None:
    rng = np.random.default_rng(0)
    y, t = rng.normal(size=(2, 33, 3)).astype(np.float32)
    assert measured(nn.metrics.MeanSquaredError(), y, t) == pytest.approx(sklearn.mean_squared_error(t, y))
    assert measured(nn.metrics.MeanAbsoluteError(), y, t) == pytest.approx(sklearn.mean_absolute_error(t, y))
